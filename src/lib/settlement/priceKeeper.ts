import type { Clients } from '../ic/clients';
import { PRICE_DELAY_NS, type CertifiedPrices } from './certifiedPrices';

/** Between two attempts for a price that should be there by now. */
const RETRY_MS = 10_000;
/** Timers longer than a day aren't kept well by browsers; a minute far away is looked at again. */
const MAX_TIMER_MS = 86_400_000;

/**
 * Fetches the certified prices that a person's open legacy positions will need, each as soon as its minute's price can be there, and
 * keeps trying: once the options canister is away it is too late. Goes on while other pages are shown.
 */
export class PriceKeeper {
  readonly #prices: CertifiedPrices;
  #clients: Clients | undefined;
  #wanted = new Set<bigint>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(prices: CertifiedPrices) {
    this.#prices = prices;
  }

  /** Replaces what is wanted: the minutes of everything that is open now. */
  want(clients: Clients, minutes: Iterable<bigint>): void {
    this.#clients = clients;
    this.#wanted = new Set(minutes);
    void this.#fetch();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#clients = undefined;
    this.#wanted.clear();
  }

  async #fetch(): Promise<void> {
    clearTimeout(this.#timer);
    const clients = this.#clients;
    if (clients === undefined) return;
    await this.#prices.prefetch(clients.options, this.#wanted, clients.nowNs());
    // Stopped, or started again for somebody else or something more, while this was asking.
    if (clients !== this.#clients) return;
    for (const minute of this.#wanted) if (this.#prices.get(minute) !== undefined) this.#wanted.delete(minute);
    this.#schedule(clients.nowNs());
  }

  #schedule(nowNs: bigint): void {
    clearTimeout(this.#timer);
    const [next] = [...this.#wanted].sort((a, b) => (a < b ? -1 : 1));
    if (next === undefined) return;
    const leftMs = Number((next + PRICE_DELAY_NS - nowNs) / 1_000_000n) + 1;
    this.#timer = setTimeout(() => void this.#fetch(), Math.min(Math.max(leftMs, RETRY_MS), MAX_TIMER_MS));
  }
}
