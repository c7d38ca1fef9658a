import { createHash } from 'node:crypto';
import { Ed25519KeyIdentity } from '@dfinity/identity';
import { get, writable } from 'svelte/store';
import type { AppConfig } from '../../../src/lib/config/config';
import { anonymous, expiryOf, type Identity } from '../../../src/lib/ic/identity';
import type { Session, SessionState } from '../../../src/lib/ic/session';
import { createLog } from '../../../src/lib/log/createLog';
import type { PageLog } from '../../../src/lib/log/log';
import { createEnhancedServices } from '../../../src/lib/services/createEnhancedServices';
import type { EnhancedServices, Reading, ReadingStore } from '../../../src/lib/services/types';

export function identityOf(name: string): Ed25519KeyIdentity {
  return Ed25519KeyIdentity.generate(new Uint8Array(createHash('sha256').update(name).digest()));
}

/** A session that needs no window: whoever is told to be here, is. */
function sessionOf(first: Identity | undefined): Session & { become(next: Identity | undefined): void } {
  let who = first ?? anonymous;
  const stateOf = (): SessionState =>
    who.getPrincipal().isAnonymous()
      ? { status: 'anonymous', expired: false }
      : { status: 'signedIn', principal: who.getPrincipal().toText(), expiresAt: Math.min(expiryOf(who), Date.now() + 8 * 3_600_000) };
  const state = writable<SessionState>(stateOf());
  const become = (next: Identity | undefined): void => {
    who = next ?? anonymous;
    state.set(stateOf());
  };
  return {
    state,
    identity: () => who,
    login: () => Promise.resolve(),
    logout: () => Promise.resolve(become(undefined)),
    close: () => undefined,
    become
  };
}

export interface Person {
  readonly name: string;
  readonly principal: string;
  readonly services: EnhancedServices;
  readonly session: ReturnType<typeof sessionOf>;
  /** What this person's browser sends goes through here; tests make it fail. */
  readonly wire: Wire;
  readonly log: PageLog;
}

/** A person with a page of the app open. `undefined`: nobody is logged in. */
export function person(config: AppConfig, name: string | undefined): Person {
  const identity = name === undefined ? undefined : identityOf(name);
  const session = sessionOf(identity);
  const wire = new Wire();
  const log = createLog();
  const services = createEnhancedServices({ config, session, fetch: wire.fetch, log });
  return { name: name ?? 'nobody', principal: (identity ?? anonymous).getPrincipal().toText(), services, session, wire, log };
}

type Fault = 'lost before' | 'lost after' | 'status 503';

/** A connection that can be cut: before a request arrives, or after it arrived but before its answer is seen. */
class Wire {
  calls = 0;
  requests = 0;
  #down = false;
  #faults: { match: (path: string) => boolean; skip: number; fault: Fault; times: number }[] = [];

  /** The next update calls to a canister fail like this. The agent itself tries twice. */
  failCalls(canister: string, fault: Fault, times = 2): void {
    this.failCallsAfter(canister, 0, fault, times);
  }

  /** The same after some that get through. */
  failCallsAfter(canister: string, skip: number, fault: Fault, times: number): void {
    this.#faults.push({ match: (path) => path.includes(canister) && path.endsWith('/call'), skip, fault, times });
  }

  /** Nothing gets through until it is up again. */
  set down(down: boolean) {
    this.#down = down;
  }

  heal(): void {
    this.#faults = [];
    this.#down = false;
  }

  fetch: typeof fetch = async (input, init) => {
    const path = new URL(input instanceof Request ? input.url : input).pathname;
    this.requests += 1;
    if (path.endsWith('/call')) this.calls += 1;
    if (this.#down) throw new TypeError('the wire is cut');
    const fault = this.#faults.find(({ match, times }) => times > 0 && match(path));
    if (fault === undefined) return fetch(input, init);
    if (fault.skip > 0) {
      fault.skip -= 1;
      return fetch(input, init);
    }
    fault.times -= 1;
    if (fault.fault === 'status 503') return new Response('', { status: 503 });
    if (fault.fault === 'lost after') await fetch(input, init);
    throw new TypeError('the wire is cut');
  };
}

/** Keeps a store subscribed, as an open page does. */
export function watch<T>(store: ReadingStore<T>): { readonly shown: Reading<T>; readonly value: T; away(): void } {
  let shown = get(store);
  const away = store.subscribe((reading) => (shown = reading));
  return {
    get shown() {
      return shown;
    },
    get value() {
      if (shown.value === undefined) throw new Error(`nothing is shown: ${shown.phase} ${shown.error?.message ?? ''}`);
      return shown.value;
    },
    away
  };
}
