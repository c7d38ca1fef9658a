import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expiryOf, MINUTE_NS, minuteAtOrAfter, nextMinute, secondsUntil } from './minutes';
import { isActive, orderProgress, stateRank } from './orderState';
import { recordedTime } from './replay';
import type { Fill, Position, PositionState, Receipt } from './types';

const SECOND = 1_000_000_000n;
const time = fc.bigInt({ min: 0n, max: 2_000_000_000n * SECOND });
const fill = { premiumSats: 1n } as Fill;
const voided: PositionState = { kind: 'voided', fill, voidedNs: 1n };
const settled: PositionState = { kind: 'settled', fill, receipt: {} as Receipt };

function inState(state: PositionState): Position {
  return { fillMinuteNs: 60n * SECOND, expiryNs: 120n * SECOND, state } as Position;
}

describe('minutes', () => {
  it('the fill minute is the first whole minute after acceptance, never the same instant', () => {
    fc.assert(
      fc.property(time, (at) => {
        const minute = nextMinute(at);
        expect(minute % MINUTE_NS).toBe(0n);
        expect(minute > at && minute - at <= MINUTE_NS).toBe(true);
      })
    );
    expect(nextMinute(MINUTE_NS)).toBe(2n * MINUTE_NS);
  });

  it('a legacy expiry is priced at the first whole minute at or after it', () => {
    fc.assert(
      fc.property(time, (at) => {
        const minute = minuteAtOrAfter(at);
        expect(minute % MINUTE_NS).toBe(0n);
        expect(minute >= at && minute - at < MINUTE_NS).toBe(true);
      })
    );
    expect(minuteAtOrAfter(MINUTE_NS)).toBe(MINUTE_NS);
  });

  it('expiry is fill minute plus tenor', () => {
    expect(expiryOf(MINUTE_NS, 5n)).toBe(6n * MINUTE_NS);
  });

  it('a countdown shows zero only when the time has come', () => {
    expect(secondsUntil(10n * SECOND, 9n * SECOND + 1n)).toBe(1);
    expect(secondsUntil(10n * SECOND, 10n * SECOND)).toBe(0);
    expect(secondsUntil(10n * SECOND, 11n * SECOND)).toBe(0);
  });

  it('a replay shows the recorded minute that belongs to the network minute', () => {
    const recording = { anchorNs: 100n * MINUTE_NS, recordingStartNs: 5n * MINUTE_NS };
    expect(recordedTime(recording, 103n * MINUTE_NS)).toBe(8n * MINUTE_NS);
  });
});

describe('an order', () => {
  it('counts down to its fill minute and can be cancelled until then', () => {
    const progress = orderProgress(inState({ kind: 'pending' }), 30n * SECOND);
    expect(progress).toEqual({ phase: 'pending', targetNs: 60n * SECOND, secondsLeft: 30, cancellable: true });
  });

  it('cannot be cancelled once its fill minute has begun', () => {
    const progress = orderProgress(inState({ kind: 'pending' }), 60n * SECOND);
    expect(progress).toEqual({ phase: 'filling', targetNs: undefined, secondsLeft: undefined, cancellable: false });
  });

  it('counts down to expiry, then waits for its settlement', () => {
    expect(orderProgress(inState({ kind: 'open', fill }), 61n * SECOND)).toMatchObject({ phase: 'open', secondsLeft: 59 });
    expect(orderProgress(inState({ kind: 'open', fill }), 120n * SECOND)).toMatchObject({ phase: 'settling', secondsLeft: undefined });
  });

  it('is over when settled or cancelled', () => {
    expect(orderProgress(inState(settled), 0n).phase).toBe('settled');
    expect(orderProgress(inState({ kind: 'cancelled', reason: 'by_trader', cancelledNs: 1n }), 0n).phase).toBe('cancelled');
  });

  it('promises nothing in a state of a newer canister', () => {
    expect(orderProgress(inState({ kind: 'unknown' }), 0n)).toMatchObject({ phase: 'unknown', cancellable: false });
    expect(isActive(inState({ kind: 'unknown' }))).toBe(true);
  });

  it('moves forward only', () => {
    const states: PositionState[] = [{ kind: 'pending' }, { kind: 'open', fill }, settled, voided];
    expect(states.map((state) => stateRank(inState(state)))).toEqual([0, 1, 2, 2]);
    expect(states.map((state) => isActive(inState(state)))).toEqual([true, true, false, false]);
  });
});
