import { get } from 'svelte/store';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../errors/AppError';
import type { Clients } from '../ic/clients';
import type { LegacySettlement } from '../options/legacy';
import { CertifiedPrices } from './certifiedPrices';
import { openJournal, type Journal } from './journal';
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

let journal: Journal;
let service: SettlementService;
let attempts: string[];

function person(principal: string, settleLegacy: () => Promise<LegacySettlement>): Clients {
  return { principal, options: { settleLegacy }, legacy: {}, ledger: {}, nowNs: () => 0n } as unknown as Clients;
}

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const pending = async (owner = 'alice'): Promise<number> => (await journal.pending(owner)).length;

beforeEach(() => {
  vi.useFakeTimers();
  // Without IndexedDB the journal lives in memory, which is all these tests need.
  journal = openJournal('network');
  attempts = [];
  service = createSettlementService({ journal, prices: new CertifiedPrices('x', undefined), onAttempt: (home) => attempts.push(home) });
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
      settled: { options: { win: 1, tie: 0, loss: 0 }, legacy: { win: 0 } }
    });
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
