import type { AppConfig } from '../../../src/lib/config/config';
import { createClients, type Clients } from '../../../src/lib/ic/clients';
import type { LegacyResult } from '../../../src/lib/options/legacyPayout';
import { identityOf } from '../../services/support/people.ts';
import type { SettlingPage } from './SettlingPage.ts';

const RESEND_MS = 30_000;

/**
 * How the original settles: the browser records the result on the platform, in one attempt; what failed is kept in memory and sent again every
 * half minute, without reading first. It gets this project's clients, with their timeouts and the agent's second try of the same request.
 */
export class PlainPage implements SettlingPage {
  readonly settled = new Map<bigint, number>();
  readonly #clients: Clients;
  readonly #result: LegacyResult;
  #failed = new Set<bigint>();
  /** Loads of the page: what was under way before the last one tells nobody how it ended. */
  #load = 0;
  readonly #timer = setInterval(() => this.#resend(), RESEND_MS);

  constructor(config: AppConfig, name: string, fetcher: typeof fetch, result: LegacyResult) {
    this.#clients = createClients({ config, identity: identityOf(name), fetch: fetcher });
    this.#result = result;
  }

  async press(id: bigint): Promise<void> {
    const load = this.#load;
    const { outcome, payoutCents, profitCents, priceCents } = this.#result;
    try {
      await this.#clients.legacy?.recordSettlement({ positionId: id, outcome, payoutCents, profitCents, priceCents });
      if (load === this.#load) this.settled.set(id, Date.now());
    } catch {
      if (load === this.#load) this.#failed.add(id);
    }
  }

  reload(): void {
    this.#load += 1;
    this.#failed = new Set();
  }

  look(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #resend(): void {
    const failed = this.#failed;
    this.#failed = new Set();
    for (const id of failed) void this.press(id);
  }
}
