import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../errors/AppError';
import type { OptionsClient } from '../ic/optionsClient';
import type { Fill, Position, PositionState, Receipt } from '../options/types';
import { settlePosition } from './settle';

const USD = 100_000_000n;
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
  priceMinuteNs: 120n,
  outcome: 'win',
  premiumSats: 51_000n,
  payoutSats: 100_000n,
  profitSats: 49_000n,
  settledNs: 130n
};
const inState = (state: PositionState): Position =>
  ({ id: 7n, instrument: { kind: 'digital', direction: 'call', payoutSats: 100_000n }, expiryNs: 120n, state }) as Position;

function run(state: PositionState, settle: () => Promise<Receipt>, nowNs = 125n) {
  const options = { getPosition: () => Promise.resolve(inState(state)), settle } as unknown as OptionsClient;
  return settlePosition({ options, nowNs: () => nowNs, retry: { initialDelayMs: 1, maxDelayMs: 2 } }, 7n);
}

describe('settling on the options canister', () => {
  it('answers with the receipt when it agrees with our own calculation', async () => {
    expect(await run({ kind: 'open', fill }, () => Promise.resolve(receipt))).toBe(receipt);
    expect(await run({ kind: 'settled', fill, receipt }, () => Promise.resolve(receipt))).toBe(receipt);
  });

  it('asks again after a temporary failure, also an unclear one: the canister settles once', async () => {
    const lost = new AppError({ kind: 'temporary', code: 'unreachable', message: 'x', unclear: true });
    const settle = vi.fn<() => Promise<Receipt>>().mockRejectedValueOnce(lost).mockResolvedValueOnce(receipt);
    expect(await run({ kind: 'open', fill }, settle)).toBe(receipt);
  });

  it.each([
    ['outcome', { outcome: 'loss' as const }],
    ['payout', { payoutSats: 100_001n }],
    ['profit', { profitSats: 0n }],
    ['premium', { premiumSats: 50_000n }],
    ['price minute', { priceMinuteNs: 180n }],
    ['position', { positionId: 8n }]
  ])('is loud about a wrong %s', async (name, change) => {
    const settling = run({ kind: 'open', fill }, () => Promise.resolve({ ...receipt, ...change }));
    await expect(settling).rejects.toMatchObject({ kind: 'internal', code: 'settlement_mismatch' });
    await expect(settling).rejects.toThrow(name);
  });

  it.each([
    [{ kind: 'pending' } as const, 125n, 'not_open'],
    [{ kind: 'cancelled', reason: 'by_trader', cancelledNs: 1n } as const, 125n, 'not_open'],
    [{ kind: 'voided', fill, voidedNs: 1n } as const, 125n, 'already_final'],
    [{ kind: 'open', fill } as const, 119n, 'not_due']
  ])('is not asked for when it cannot be (%#)', async (state, nowNs, code) => {
    const settle = vi.fn(() => Promise.resolve(receipt));
    await expect(run(state, settle, nowNs)).rejects.toMatchObject({ kind: 'request', code });
    expect(settle).not.toHaveBeenCalled();
  });
});
