import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Position, PositionState } from '../options/types';
import { CertifiedPositions } from './certifiedPositions';

const position = (id: bigint, kind: PositionState['kind'], clientOrderId = `order ${id}`): Position =>
  ({ id, clientOrderId, state: { kind } }) as Position;
const shown = (rows: Position[]): [bigint, string][] => rows.map(({ id, state }) => [id, state.kind]);

beforeEach(() => vi.useFakeTimers({ now: 0 }));
afterEach(() => vi.useRealTimers());

describe('positions an update answered with', () => {
  it('do not vanish when a lagging node does not know them', () => {
    const held = new CertifiedPositions();
    held.add(position(3n, 'pending'));
    expect(shown(held.merge([position(2n, 'settled'), position(1n, 'open')]))).toEqual([
      [3n, 'pending'],
      [2n, 'settled'],
      [1n, 'open']
    ]);
  });

  it('do not fall back to an earlier state', () => {
    const held = new CertifiedPositions();
    held.add(position(1n, 'cancelled'));
    expect(shown(held.merge([position(1n, 'pending')]))).toEqual([[1n, 'cancelled']]);
  });

  it('move on with newer answers', () => {
    const held = new CertifiedPositions();
    held.add(position(1n, 'pending'));
    expect(shown(held.merge([position(1n, 'open')]))).toEqual([[1n, 'open']]);
  });

  it('say nothing about another network’s position with the same number', () => {
    const held = new CertifiedPositions();
    held.add(position(1n, 'settled', 'mine'));
    expect(shown(held.merge([position(1n, 'pending', 'other')]))).toEqual([[1n, 'pending']]);
  });

  it('are forgotten after a while, and with the person', () => {
    const held = new CertifiedPositions();
    held.add(position(1n, 'pending'));
    vi.setSystemTime(300_000);
    expect(held.merge([])).toEqual([]);
    held.add(position(1n, 'pending'));
    held.clear();
    expect(held.merge([])).toEqual([]);
  });
});
