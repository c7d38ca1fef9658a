import type { AppConfig } from '../../../src/lib/config/config';
import { createEnhancedServices } from '../../../src/lib/services/createEnhancedServices';
import type { EnhancedServices } from '../../../src/lib/services/types';
import { identityOf, sessionOf } from '../../services/support/people.ts';
import type { SettlingPage } from './SettlingPage.ts';

/** A page of this project. */
export class HubPage implements SettlingPage {
  readonly settled = new Map<bigint, number>();
  readonly #open: () => EnhancedServices;
  #services: EnhancedServices;

  constructor(config: AppConfig, name: string, fetcher: typeof fetch) {
    const session = sessionOf(identityOf(name));
    this.#open = () => createEnhancedServices({ config, session, fetch: fetcher, tabs: null });
    this.#services = this.#open();
  }

  async press(id: bigint): Promise<void> {
    // What fails stays in the journal.
    await this.#services.settleLegacy(id).catch(() => undefined);
  }

  reload(): void {
    this.#services.cleanup();
    this.#services = this.#open();
  }

  async look(): Promise<void> {
    for (const { state, positionId, updatedAt } of await this.#services.settlementHistory())
      if (state === 'done') this.settled.set(positionId, updatedAt);
  }

  close(): void {
    this.#services.cleanup();
  }
}
