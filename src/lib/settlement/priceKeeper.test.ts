import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Clients } from '../ic/clients';
import type { PriceEntry } from '../options/types';
import { CertifiedPrices } from './certifiedPrices';
import { PriceKeeper } from './priceKeeper';

const MINUTE = 60_000_000_000n;
let prices: CertifiedPrices;
let keeper: PriceKeeper;
const nowNs = (): bigint => BigInt(Date.now()) * 1_000_000n;

function person(answer: (minuteNs: bigint) => Promise<PriceEntry | undefined>) {
  const getCertifiedPrice = vi.fn(answer);
  return { clients: { options: { getCertifiedPrice }, nowNs } as unknown as Clients, getCertifiedPrice };
}
const there = (minuteNs: bigint): Promise<PriceEntry> => Promise.resolve({ minuteNs, priceE8: 1n, sources: 5n, recordedNs: minuteNs });
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  prices = new CertifiedPrices('canister', undefined);
  keeper = new PriceKeeper(prices);
});
afterEach(() => {
  keeper.stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('the prices open positions will need', () => {
  it('are fetched as soon as they can be there, without anybody looking', async () => {
    const { clients, getCertifiedPrice } = person(there);
    keeper.want(clients, [MINUTE, 2n * MINUTE]);
    await pass(92_000);
    expect(getCertifiedPrice).not.toHaveBeenCalled();
    await pass(2_000);
    expect(prices.get(MINUTE)).toBeDefined();
    await pass(60_000);
    expect(prices.get(2n * MINUTE)).toBeDefined();
    expect(getCertifiedPrice).toHaveBeenCalledTimes(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('are asked for until they are there', async () => {
    let up = false;
    const { clients, getCertifiedPrice } = person((minute) => (up ? there(minute) : Promise.reject(new Error('away'))));
    keeper.want(clients, [0n]);
    await pass(63_000);
    expect(getCertifiedPrice.mock.calls.length).toBeGreaterThanOrEqual(3);
    up = true;
    await pass(10_000);
    expect(prices.get(0n)).toBeDefined();
  });

  it('are nobody’s business any more when the person has left', async () => {
    const { clients, getCertifiedPrice } = person(there);
    keeper.want(clients, [MINUTE]);
    await pass(0);
    keeper.stop();
    await pass(600_000);
    expect(getCertifiedPrice).not.toHaveBeenCalled();
  });
});
