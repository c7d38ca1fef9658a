import type { Identity } from '@dfinity/agent';
import { Principal } from '@dfinity/principal';
import type { AppConfig } from '../config/config';
import { createAgent } from './agent';
import type { Caller } from './call';
import type { CanisterName } from './mapped';
import { createLog } from '../log/createLog';
import type { Log } from '../log/log';
import { createLedgerClient, type LedgerClient } from './ledgerClient';
import { createLegacyClient, type LegacyClient } from './legacyClient';
import { createOptionsClient, type OptionsClient } from './optionsClient';

/** Everything one identity can call. Made anew when the session changes, so that no answer can end up with somebody else. */
export interface Clients {
  /** The caller's own principal; the anonymous one when nobody is logged in. */
  readonly principal: string;
  readonly options: OptionsClient;
  readonly ledger: LedgerClient;
  readonly legacy: LegacyClient | undefined;
  /**
   * The same clients, whose calls are logged with this id. Browsers have no context that follows an await, so the object that makes the
   * calls carries the id: whoever gets it needs to know nothing of it, and two actions at once don't mix.
   */
  traced(correlationId: string): Clients;
  /** The network's time as far as it is known, nanoseconds since 1970. */
  nowNs(): bigint;
}

export interface ClientsOptions {
  readonly config: AppConfig;
  readonly identity: Identity;
  readonly fetch?: typeof fetch | undefined;
  /** Ends everything these clients do. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds since 1970 when the identity's delegation ends. */
  readonly expiresAt?: number | undefined;
  readonly log?: Log | undefined;
}

export function createClients({ config, identity, fetch, signal, expiresAt, log = createLog() }: ClientsOptions): Clients {
  const agent = createAgent({ config, identity, fetch, signal });
  const caller = (canister: CanisterName, id: string, bound: Log): Caller => ({
    agent,
    canister,
    canisterId: Principal.fromText(id),
    log: bound,
    sessionExpired: () => expiresAt !== undefined && expiresAt <= Date.now()
  });
  const { options, ledger, legacy } = config.canisters;
  const clientsFor = (bound: Log): Clients => ({
    principal: identity.getPrincipal().toText(),
    options: createOptionsClient(caller('options', options, bound)),
    ledger: createLedgerClient(caller('ledger', ledger, bound)),
    legacy: legacy === undefined ? undefined : createLegacyClient(caller('legacy', legacy, bound)),
    traced: (correlationId) => clientsFor(log.correlated(correlationId)),
    nowNs: () => BigInt(Math.round(Date.now() + agent.getTimeDiffMsecs())) * 1_000_000n
  });
  return clientsFor(log);
}
