import type { AppConfig } from '$lib/config/config';
import { loadConfig } from '$lib/config/loadConfig';
import { AppError } from '$lib/errors/AppError';
import { createClients, type Clients } from '$lib/ic/clients';
import { createSession } from '$lib/ic/session';
import type { LegacyPosition } from '$lib/options/legacy';
import { legacyPriceMinute } from '$lib/options/legacyPayout';
import type { Position } from '$lib/options/types';
import { CertifiedPrices } from '$lib/settlement/certifiedPrices';
import { PriceKeeper } from '$lib/settlement/priceKeeper';
import { createSettlementService } from '$lib/settlement/settlementService';
import { writable } from 'svelte/store';
import type { Settling } from './settling';

const READ_EVERY_MS = 15_000;

/** The settlement module alone: the app says who is here, reads positions in its own way, and keeps the switch. */
export function settleWithoutHub(config: AppConfig): Settling {
  const network = config.canisters.options;
  const session = createSession(config);
  const prices = new CertifiedPrices(network, localStorage);
  const keeper = new PriceKeeper(prices);
  const closing = new AbortController();
  const positions = writable<readonly Position[]>([]);
  const legacyPositions = writable<readonly LegacyPosition[]>([]);
  let enhanced = config.switches.settlement !== false;
  let present: Clients | undefined;
  let reading = false;

  const service = createSettlementService({ network, prices, enhanced: () => enhanced, onAttempt: () => void read() });

  /** What can't be read stays as it was, and an answer for somebody who has left is dropped. */
  async function read(): Promise<void> {
    const clients = present;
    if (clients === undefined || reading) return;
    reading = true;
    await Promise.allSettled([readSwitch(clients), readPositions(clients), readLegacy(clients)]);
    reading = false;
    if (clients !== present) void read();
  }
  /** Either the canister's flag or the configuration file switches the module off. */
  async function readSwitch(clients: Clients): Promise<void> {
    const [{ flags }, { switches }] = await Promise.all([clients.options.getMarket(), loadConfig()]);
    enhanced = flags.settlement && switches.settlement !== false;
  }
  async function readPositions(clients: Clients): Promise<void> {
    const { rows } = await clients.options.getPositions('all', undefined, 100);
    if (clients === present) positions.set(rows);
  }
  async function readLegacy(clients: Clients): Promise<void> {
    const rows = (await clients.legacy?.getPositions(clients.principal)) ?? [];
    if (clients !== present) return;
    legacyPositions.set(rows);
    // The old route needs these prices on the day the options canister can't be asked.
    const open = rows.filter(({ state }) => state.kind === 'active');
    keeper.want(
      clients,
      open.flatMap((row) => legacyPriceMinute(row) ?? [])
    );
  }

  const leave = session.state.subscribe((state) => {
    keeper.stop();
    positions.set([]);
    legacyPositions.set([]);
    present =
      state.status === 'signedIn'
        ? createClients({ config, identity: session.identity(), expiresAt: state.expiresAt, signal: closing.signal })
        : undefined;
    service.follow(present);
    void read();
  });
  const timer = setInterval(() => void read(), READ_EVERY_MS);

  const person = (): Clients => {
    if (present === undefined) throw new AppError({ kind: 'session', code: 'anonymous', message: 'Log in to do this.' });
    return present;
  };
  return {
    session,
    metrics: service.metrics,
    positions,
    legacyPositions,
    settle: async (id) => service.settle(person(), id),
    settleLegacy: async (id) => service.settleLegacy(person(), id),
    retryFailed: async () => service.retryFailed(person()),
    history: async () => service.history(person()),
    close: () => {
      leave();
      clearInterval(timer);
      keeper.stop();
      closing.abort();
      service.close();
      session.close();
    }
  };
}
