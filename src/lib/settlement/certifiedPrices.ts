import * as v from 'valibot';
import type { OptionsClient } from '../ic/optionsClient';
import type { PriceEntry } from '../options/types';

/** Enough for every minute of a week that anybody would still settle by the old route; older ones go first. */
const MAX_HELD = 500;
/** A minute's price is asked for at its second 31; a little later it can be there. */
export const PRICE_DELAY_NS = 33_000_000_000n;

const amount = v.pipe(
  v.string(),
  v.regex(/^\d{1,30}$/u),
  v.transform((text) => BigInt(text))
);
const entrySchema = v.object({ minuteNs: amount, priceE8: amount, sources: amount, recordedNs: amount });
const heldSchema = v.array(entrySchema);

/** The part of the browser's storage this needs. */
export type PriceStorage = Pick<Storage, 'getItem' | 'setItem'>;

/**
 * Entries of the price book that came with the subnet's signature (get_price called as an update), kept for the day the options
 * canister can't be asked. An entry never changes once written, so the first one held for a minute stays.
 */
export class CertifiedPrices {
  readonly #key: string;
  readonly #storage: PriceStorage | undefined;
  readonly #held = new Map<bigint, PriceEntry>();
  readonly #asking = new Set<bigint>();

  /** One book per options canister: prices of another network must never settle here. */
  constructor(optionsId: string, storage: PriceStorage | undefined) {
    this.#key = `satstrike.prices.${optionsId}`;
    this.#storage = storage;
    for (const entry of this.#read()) this.#held.set(entry.minuteNs, entry);
  }

  get(minuteNs: bigint): PriceEntry | undefined {
    return this.#held.get(minuteNs);
  }

  /** Asks for the minutes that are past, not held and not being asked for. Failures are quiet: the next call tries again. */
  async prefetch(options: Pick<OptionsClient, 'getCertifiedPrice'>, minutes: Iterable<bigint>, nowNs: bigint): Promise<void> {
    const wanted = new Set(
      [...minutes].filter((minute) => minute + PRICE_DELAY_NS <= nowNs && !this.#held.has(minute) && !this.#asking.has(minute))
    );
    await Promise.all([...wanted].map((minute) => this.#ask(options, minute)));
  }

  async #ask(options: Pick<OptionsClient, 'getCertifiedPrice'>, minuteNs: bigint): Promise<void> {
    this.#asking.add(minuteNs);
    try {
      const entry = await options.getCertifiedPrice(minuteNs);
      if (entry?.minuteNs === minuteNs) this.#hold(entry);
    } catch {
      // Not reachable or no price yet; whoever needs it now is told so by `get`.
    } finally {
      this.#asking.delete(minuteNs);
    }
  }

  #hold(entry: PriceEntry): void {
    // Another tab may have stored more in the meantime.
    for (const stored of this.#read()) if (!this.#held.has(stored.minuteNs)) this.#held.set(stored.minuteNs, stored);
    this.#held.set(entry.minuteNs, entry);
    const newest = [...this.#held.values()].sort((a, b) => (a.minuteNs < b.minuteNs ? 1 : -1)).slice(0, MAX_HELD);
    const texts = newest.map(({ minuteNs, priceE8, sources, recordedNs }) => ({
      minuteNs: `${minuteNs}`,
      priceE8: `${priceE8}`,
      sources: `${sources}`,
      recordedNs: `${recordedNs}`
    }));
    try {
      this.#storage?.setItem(this.#key, JSON.stringify(texts));
    } catch {
      // Storage is full or blocked: held for this visit only.
    }
  }

  #read(): PriceEntry[] {
    try {
      const text = this.#storage?.getItem(this.#key);
      const result = v.safeParse(heldSchema, text === null || text === undefined ? [] : JSON.parse(text));
      return result.success ? result.output : [];
    } catch {
      return [];
    }
  }
}
