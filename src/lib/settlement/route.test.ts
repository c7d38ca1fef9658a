import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../errors/AppError';
import type { LegacyClient } from '../ic/legacyClient';
import type { OptionsClient } from '../ic/optionsClient';
import type { LegacyPosition, LegacySettlement } from '../options/legacy';
import type { PriceEntry } from '../options/types';
import { settleLegacyPosition } from './route';

const SECOND = 1_000_000_000n;
const MINUTE = 60n * SECOND;

const failure = (code: string, canister: string, unclear = false): AppError =>
  new AppError({ kind: 'temporary', code, message: code, canister, unclear });
const stopped = failure('canister_stopped', 'options');

/** Bought at 25,000.00 with the strike 2.50 above, ten contracts; expires at second 62, priced at minute 2. */
const position: LegacyPosition = {
  id: 4n,
  owner: 'aaaaa-aa',
  direction: 'call',
  strikeCents: 2_500_250n,
  entryPriceCents: 2_500_000n,
  expiry: '5s',
  contracts: 10n,
  premiumCents: 1_000n,
  openedNs: 57n * SECOND,
  state: { kind: 'active' }
};
const settledPosition: LegacyPosition = {
  ...position,
  state: { kind: 'settled', settledNs: 130n * SECOND, priceCents: 2_500_300n, pnlCents: 2_330n }
};
const price: PriceEntry = { minuteNs: 2n * MINUTE, priceE8: 2_500_300n * 1_000_000n, sources: 5n, recordedNs: 151n * SECOND };
const byOptions: LegacySettlement = {
  positionId: 4n,
  outcome: 'win',
  payoutCents: 3_330n,
  profitCents: 2_330n,
  priceE8: price.priceE8,
  priceMinuteNs: 2n * MINUTE,
  alreadySettled: false,
  route: 'options'
};

interface Script {
  settle?: () => Promise<LegacySettlement>;
  positions?: LegacyPosition[];
  record?: () => Promise<void>;
  held?: PriceEntry | undefined;
  now?: bigint;
}

function setUp({
  settle = () => Promise.reject(stopped),
  positions = [position],
  record = () => Promise.resolve(),
  held = price,
  now = 200n * SECOND
}: Script) {
  const settleLegacy = vi.fn(settle);
  const recordSettlement = vi.fn(record);
  const reads = [...positions];
  const getPosition = vi.fn(() => Promise.resolve((reads.length > 1 ? reads.shift() : reads[0]) ?? position));
  const options = { settleLegacy } as unknown as OptionsClient;
  const legacy = { recordSettlement, getPosition } as unknown as LegacyClient;
  const prices = { get: (minuteNs: bigint) => (held?.minuteNs === minuteNs ? held : undefined) };
  const run = () => settleLegacyPosition({ options, legacy, prices, nowNs: () => now, retry: { initialDelayMs: 1, maxDelayMs: 2 } }, 4n);
  return { run, settleLegacy, recordSettlement, getPosition };
}

describe('the route of a legacy settlement', () => {
  it('is the options canister while it answers', async () => {
    const { run, recordSettlement, getPosition } = setUp({ settle: () => Promise.resolve(byOptions) });
    expect(await run()).toEqual(byOptions);
    expect([recordSettlement.mock.calls.length, getPosition.mock.calls.length]).toEqual([0, 0]);
  });

  it('is the old one when the options canister is stopped', async () => {
    const { run, settleLegacy, recordSettlement } = setUp({});
    expect(await run()).toEqual({ ...byOptions, route: 'legacy' });
    expect(settleLegacy).toHaveBeenCalledTimes(1);
    expect(recordSettlement.mock.calls).toEqual([
      [{ positionId: 4n, outcome: 'win', payoutCents: 3_330n, profitCents: 2_330n, priceCents: 2_500_300n }]
    ]);
  });

  it('is tried once more before it changes, when it may be a hiccup', async () => {
    const settle = vi
      .fn<() => Promise<LegacySettlement>>()
      .mockRejectedValueOnce(failure('unreachable', 'options', true))
      .mockResolvedValueOnce(byOptions);
    const { run, recordSettlement } = setUp({ settle });
    expect(await run()).toEqual(byOptions);
    expect(recordSettlement).not.toHaveBeenCalled();
  });

  it.each([
    ['refusal', new AppError({ kind: 'request', code: 'forbidden', message: 'No.', canister: 'options' })],
    ['position that is not due', failure('not_due', 'options')],
    ['missing price', failure('no_price_yet', 'options')],
    ['trap', new AppError({ kind: 'internal', code: 'canister_failed', message: 'x', canister: 'options', unclear: true })],
    ['bad certificate', new AppError({ kind: 'internal', code: 'certificate_invalid', message: 'x', canister: 'options', unclear: true })],
    ['ended session', new AppError({ kind: 'session', code: 'session_ended', message: 'x', canister: 'options' })],
    ['legacy platform that is away', failure('legacy', 'options')]
  ])('is never changed because of a %s', async (_, error) => {
    const { run, recordSettlement, getPosition } = setUp({ settle: () => Promise.reject(error) });
    await expect(run()).rejects.toBe(error);
    expect([recordSettlement.mock.calls.length, getPosition.mock.calls.length]).toEqual([0, 0]);
  });
});

describe('the old route', () => {
  it('sends nothing for a position that is settled', async () => {
    const { run, recordSettlement } = setUp({ positions: [settledPosition] });
    expect(await run()).toEqual({ ...byOptions, alreadySettled: true, route: 'legacy' });
    expect(recordSettlement).not.toHaveBeenCalled();
  });

  it('waits without a certified price of the right minute, and says which', async () => {
    for (const held of [undefined, { ...price, minuteNs: MINUTE }, { ...price, minuteNs: 3n * MINUTE }]) {
      const script = setUp({});
      const { run, recordSettlement } = held === undefined ? setUp({ held: { ...price, minuteNs: 0n } }) : setUp({ held });
      await expect(run()).rejects.toMatchObject({ kind: 'temporary', code: 'price_not_held' });
      await expect(run()).rejects.toThrow('1970-01-01 00:02 UTC');
      expect([recordSettlement.mock.calls.length, script.recordSettlement.mock.calls.length]).toEqual([0, 0]);
    }
  });

  it('refuses what has not expired and what is not in the table', async () => {
    const cases: [Script, string][] = [
      [{ now: 61n * SECOND }, 'not_due'],
      [{ positions: [{ ...position, expiry: '30s' }] }, 'legacy_terms_unknown'],
      [{ positions: [{ ...position, strikeCents: 2_500_251n }] }, 'legacy_terms_unknown'],
      [{ positions: [{ ...position, contracts: 0n }] }, 'legacy_terms_unknown']
    ];
    for (const [script, code] of cases) {
      const { run, recordSettlement } = setUp(script);
      await expect(run()).rejects.toMatchObject({ kind: 'request', code });
      expect(recordSettlement).not.toHaveBeenCalled();
    }
  });

  it('reads the position back when the answer is lost, and sends nothing more', async () => {
    const { run, recordSettlement, getPosition } = setUp({
      positions: [position, settledPosition],
      record: () => Promise.reject(failure('unreachable', 'legacy', true))
    });
    expect(await run()).toEqual({ ...byOptions, route: 'legacy' });
    expect([recordSettlement.mock.calls.length, getPosition.mock.calls.length]).toEqual([1, 2]);
  });

  it('leaves it open when the position is still active after a lost answer', async () => {
    const { run, recordSettlement } = setUp({ record: () => Promise.reject(failure('unreachable', 'legacy', true)) });
    await expect(run()).rejects.toMatchObject({ kind: 'temporary', code: 'outcome_unknown', unclear: true });
    expect(recordSettlement).toHaveBeenCalledTimes(1);
  });

  it('passes a refusal of the legacy platform on', async () => {
    const refusal = new AppError({ kind: 'request', code: 'legacy_refused', message: 'x', canister: 'legacy' });
    const { run, getPosition } = setUp({ record: () => Promise.reject(refusal) });
    await expect(run()).rejects.toBe(refusal);
    expect(getPosition).toHaveBeenCalledTimes(1);
  });

  it('tells of a settled position what its own figures say, even outside the table', async () => {
    const odd: LegacyPosition = {
      ...settledPosition,
      expiry: '30s',
      state: { kind: 'settled', settledNs: 190n * SECOND, priceCents: undefined, pnlCents: -1_000n }
    };
    expect(await setUp({ positions: [odd] }).run()).toMatchObject({ outcome: 'loss', alreadySettled: true, priceMinuteNs: 3n * MINUTE });
  });
});
