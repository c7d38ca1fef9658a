import { get } from 'svelte/store';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../errors/AppError';
import type { Clients } from '../ic/clients';
import type { OptionsClient } from '../ic/optionsClient';
import type { LegacyPosition, LegacySettlement } from '../options/legacy';
import type { Fill, Position, Receipt } from '../options/types';
import { CertifiedPrices } from './certifiedPrices';
import { openJournal, type Journal } from './journal';
import { pageLocks, type SettlementLocks } from './locks';
import { createSettlementService, type SettlementService } from './settlementService';

const settled: LegacySettlement = {
  positionId: 1n,
  outcome: 'win',
  payoutCents: 333n,
  profitCents: 233n,
  priceE8: 1n,
  priceMinuteNs: 60n,
  alreadySettled: false,
  route: 'options'
};
const later = new AppError({ kind: 'temporary', code: 'no_price_yet', message: 'x', canister: 'options' });
const refused = new AppError({ kind: 'request', code: 'not_found', message: 'x', canister: 'options' });

const MINUTE = 60_000_000_000n;
const fill: Fill = {
  priceE8: 1n,
  strikeE8: 1n,
  sigmaPpm: 1n,
  fairSats: 1n,
  spreadSats: 1n,
  skewSats: 0n,
  premiumSats: 40n,
  filledNs: 1n
};
const receipt: Receipt = {
  positionId: 7n,
  priceE8: 100_000_000n,
  priceMinuteNs: MINUTE,
  outcome: 'win',
  premiumSats: 40n,
  payoutSats: 100n,
  profitSats: 60n,
  settledNs: MINUTE
};
const open7 = {
  id: 7n,
  instrument: { kind: 'digital', direction: 'call', payoutSats: 100n },
  expiryNs: MINUTE,
  state: { kind: 'open', fill }
} as Position;

let journal: Journal;
let locks: SettlementLocks;
let service: SettlementService;
let attempts: string[];
let enhanced: boolean;

/** Somebody whose legacy positions can't be read, so that it is all up to the options canister. */
function person(principal: string, settleLegacy: () => Promise<LegacySettlement>, options: Partial<OptionsClient> = {}): Clients {
  const away = new AppError({ kind: 'temporary', code: 'canister_stopped', message: 'x', canister: 'legacy' });
  const legacy = { getPosition: () => Promise.reject(away) };
  return { principal, options: { settleLegacy, ...options }, legacy, ledger: {}, nowNs: () => 2n * MINUTE } as unknown as Clients;
}
const never = (): Promise<LegacySettlement> => Promise.reject(new Error('not used'));

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const pending = async (owner = 'alice'): Promise<number> => (await journal.pending(owner)).length;

function tab(): SettlementService {
  return createSettlementService({
    network: 'network',
    journal,
    locks,
    prices: new CertifiedPrices('x', undefined),
    enhanced: () => enhanced,
    onAttempt: (home) => attempts.push(home)
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  enhanced = true;
  // Without IndexedDB the journal lives in memory, which is all these tests need.
  journal = openJournal('network');
  locks = pageLocks();
  attempts = [];
  service = tab();
});
afterEach(() => {
  service.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('a settlement', () => {
  it('is in the journal before the call, and closed after it', async () => {
    const during: number[] = [];
    const alice = person('alice', async () => {
      during.push(await pending());
      return settled;
    });
    expect(await service.settleLegacy(alice, 1n)).toEqual(settled);
    expect([during, await pending()]).toEqual([[1], 0]);
    expect(attempts).toEqual(['legacy']);
    expect(get(service.metrics)).toMatchObject({
      attempts: 1,
      failures: 0,
      settled: { options: { win: 1, tie: 0, loss: 0 }, legacy: { win: 0 } },
      last: { home: 'legacy', positionId: 1n, route: 'options', outcome: 'win' },
      storage: 'memory'
    });
    expect(await service.history(alice)).toMatchObject([
      { state: 'done', result: { route: 'options', outcome: 'win', payout: 333n }, latencyMs: 0 }
    ]);
  });

  it('that is refused is over; one that failed for now is not', async () => {
    await expect(
      service.settleLegacy(
        person('alice', () => Promise.reject(refused)),
        1n
      )
    ).rejects.toBe(refused);
    expect(await pending()).toBe(0);
    await expect(
      service.settleLegacy(
        person('alice', () => Promise.reject(later)),
        2n
      )
    ).rejects.toBe(later);
    expect(await pending()).toBe(1);
    expect(get(service.metrics)).toMatchObject({ attempts: 2, failures: 2 });
  });

  it('asked for too early is over: it is not done behind anybody’s back', async () => {
    const early = new AppError({ kind: 'temporary', code: 'not_due', message: 'x', canister: 'options' });
    await expect(
      service.settleLegacy(
        person('alice', () => Promise.reject(early)),
        1n
      )
    ).rejects.toBe(early);
    expect(await pending()).toBe(0);
  });

  it('asked for twice at once is one', async () => {
    const settle = vi.fn(() => new Promise<LegacySettlement>((resolve) => setTimeout(() => resolve(settled), 100)));
    const alice = person('alice', settle);
    const both = Promise.all([service.settleLegacy(alice, 1n), service.settleLegacy(alice, 1n)]);
    await pass(100);
    expect(await both).toEqual([settled, settled]);
    expect(settle).toHaveBeenCalledTimes(1);
  });

  it('without a legacy platform is refused', async () => {
    const nowhere = { ...person('alice', () => Promise.resolve(settled)), legacy: undefined };
    await expect(service.settleLegacy(nowhere, 1n)).rejects.toMatchObject({ kind: 'request', code: 'no_legacy' });
  });
});

describe('a request', () => {
  const anybody = person('alice', never);
  it.each([
    ['a negative number', anybody, -1n, 'request', 'invalid_position_id'],
    ['a number no position has', anybody, 10n ** 13n, 'request', 'invalid_position_id'],
    ['no number', anybody, Number.NaN as unknown as bigint, 'request', 'invalid_position_id'],
    ['nobody', person('2vxsx-fae', never), 1n, 'session', 'anonymous']
  ])('of %s is refused before anything is written or sent', async (_, who, id, kind, code) => {
    await expect(service.settle(who, id)).rejects.toMatchObject({ kind, code });
    await expect(service.settleLegacy(who, id)).rejects.toMatchObject({ kind, code });
    expect([await pending(), attempts]).toEqual([0, []]);
  });

  it('for an options position, with the operators’ switch off, is left to the exchange; what is open waits', async () => {
    enhanced = false;
    const alice = person('alice', never);
    await expect(service.settle(alice, 1n)).rejects.toMatchObject({ kind: 'temporary', code: 'settlement_off' });
    expect(await pending()).toBe(0);
    await journal.begin('alice', 'options', 1n);
    expect(await service.retryFailed(alice)).toEqual({ settled: 0, stillOpen: 1, refused: 0 });
    expect(attempts).toEqual([]);
  });
});

describe('a receipt that does not agree', () => {
  const wrong = { ...receipt, payoutSats: 101n, profitSats: 61n };
  function trader(report: () => Promise<void>) {
    const reportMismatch = vi.fn((_id: bigint, _expected: string, _received: string) => report());
    const options = { getPosition: () => Promise.resolve(open7), settle: () => Promise.resolve(wrong), reportMismatch };
    return { alice: person('alice', never, options), reportMismatch };
  }

  it('is an error, a figure, a line of the history and a report to the exchange', async () => {
    const { alice, reportMismatch } = trader(() => Promise.resolve());
    const settling = service.settle(alice, 7n);
    await expect(settling).rejects.toMatchObject({ kind: 'internal', code: 'settlement_mismatch' });
    await expect(settling).rejects.toThrow(/position 7.*payout, profit.*audit trail has it/u);
    expect(reportMismatch.mock.calls).toEqual([
      [
        7n,
        'position 7: win, premium 40, payout 100, profit 60 sats, at 1970-01-01T00:01Z',
        'position 7: win, premium 40, payout 101, profit 61 sats, at 1970-01-01T00:01Z'
      ]
    ]);
    expect(get(service.metrics)).toMatchObject({ failures: 1, mismatches: 1, settled: { options: { win: 0 } } });
    expect(await service.history(alice)).toMatchObject([
      { state: 'done', lastError: 'settlement_mismatch', result: { outcome: 'win', payout: 101n } }
    ]);
  });

  it('is not over until the exchange was told', async () => {
    let report = (): Promise<void> => Promise.reject(later);
    const { alice, reportMismatch } = trader(() => report());
    const settling = service.settle(alice, 7n).catch((error: unknown) => error);
    await pass(60_000);
    expect(await settling).toMatchObject({ code: 'settlement_mismatch' });
    expect(await pending()).toBe(1);
    report = () => Promise.resolve();
    const before = reportMismatch.mock.calls.length;
    expect(await service.retryFailed(alice)).toEqual({ settled: 1, stillOpen: 0, refused: 0 });
    expect(reportMismatch).toHaveBeenCalledTimes(before + 1);
  });

  it('is over when the exchange has a report of it already', async () => {
    const { alice } = trader(() => Promise.reject(new AppError({ kind: 'request', code: 'limit_reached', message: 'x' })));
    await expect(service.settle(alice, 7n)).rejects.toMatchObject({ code: 'settlement_mismatch' });
    expect(await pending()).toBe(0);
  });
});

describe('a receipt of a legacy position that does not agree', () => {
  /** Bought at 25,000.00 with the strike 2.50 above, one contract; priced at minute 1. */
  const active: LegacyPosition = {
    id: 7n,
    owner: 'alice',
    direction: 'call',
    strikeCents: 2_500_250n,
    entryPriceCents: 2_500_000n,
    expiry: '5s',
    contracts: 1n,
    premiumCents: 100n,
    openedNs: 50_000_000_000n,
    state: { kind: 'active' }
  };
  const right = { ...settled, positionId: 7n, priceE8: 2_500_300_000_000n, priceMinuteNs: MINUTE };
  const wrong = { ...right, payoutCents: 334n };

  function veteran(report: () => Promise<void>, answer: LegacySettlement = wrong) {
    const reportLegacyMismatch = vi.fn((_id: bigint, _expected: string, _received: string) => report());
    const clients = person('alice', () => Promise.resolve(answer), { reportLegacyMismatch });
    const legacy = { getPosition: () => Promise.resolve(active) };
    return { alice: { ...clients, legacy } as unknown as Clients, reportLegacyMismatch };
  }

  it('is an error, a figure, a line of the history and a report to the exchange', async () => {
    const { alice, reportLegacyMismatch } = veteran(() => Promise.resolve());
    const settling = service.settleLegacy(alice, 7n);
    await expect(settling).rejects.toMatchObject({ kind: 'internal', code: 'settlement_mismatch' });
    await expect(settling).rejects.toThrow(/legacy position 7.*payout.*audit trail has it/u);
    expect(reportLegacyMismatch.mock.calls).toEqual([
      [
        7n,
        'legacy position 7: win, payout 333, profit 233 cents, at 1970-01-01T00:01Z',
        'legacy position 7: win, payout 334, profit 233 cents, at 1970-01-01T00:01Z'
      ]
    ]);
    expect(get(service.metrics)).toMatchObject({ failures: 1, mismatches: 1, settled: { options: { win: 0 } } });
    expect(await service.history(alice)).toMatchObject([
      { state: 'done', lastError: 'settlement_mismatch', result: { route: 'options', outcome: 'win', payout: 334n } }
    ]);
  });

  it('is not over until the exchange was told, also when it is not known whether it was', async () => {
    const lost = new AppError({ kind: 'temporary', code: 'unreachable', message: 'x', canister: 'options', unclear: true });
    let report = (): Promise<void> => Promise.reject(lost);
    const { alice, reportLegacyMismatch } = veteran(() => report());
    const settling = service.settleLegacy(alice, 7n).catch((error: unknown) => error);
    await pass(60_000);
    const problem = await settling;
    expect(problem).toMatchObject({ code: 'settlement_mismatch' });
    expect(String(problem)).not.toContain('audit trail');
    expect(await pending()).toBe(1);
    report = () => Promise.resolve();
    const before = reportLegacyMismatch.mock.calls.length;
    expect(await service.retryFailed(alice)).toEqual({ settled: 1, stillOpen: 0, refused: 0 });
    expect(reportLegacyMismatch).toHaveBeenCalledTimes(before + 1);
  });

  it.each(['limit_reached', 'not_found'])('is over when the exchange refuses the report: %s', async (code) => {
    const { alice } = veteran(() => Promise.reject(new AppError({ kind: 'request', code, message: 'x' })));
    await expect(service.settleLegacy(alice, 7n)).rejects.toMatchObject({ code: 'settlement_mismatch' });
    expect(await pending()).toBe(0);
  });

  it('is the only one that is reported', async () => {
    const { alice, reportLegacyMismatch } = veteran(() => Promise.resolve(), right);
    expect(await service.settleLegacy(alice, 7n)).toEqual(right);
    expect(reportLegacyMismatch).not.toHaveBeenCalled();
  });
});

describe('two tabs', () => {
  it('never send the same settlement at once', async () => {
    const other = tab();
    let running = 0;
    let most = 0;
    const alice = person('alice', async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 100));
      running -= 1;
      return settled;
    });
    const both = Promise.all([service.settleLegacy(alice, 1n), other.settleLegacy(alice, 1n)]);
    await pass(300);
    expect([(await both).length, most]).toEqual([2, 1]);
    other.close();
  });

  it('take up what is open in one of them', async () => {
    await journal.begin('alice', 'legacy', 1n);
    const other = tab();
    const settle = vi.fn(() => new Promise<LegacySettlement>((resolve) => setTimeout(() => resolve(settled), 100)));
    const alice = person('alice', settle);
    service.follow(alice);
    other.follow(alice);
    await pass(200_000);
    expect([settle.mock.calls.length, await pending()]).toEqual([1, 0]);
    expect([get(service.metrics).queued, get(other.metrics).queued]).toEqual([0, 0]);
    other.close();
  });
});

describe('asked to take up what failed', () => {
  it('does all of it now and says what came of it', async () => {
    for (const id of [1n, 2n, 3n]) await journal.begin('alice', 'legacy', id);
    const settle = vi
      .fn<() => Promise<LegacySettlement>>()
      .mockResolvedValueOnce(settled)
      .mockRejectedValueOnce(later)
      .mockRejectedValueOnce(refused);
    const alice = person('alice', settle);
    expect(await service.retryFailed(alice)).toEqual({ settled: 1, stillOpen: 1, refused: 1 });
    expect(await service.retryFailed(person('bob', settle))).toEqual({ settled: 0, stillOpen: 0, refused: 0 });
  });

  it('makes a real attempt although the circuit is open', async () => {
    const away = new AppError({ kind: 'temporary', code: 'unreachable', message: 'x', canister: 'options' });
    const getPosition = vi.fn<() => Promise<Position>>(() => Promise.reject(away));
    const alice = person('alice', never, { getPosition, settle: () => Promise.resolve(receipt) });
    const settling = service.settle(alice, 7n).catch((error: unknown) => error);
    await pass(20_000);
    expect(await settling).toMatchObject({ code: 'unreachable' });
    expect(get(service.metrics).breakers).toEqual({ options: 'open', legacy: 'closed' });
    expect(getPosition).toHaveBeenCalledTimes(5);
    getPosition.mockImplementation(() => Promise.resolve(open7));
    expect(await service.retryFailed(alice)).toEqual({ settled: 1, stillOpen: 0, refused: 0 });
    expect(get(service.metrics).breakers.options).toBe('closed');
  });
});

describe('what was left open', () => {
  it('is taken up when its owner comes back, and only then', async () => {
    await journal.begin('alice', 'legacy', 1n);
    const settle = vi.fn(() => Promise.resolve(settled));
    service.follow(person('bob', settle));
    await pass(600_000);
    expect(settle).not.toHaveBeenCalled();
    service.follow(person('alice', settle));
    await pass(0);
    expect([settle.mock.calls.length, await pending()]).toEqual([1, 0]);
  });

  it('is taken up again and again, more slowly, until it has ended', async () => {
    await journal.begin('alice', 'legacy', 1n);
    const settle = vi.fn<() => Promise<LegacySettlement>>(() => Promise.reject(later));
    service.follow(person('alice', settle));
    const at: number[] = [];
    for (let second = 0; second < 1_300; second += 1) {
      const before = settle.mock.calls.length;
      await pass(1_000);
      if (settle.mock.calls.length > before) at.push(second + 1);
    }
    expect(at).toEqual([1, 60, 180, 420, 720, 1020].map((second) => expect.closeTo(second, -1)));
    settle.mockImplementation(() => Promise.resolve(settled));
    service.nudge();
    await pass(0);
    expect(await pending()).toBe(0);
    const calls = settle.mock.calls.length;
    await pass(3_600_000);
    expect(settle.mock.calls.length).toBe(calls);
  });

  it('follows a failure of the person who is here without being asked', async () => {
    const settle = vi.fn<() => Promise<LegacySettlement>>().mockRejectedValueOnce(later).mockResolvedValue(settled);
    const alice = person('alice', settle);
    service.follow(alice);
    await pass(0);
    await expect(service.settleLegacy(alice, 1n)).rejects.toBe(later);
    await pass(30_000);
    expect([settle.mock.calls.length, await pending()]).toEqual([2, 0]);
  });

  it('rests when nobody is here and when the page is closed', async () => {
    await journal.begin('alice', 'legacy', 1n);
    const settle = vi.fn(() => Promise.reject<LegacySettlement>(later));
    service.follow(person('alice', settle));
    await pass(0);
    service.follow(undefined);
    await pass(600_000);
    service.close();
    await pass(600_000);
    expect(settle).toHaveBeenCalledTimes(1);
  });
});
