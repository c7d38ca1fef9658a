// The prices of minutes, as they came.
import { MeasuredVariance } from './exact.ts';
import { minute, second } from './terms.ts';

const stale = 180n * second;

export interface Price {
  price: bigint;
  recorded: bigint;
  variance: bigint;
}

export class PriceBook {
  prices = new Map<bigint, Price>();
  #variance = new MeasuredVariance(700_000n);

  clone(): PriceBook {
    const copy = new PriceBook();
    copy.prices = new Map(this.prices);
    copy.#variance = this.#variance.clone();
    return copy;
  }

  at(minute: bigint): Price | undefined {
    return this.prices.get(minute);
  }

  newest(): bigint | undefined {
    return [...this.prices.keys()].reduce<bigint | undefined>((a, b) => (a === undefined || b > a ? b : a), undefined);
  }

  /** The price of the newest minute before another, at most an hour older. */
  before(at: bigint): bigint | undefined {
    const minutes = [...this.prices.keys()].filter((key) => key < at && at - key <= 60n * minute);
    return this.prices.get(minutes.reduce((a, b) => (b > a ? b : a), 0n))?.price;
  }

  record(at: bigint, price: bigint, recorded: bigint, lambdaPpm: bigint): void {
    const newest = this.newest();
    const before = newest === undefined ? undefined : this.prices.get(newest);
    if (newest !== undefined && before !== undefined && newest < at) {
      this.#variance.observe((at - newest) / minute, before.price, price, lambdaPpm);
    }
    this.prices.set(at, { price, recorded, variance: this.#variance.value });
  }

  fresh(now: bigint): bigint | undefined {
    const newest = this.newest();
    return newest === undefined || now > newest + stale ? undefined : newest;
  }
}
