import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { corrupt } from './damage.ts';
import { draw, fires, matches, type RuleState } from './decide.ts';
import type { FaultRule, RequestFacts } from './types.ts';

const ID = 'rrkah-fqaaa-aaaaa-aaaaq-cai';
const request: RequestFacts = { endpoint: 'call', canisterId: ID, method: 'transfer', requestId: undefined };

describe('matches', () => {
  it.each([
    [undefined, true],
    [{}, true],
    [{ endpoint: 'call' as const }, true],
    [{ endpoint: 'query' as const }, false],
    [{ canisterId: ID }, true],
    [{ canisterId: 'aaaaa-aa' }, false],
    [{ method: 'transfer' }, true],
    [{ method: 'Transfer' }, false],
    [{ endpoint: 'call' as const, canisterId: ID, method: 'transfer' }, true],
    [{ endpoint: 'call' as const, canisterId: ID, method: 'balance' }, false]
  ])('%o: %s', (match, expected) => {
    expect(matches(match, request)).toBe(expected);
  });

  it('a method only where there is one', () => {
    expect(matches({ method: 'transfer' }, { ...request, endpoint: 'read_state', method: undefined })).toBe(false);
  });
});

/** Which of `length` requests a rule is applied to. */
function pattern(rule: FaultRule, length: number, seed = 'seed', number = 1): boolean[] {
  const state: RuleState = { number, rule, seen: 0, fired: 0 };
  return Array.from({ length }, () => {
    const isFired = fires(state, seed);
    state.seen += 1;
    if (isFired) state.fired += 1;
    return isFired;
  });
}

describe('fires', () => {
  it('always, unless told otherwise', () => {
    expect(pattern({ kind: 'offline' }, 3)).toEqual([true, true, true]);
    expect(pattern({ kind: 'offline', after: 2 }, 4)).toEqual([false, false, true, true]);
    expect(pattern({ kind: 'offline', count: 2 }, 4)).toEqual([true, true, false, false]);
    expect(pattern({ kind: 'offline', after: 1, count: 1 }, 4)).toEqual([false, true, false, false]);
    expect(pattern({ kind: 'offline', probability: 0 }, 100)).not.toContain(true);
  });

  it('the same for one seed, independently for another seed or rule', () => {
    fc.assert(
      fc.property(fc.string(), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(5), (seed, probability, after) => {
        const rule: FaultRule = { kind: 'offline', probability, after };
        expect(pattern(rule, 50, seed)).toEqual(pattern(rule, 50, seed));
      })
    );
    const half: FaultRule = { kind: 'offline', probability: 0.5 };
    expect(pattern(half, 64, 'a')).not.toEqual(pattern(half, 64, 'b'));
    expect(pattern(half, 64, 'a', 1)).not.toEqual(pattern(half, 64, 'a', 2));
  });

  it('about as often as its probability says', () => {
    const often = pattern({ kind: 'offline', probability: 0.2 }, 5_000).filter(Boolean).length;
    expect(often).toBeGreaterThan(880);
    expect(often).toBeLessThan(1_120);
  });
});

describe('corrupt', () => {
  it('flips one bit in as many bytes as asked, the same ones for the same draws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 10 }), fc.string(), (body, count, seed) => {
        const damage = () => corrupt(body, count, (index) => draw(seed, 1, 0, `${index}`));
        const damaged = damage();
        expect(damage()).toEqual(damaged);
        const changed = damaged.filter((byte, i) => byte !== body[i]);
        expect(changed.length).toBeGreaterThanOrEqual(body.length > 0 ? 1 : 0);
        expect(changed.length).toBeLessThanOrEqual(count);
        for (const [i, byte] of damaged.entries()) {
          const difference = byte ^ (body[i] ?? 0);
          expect(difference & (difference - 1)).toBe(0);
        }
      })
    );
  });
});
