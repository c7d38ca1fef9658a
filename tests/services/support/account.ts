import type { AppConfig } from '../../../src/lib/config/config';
import { AppError } from '../../../src/lib/errors/AppError';
import { createClients, type Clients } from '../../../src/lib/ic/clients';
import { expiryOf, type Identity } from '../../../src/lib/ic/identity';
import { createLog } from '../../../src/lib/log/createLog';
import { SECOND, type Network } from './network.ts';

export interface Account {
  readonly clients: Clients;
  /** Requests under way. */
  readonly inFlight: () => number;
  readonly controller: AbortController;
}

/** Somebody whose agent knows nothing yet. `change`: other canisters than the network's. */
export function connect(network: Network, identity: Identity, change: Partial<AppConfig['canisters']> = {}): Account {
  let inFlight = 0;
  const controller = new AbortController();
  const counting: typeof fetch = async (input, init) => {
    inFlight += 1;
    try {
      const response = await fetch(input, init);
      const body = await response.arrayBuffer();
      const whole = new Response(body, response);
      Object.defineProperty(whole, 'url', { value: response.url });
      return whole;
    } finally {
      inFlight -= 1;
    }
  };
  const config = { ...network.config, canisters: { ...network.config.canisters, ...change } };
  const expiresAt = expiryOf(identity);
  const clients = createClients({ config, identity, fetch: counting, signal: controller.signal, expiresAt, log: createLog() });
  return { clients, inFlight: () => inFlight, controller };
}

/** What a call ends with while time goes on. `hangs`: time goes on although requests are under way. */
export async function ending<T>(network: Network, { inFlight }: Account, call: Promise<T>, hangs = false): Promise<T | AppError> {
  let ended = false;
  const outcome = call.catch((error: unknown) => {
    if (error instanceof AppError) return error;
    throw error;
  });
  void outcome.then(
    () => (ended = true),
    () => (ended = true)
  );
  while (!ended) {
    await network.until(() => ended || hangs || inFlight() === 0, 'an answer');
    if (!ended) await network.pass(hangs ? 5 * SECOND : SECOND);
  }
  return outcome;
}
