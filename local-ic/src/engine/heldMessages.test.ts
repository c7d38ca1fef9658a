import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeldMessages } from './HeldMessages.ts';
import type { Message } from './messages.ts';

const message = (index: number): Message => ({ kind: 'start', canisterKey: String(index) });

describe('held messages', () => {
  it('come out by their time, those of one moment in the order they came, and none before it', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 20n })), fc.bigInt({ min: 0n, max: 20n }), (times, now) => {
        const held = new HeldMessages();
        for (const [index, releaseNs] of times.entries()) held.add({ message: message(index), rule: 1, releaseNs });
        const sorted = times.map((time, index) => ({ time, index })).sort((a, b) => Number(a.time - b.time) || a.index - b.index);
        const due = sorted.filter(({ time }) => time <= now);
        expect(held.nextNs()).toBe(sorted[0]?.time);
        expect(held.takeDue(now)).toEqual(due.map(({ index }) => message(index)));
        expect(held.takeDue(now)).toEqual([]);
        expect(held.nextNs()).toBe(sorted[due.length]?.time);
        expect(held.take()).toEqual(sorted.slice(due.length).map(({ index }) => message(index)));
      })
    );
  });

  it('without a time stay until their rule goes', () => {
    const held = new HeldMessages();
    held.add({ message: message(1), rule: 1, releaseNs: undefined });
    held.add({ message: message(2), rule: 2, releaseNs: undefined });
    held.add({ message: message(3), rule: 1, releaseNs: 5n });
    expect(held.takeDue(4n)).toEqual([]);
    expect(held.take(1)).toEqual([message(3), message(1)]);
    expect(held.take(1)).toEqual([]);
    expect(held.all()).toHaveLength(1);
    expect(held.take()).toEqual([message(2)]);
  });

  it('are at most 10,000', () => {
    const held = new HeldMessages();
    for (let index = 0; index < 10_000; index++) {
      expect(held.isFull).toBe(false);
      held.add({ message: message(index), rule: 1, releaseNs: index % 2 === 0 ? undefined : 7n });
    }
    expect(held.isFull).toBe(true);
  });
});
