import { derived, type Readable } from 'svelte/store';
import type { AppConfig } from '../config/config';
import { createClients, type Clients } from '../ic/clients';
import { anonymous } from '../ic/identity';
import type { Session } from '../ic/session';
import type { Log } from '../log/log';
import type { Scope } from './readingStore';

export interface SessionScopes {
  /** Everybody's data, read as whoever is here. */
  readonly everybody: Readable<Scope>;
  /** The signed-in person's data; undefined when nobody is signed in. */
  readonly person: Readable<Scope | undefined>;
}

export interface Connection {
  readonly config: AppConfig;
  readonly fetch?: typeof fetch | undefined;
  /** Ends every call of every set of clients. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Follows the session: one set of clients for each person, the same object as long as it is the same session. */
export function followSession(session: Session, connection: Connection): SessionScopes {
  const make = (expiresAt?: number): Clients =>
    createClients({ ...connection, identity: expiresAt === undefined ? anonymous : session.identity(), expiresAt });
  const nobody = make();
  let current: { key: string; clients: Clients } = { key: '', clients: nobody };

  const clients = derived(session.state, (state): Clients => {
    const key = state.status === 'signedIn' ? `${state.principal} ${state.expiresAt}` : '';
    if (key !== current.key) current = { key, clients: state.status === 'signedIn' ? make(state.expiresAt) : nobody };
    return current.clients;
  });
  const scopes = new WeakMap<Clients, Scope>();
  const scopeOf = (owner: string, of: Clients): Scope => {
    const scope = scopes.get(of) ?? { owner, clients: of };
    scopes.set(of, scope);
    return scope;
  };
  const isPerson = (of: Clients): boolean => of !== nobody;
  return {
    everybody: derived(clients, (of) => ({ owner: 'everybody', clients: of })),
    person: derived(clients, (of) => (isPerson(of) ? scopeOf(of.principal, of) : undefined))
  };
}
