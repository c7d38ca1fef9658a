import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../errors/AppError';
import type { LegacyClient } from '../ic/legacyClient';
import type { OptionsClient } from '../ic/optionsClient';
import type { LegacyPosition, LegacySettlement } from '../options/legacy';
import type { PriceEntry } from '../options/types';
import { Line } from './calls';
import { checkLegacyReceipt } from './difference';
import type { OpenAttempt } from './journal';
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

const lost = failure('unreachable', 'options', true);
const lostRecord = failure('unreachable', 'legacy', true);
const NOW_MS = 200_000;

interface Script {
  settle?: () => Promise<LegacySettlement>;
  positions?: (LegacyPosition | AppError)[];
  record?: () => Promise<void>;
  held?: PriceEntry;
  now?: bigint;
  enhanced?: boolean;
  open?: OpenAttempt;
  market?: () => Promise<unknown>;
  prefetched?: PriceEntry;
  owner?: string;
}

function setUp(script: Script) {
  const { settle = () => Promise.reject(stopped), positions = [position], record = () => Promise.resolve(), held = price } = script;
  const { now = 200n * SECOND, enhanced = true, open, market = () => Promise.resolve({}), prefetched, owner = 'aaaaa-aa' } = script;
  const settleLegacy = vi.fn(settle);
  const recordSettlement = vi.fn(record);
  const getMarket = vi.fn(market);
  const reads = [...positions];
  const getPosition = vi.fn(() => {
    const next = (reads.length > 1 ? reads.shift() : reads[0]) ?? position;
    return next instanceof AppError ? Promise.reject(next) : Promise.resolve(next);
  });
  const options = { settleLegacy, getMarket } as unknown as OptionsClient;
  const legacy = { recordSettlement, getPosition } as unknown as LegacyClient;
  const book = [held];
  const prices = {
    get: (minuteNs: bigint) => book.find((entry) => entry.minuteNs === minuteNs),
    prefetch: () => Promise.resolve(void (prefetched && book.push(prefetched)))
  };
  /** What the journal is told, in order. */
  const noted: string[] = [];
  const notes = {
    open,
    sending: (route: string) => Promise.resolve(void noted.push(route)),
    answered: () => Promise.resolve(void noted.push('answered'))
  };
  const retry = { initialDelayMs: 1, maxDelayMs: 2 };
  const calls = new Line().calls({ signal: new AbortController().signal, pressed: true, retry });
  const run = async () => {
    const { receipt, difference } = await settleLegacyPosition(
      { options, legacy, prices, calls, notes, enhanced, nowNs: () => now },
      { home: 'legacy', positionId: 4n, owner }
    );
    expect(difference).toBeUndefined();
    return receipt;
  };
  const sent = () => [settleLegacy.mock.calls.length, recordSettlement.mock.calls.length];
  return { run, settleLegacy, recordSettlement, getPosition, getMarket, noted, sent };
}

beforeEach(() => vi.useFakeTimers({ now: NOW_MS, toFake: ['Date'] }));
afterEach(() => vi.useRealTimers());

describe('the route of a legacy settlement', () => {
  it('is the options canister while it answers', async () => {
    const { run, sent, noted } = setUp({ settle: () => Promise.resolve(byOptions) });
    expect(await run()).toEqual(byOptions);
    expect([sent(), noted]).toEqual([
      [1, 0],
      ['options', 'answered']
    ]);
  });

  it('is the old one when the options canister is stopped', async () => {
    const { run, settleLegacy, recordSettlement, noted } = setUp({});
    expect(await run()).toEqual({ ...byOptions, route: 'legacy' });
    expect(settleLegacy).toHaveBeenCalledTimes(1);
    expect(recordSettlement.mock.calls).toEqual([
      [{ positionId: 4n, outcome: 'win', payoutCents: 3_330n, profitCents: 2_330n, priceCents: 2_500_300n }]
    ]);
    expect(noted).toEqual(['options', 'answered', 'legacy', 'answered']);
  });

  it('is tried once more before it changes, when it may be a hiccup', async () => {
    const settle = vi.fn<() => Promise<LegacySettlement>>().mockRejectedValueOnce(lost).mockResolvedValueOnce(byOptions);
    const { run, recordSettlement } = setUp({ settle });
    expect(await run()).toEqual(byOptions);
    expect(recordSettlement).not.toHaveBeenCalled();
  });

  it('is the options canister’s also where the browser can’t reach the legacy platform', async () => {
    const { run } = setUp({ positions: [failure('canister_stopped', 'legacy')], settle: () => Promise.resolve(byOptions) });
    expect(await run()).toEqual(byOptions);
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
    const { run, recordSettlement } = setUp({ settle: () => Promise.reject(error) });
    await expect(run()).rejects.toBe(error);
    expect(recordSettlement).not.toHaveBeenCalled();
  });

  it.each([
    ['has not expired', { now: 61n * SECOND }, 'request', 'not_due'],
    ['has expired, but not its price’s minute', { now: 119n * SECOND }, 'request', 'not_due'],
    ['has an unknown expiry', { positions: [{ ...position, expiry: '30s' }] }, 'request', 'legacy_terms_unknown'],
    ['has an unknown offset', { positions: [{ ...position, strikeCents: 2_500_251n }] }, 'request', 'legacy_terms_unknown'],
    ['has no contracts', { positions: [{ ...position, contracts: 0n }] }, 'request', 'legacy_terms_unknown'],
    ['belongs to somebody else', { owner: 'another' }, 'request', 'not_yours'],
    ['is another one', { positions: [{ ...position, id: 5n }] }, 'internal', 'wrong_position']
  ])('is not taken for a position that %s', async (_, script: Script, kind, code) => {
    const { run, sent } = setUp(script);
    await expect(run()).rejects.toMatchObject({ kind, code });
    expect(sent()).toEqual([0, 0]);
  });
});

describe('an answer of the options canister that is lost', () => {
  it('is looked up on the legacy platform', async () => {
    const { run, sent, noted } = setUp({ settle: () => Promise.reject(lost), positions: [position, settledPosition] });
    expect(await run()).toEqual(byOptions);
    expect([sent(), noted]).toEqual([
      [2, 0],
      ['options', 'answered']
    ]);
  });

  it('bars the old route while it may still come to something: the platform would pay twice', async () => {
    const { run, sent, noted } = setUp({ settle: () => Promise.reject(lost) });
    await expect(run()).rejects.toMatchObject({ kind: 'temporary', code: 'outcome_unknown', unclear: true });
    expect([sent(), noted]).toEqual([[2, 0], ['options']]);
  });

  it('bars it for the next attempt, too, until it can’t any more', async () => {
    const market = () => Promise.reject(failure('canister_stopped', 'options'));
    const barred = setUp({ market, open: { route: 'options', until: NOW_MS + 5_000 } });
    await expect(barred.run()).rejects.toMatchObject({ code: 'outcome_unknown', retryAfterMs: 5_000 });
    expect(barred.sent()).toEqual([0, 0]);
    const free = setUp({ market, open: { route: 'options', until: NOW_MS } });
    expect(await free.run()).toEqual({ ...byOptions, route: 'legacy' });
    expect(free.sent()).toEqual([0, 1]);
  });

  it('does not matter once the options canister answers again', async () => {
    const { run, sent } = setUp({ settle: () => Promise.resolve(byOptions), open: { route: 'options', until: NOW_MS + 5_000 } });
    expect(await run()).toEqual(byOptions);
    expect(sent()).toEqual([1, 0]);
  });
});

describe('the old route', () => {
  it('sends nothing for a position that is settled', async () => {
    const { run, recordSettlement } = setUp({ positions: [settledPosition] });
    expect(await run()).toEqual({ ...byOptions, alreadySettled: true, route: 'legacy' });
    expect(recordSettlement).not.toHaveBeenCalled();
  });

  it('sends nothing for a position that was settled while the options canister was asked', async () => {
    const { run, recordSettlement } = setUp({ positions: [position, settledPosition] });
    expect(await run()).toEqual({ ...byOptions, alreadySettled: true, route: 'legacy' });
    expect(recordSettlement).not.toHaveBeenCalled();
  });

  it('waits without a certified price of the right minute, and says which', async () => {
    for (const held of [0n, MINUTE, 3n * MINUTE].map((minuteNs) => ({ ...price, minuteNs }))) {
      const { run, recordSettlement } = setUp({ held });
      await expect(run()).rejects.toMatchObject({ kind: 'temporary', code: 'price_not_held' });
      await expect(run()).rejects.toThrow('1970-01-01 00:02 UTC');
      expect(recordSettlement).not.toHaveBeenCalled();
    }
  });

  it('reads the position back when the answer is lost, and sends nothing more', async () => {
    const { run, recordSettlement, noted } = setUp({
      positions: [position, position, settledPosition],
      record: () => Promise.reject(lostRecord)
    });
    expect(await run()).toEqual({ ...byOptions, route: 'legacy' });
    expect(recordSettlement).toHaveBeenCalledTimes(1);
    expect(noted.at(-1)).toBe('answered');
  });

  it('leaves it open when the position is still active after a lost answer', async () => {
    const { run, recordSettlement, noted } = setUp({ record: () => Promise.reject(lostRecord) });
    await expect(run()).rejects.toMatchObject({ kind: 'temporary', code: 'outcome_unknown', unclear: true });
    expect(recordSettlement).toHaveBeenCalledTimes(1);
    expect(noted.at(-1)).toBe('legacy');
  });

  it('is followed by nothing, by either route, while its answer is lost and it may still come to something', async () => {
    for (const enhanced of [true, false]) {
      const script = { enhanced, open: { route: 'legacy', until: NOW_MS + 1 } } as const;
      const { run, sent } = setUp({ ...script, settle: () => Promise.resolve(byOptions) });
      await expect(run()).rejects.toMatchObject({ code: 'outcome_unknown' });
      expect(sent()).toEqual([0, 0]);
      expect(await setUp({ ...script, positions: [settledPosition] }).run()).toMatchObject({ alreadySettled: true });
    }
  });

  it('passes a refusal of the legacy platform on', async () => {
    const refusal = new AppError({ kind: 'request', code: 'legacy_refused', message: 'x', canister: 'legacy' });
    const { run, noted } = setUp({ record: () => Promise.reject(refusal) });
    await expect(run()).rejects.toBe(refusal);
    expect(noted.at(-1)).toBe('answered');
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

describe('with the operators’ switch off', () => {
  const off = { enhanced: false, settle: () => Promise.resolve(byOptions) };

  it('the old route is taken directly, right after reading the position', async () => {
    const { run, sent, getPosition } = setUp(off);
    expect(await run()).toEqual({ ...byOptions, route: 'legacy' });
    expect([sent(), getPosition.mock.calls.length]).toEqual([[0, 1], 1]);
    expect(await setUp({ ...off, positions: [settledPosition] }).run()).toMatchObject({ alreadySettled: true });
  });

  it('a price that is not held is fetched; without one it waits', async () => {
    const elsewhere = { ...price, minuteNs: 0n };
    expect(await setUp({ ...off, held: elsewhere, prefetched: price }).run()).toMatchObject({ route: 'legacy', priceE8: price.priceE8 });
    const { run, sent } = setUp({ ...off, held: elsewhere });
    await expect(run()).rejects.toMatchObject({ kind: 'temporary', code: 'price_not_held' });
    expect(sent()).toEqual([0, 0]);
  });

  it('an earlier call to the options canister whose end is open is waited for', async () => {
    const { run, sent } = setUp({ ...off, open: { route: 'options', until: NOW_MS + 1 } });
    await expect(run()).rejects.toMatchObject({ code: 'outcome_unknown' });
    expect(sent()).toEqual([0, 0]);
  });
});

describe('a receipt of the options canister', () => {
  it.each([
    ['outcome', { outcome: 'tie' as const }],
    ['payout', { payoutCents: 3_331n }],
    ['profit', { profitCents: 0n }],
    ['price minute', { priceMinuteNs: MINUTE }],
    ['position', { positionId: 5n }]
  ])('is held against our own calculation: %s', (field, change) => {
    expect(checkLegacyReceipt(position, byOptions).difference).toBeUndefined();
    const { difference } = checkLegacyReceipt(position, { ...byOptions, ...change });
    expect(difference).toMatchObject({ fields: [field] });
    // The audit trail shows nothing but the two texts.
    expect(difference?.received).not.toBe(difference?.expected);
  });
});
