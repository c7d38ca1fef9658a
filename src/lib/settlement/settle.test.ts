import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../errors/AppError';
import type { OptionsClient } from '../ic/optionsClient';
import type { Fill, Position, PositionState, Receipt } from '../options/types';
import { Line } from './calls';
import { settlePosition } from './settle';

const USD = 100_000_000n;
const MINUTE = 60_000_000_000n;
const EXPIRY = 2n * MINUTE;
const fill: Fill = {
  priceE8: 25_000n * USD,
  strikeE8: 25_000n * USD,
  sigmaPpm: 1n,
  fairSats: 1n,
  spreadSats: 1n,
  skewSats: 0n,
  premiumSats: 51_000n,
  filledNs: 1n
};
const receipt: Receipt = {
  positionId: 7n,
  priceE8: 25_001n * USD,
  priceMinuteNs: EXPIRY,
  outcome: 'win',
  premiumSats: 51_000n,
  payoutSats: 100_000n,
  profitSats: 49_000n,
  settledNs: EXPIRY + 31n
};
const inState = (state: PositionState): Position =>
  ({ id: 7n, instrument: { kind: 'digital', direction: 'call', payoutSats: 100_000n }, expiryNs: EXPIRY, state }) as Position;

const lost = new AppError({ kind: 'temporary', code: 'unreachable', message: 'x', unclear: true, canister: 'options' });

function run(states: PositionState | PositionState[], settle: () => Promise<Receipt>, nowNs = EXPIRY + 5n, id = 7n) {
  const reads = [states].flat();
  const getPosition = vi.fn(() => Promise.resolve(inState((reads.length > 1 ? reads.shift() : reads[0]) ?? { kind: 'pending' })));
  const options = { getPosition, settle } as unknown as OptionsClient;
  const retry = { initialDelayMs: 1, maxDelayMs: 2 };
  const calls = new Line().calls({ signal: new AbortController().signal, pressed: true, retry });
  return settlePosition({ options, calls, nowNs: () => nowNs }, { home: 'options', positionId: id, owner: 'alice' });
}

describe('settling on the options canister', () => {
  it('answers with the receipt when it agrees with our own calculation', async () => {
    const agreed = { receipt, difference: undefined };
    expect(await run({ kind: 'open', fill }, () => Promise.resolve(receipt))).toEqual(agreed);
    expect(await run({ kind: 'settled', fill, receipt }, () => Promise.resolve(receipt))).toEqual(agreed);
  });

  it('asks again after a temporary failure, also an unclear one: the canister settles once', async () => {
    const settle = vi.fn<() => Promise<Receipt>>().mockRejectedValueOnce(lost).mockResolvedValueOnce(receipt);
    expect((await run({ kind: 'open', fill }, settle)).receipt).toBe(receipt);
  });

  it('reads back how it ended when no answer comes', async () => {
    const settle = vi.fn(() => Promise.reject<Receipt>(lost));
    const states: PositionState[] = [
      { kind: 'open', fill },
      { kind: 'settled', fill, receipt }
    ];
    expect((await run(states, settle)).receipt).toBe(receipt);
    await expect(run({ kind: 'open', fill }, settle)).rejects.toMatchObject({ code: 'unreachable', unclear: true });
  });

  it('does not read back after a clear answer', async () => {
    const refusal = new AppError({ kind: 'temporary', code: 'no_price_yet', message: 'x', canister: 'options' });
    const states: PositionState[] = [
      { kind: 'open', fill },
      { kind: 'settled', fill, receipt }
    ];
    await expect(run(states, () => Promise.reject(refusal))).rejects.toBe(refusal);
  });

  it.each([
    ['outcome', { outcome: 'loss' as const }],
    ['payout', { payoutSats: 100_001n }],
    ['profit', { profitSats: 0n }],
    ['premium', { premiumSats: 50_000n }],
    ['price minute', { priceMinuteNs: EXPIRY + MINUTE }],
    ['position', { positionId: 8n }]
  ])('says what is wrong with a receipt of another %s', async (name, change) => {
    const { difference } = await run({ kind: 'open', fill }, () => Promise.resolve({ ...receipt, ...change }));
    expect(difference?.fields).toContain(name);
    expect(difference?.expected).toBe('position 7: win, premium 51000, payout 100000, profit 49000 sats, at 1970-01-01T00:02Z');
    expect(difference?.received).not.toBe(difference?.expected);
  });

  it.each([
    [{ kind: 'pending' } as const, EXPIRY, 'not_open'],
    [{ kind: 'cancelled', reason: 'by_trader', cancelledNs: 1n } as const, EXPIRY, 'not_open'],
    [{ kind: 'voided', fill, voidedNs: 1n } as const, EXPIRY, 'already_final'],
    [{ kind: 'unknown' } as const, EXPIRY, 'state_unknown'],
    [{ kind: 'open', fill } as const, EXPIRY - 1n, 'not_due']
  ])('is not asked for when it cannot be (%#)', async (state, nowNs, code) => {
    const settle = vi.fn(() => Promise.resolve(receipt));
    await expect(run(state, settle, nowNs)).rejects.toMatchObject({ kind: 'request', code });
    expect(settle).not.toHaveBeenCalled();
  });

  it('is not asked for when the answer is about another position', async () => {
    const settle = vi.fn(() => Promise.resolve(receipt));
    await expect(run({ kind: 'open', fill }, settle, EXPIRY, 8n)).rejects.toMatchObject({ kind: 'internal', code: 'wrong_position' });
    expect(settle).not.toHaveBeenCalled();
  });
});
