import { describe, expect, it, vi } from 'vitest';
import type { PriceEntry } from '../options/types';
import { CertifiedPrices, type PriceStorage } from './certifiedPrices';

const MINUTE = 60_000_000_000n;
const entry = (minute: bigint, priceE8 = 2_500_000_000_000n): PriceEntry => ({
  minuteNs: minute * MINUTE,
  priceE8,
  sources: 5n,
  recordedNs: minute * MINUTE + 31_000_000_000n
});

class Memory implements PriceStorage {
  readonly items = new Map<string, string>();
  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.items.set(key, value);
  }
}

const answering = (...entries: PriceEntry[]) => ({
  getCertifiedPrice: vi.fn((minuteNs: bigint) => Promise.resolve(entries.find((each) => each.minuteNs === minuteNs)))
});

describe('certified prices', () => {
  it('are asked for when their minute has come, once, and kept for the next visit', async () => {
    const storage = new Memory();
    const prices = new CertifiedPrices('canister', storage);
    const options = answering(entry(1n), entry(2n));
    await prices.prefetch(options, [MINUTE, 2n * MINUTE, 2n * MINUTE], 2n * MINUTE);
    expect(options.getCertifiedPrice.mock.calls).toEqual([[MINUTE]]);
    await prices.prefetch(options, [MINUTE, 2n * MINUTE], 3n * MINUTE);
    expect(options.getCertifiedPrice.mock.calls).toEqual([[MINUTE], [2n * MINUTE]]);
    expect(new CertifiedPrices('canister', storage).get(MINUTE)).toEqual(entry(1n));
  });

  it('of another network are not used', async () => {
    const storage = new Memory();
    await new CertifiedPrices('canister', storage).prefetch(answering(entry(1n)), [MINUTE], 9n * MINUTE);
    expect(new CertifiedPrices('another', storage).get(MINUTE)).toBeUndefined();
  });

  it('that are not there yet, or not reachable, are asked for again', async () => {
    const prices = new CertifiedPrices('canister', new Memory());
    await prices.prefetch(answering(), [MINUTE], 9n * MINUTE);
    await prices.prefetch({ getCertifiedPrice: () => Promise.reject(new Error('away')) }, [MINUTE], 9n * MINUTE);
    expect(prices.get(MINUTE)).toBeUndefined();
    await prices.prefetch(answering(entry(1n)), [MINUTE], 9n * MINUTE);
    expect(prices.get(MINUTE)).toEqual(entry(1n));
  });

  it('are not taken for another minute than the one asked for', async () => {
    const prices = new CertifiedPrices('canister', new Memory());
    await prices.prefetch({ getCertifiedPrice: () => Promise.resolve(entry(7n)) }, [MINUTE], 9n * MINUTE);
    expect([prices.get(MINUTE), prices.get(7n * MINUTE)]).toEqual([undefined, undefined]);
  });

  it.each(['', 'null', '{', '[{"minuteNs":1}]', '[{"minuteNs":"-1","priceE8":"1","sources":"1","recordedNs":"1"}]', '"text"'])(
    'are not read from what is no price list: %s',
    (text) => {
      const storage = new Memory();
      storage.setItem('satstrike.prices.canister', text);
      expect(new CertifiedPrices('canister', storage).get(1n)).toBeUndefined();
    }
  );

  it('work for the visit when storage is full or blocked', async () => {
    const full: PriceStorage = {
      getItem: () => null,
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError');
      }
    };
    for (const storage of [full, undefined]) {
      const prices = new CertifiedPrices('canister', storage);
      await prices.prefetch(answering(entry(1n)), [MINUTE], 9n * MINUTE);
      expect(prices.get(MINUTE)).toEqual(entry(1n));
    }
  });

  it('keep the newest five hundred, and those another tab stored', async () => {
    const storage = new Memory();
    const [here, there] = [new CertifiedPrices('canister', storage), new CertifiedPrices('canister', storage)];
    const minutes = Array.from({ length: 505 }, (_, index) => BigInt(index + 1));
    await here.prefetch(
      answering(...minutes.map((minute) => entry(minute))),
      minutes.map((minute) => minute * MINUTE),
      10_000n * MINUTE
    );
    await there.prefetch(answering(entry(600n)), [600n * MINUTE], 10_000n * MINUTE);
    const later = new CertifiedPrices('canister', storage);
    expect(later.get(600n * MINUTE)).toEqual(entry(600n));
    expect(later.get(505n * MINUTE)).toEqual(entry(505n));
    expect(later.get(1n * MINUTE)).toBeUndefined();
  });
});
