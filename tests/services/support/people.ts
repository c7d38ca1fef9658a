import { createHash } from 'node:crypto';
import { Ed25519KeyIdentity } from '@dfinity/identity';
import { get, writable } from 'svelte/store';
import type { AppConfig } from '../../../src/lib/config/config';
import { anonymous, expiryOf, type Identity } from '../../../src/lib/ic/identity';
import type { Session, SessionState } from '../../../src/lib/ic/session';
import { createLog } from '../../../src/lib/log/createLog';
import type { PageLog } from '../../../src/lib/log/log';
import { createEnhancedServices, type EnhancedServicesOptions } from '../../../src/lib/services/createEnhancedServices';
import type { EnhancedServices, Reading, ReadingStore } from '../../../src/lib/services/types';

export function identityOf(name: string): Ed25519KeyIdentity {
  return Ed25519KeyIdentity.generate(new Uint8Array(createHash('sha256').update(name).digest()));
}

/** A session that needs no window: whoever is told to be here, is. */
export function sessionOf(first: Identity | undefined): Session & { become(next: Identity | undefined): void } {
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

/** What a page may have beside what every page has. */
type Extras = Pick<EnhancedServicesOptions, 'readConfig' | 'tabs'>;

/** A person with a page of the app open. `undefined`: nobody is logged in. */
export function person(config: AppConfig, name: string | undefined, extras: Extras = { tabs: null }): Person {
  const identity = name === undefined ? undefined : identityOf(name);
  const session = sessionOf(identity);
  const wire = new Wire();
  const log = createLog();
  const services = createEnhancedServices({ config, session, fetch: wire.fetch, log, ...extras });
  return { name: name ?? 'nobody', principal: (identity ?? anonymous).getPrincipal().toText(), services, session, wire, log };
}

/** hang: no answer until whoever asked gives up. */
type Fault = 'lost before' | 'lost after' | 'status 503' | 'hang';

/** A connection that can be cut: before a request arrives, or after it arrived but before its answer is seen. */
class Wire {
  calls = 0;
  requests = 0;
  readonly #asked = new Map<string, number>();
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

  /** How often a method was asked for, as a query or an update. */
  asked(method: string): number {
    return this.#asked.get(method) ?? 0;
  }

  #note(body: unknown): void {
    const name = body instanceof Uint8Array ? methodIn(Buffer.from(body)) : undefined;
    if (name !== undefined) this.#asked.set(name, (this.#asked.get(name) ?? 0) + 1);
  }

  fetch: typeof fetch = async (input, init) => {
    const path = new URL(input instanceof Request ? input.url : input).pathname;
    this.requests += 1;
    this.#note(init?.body);
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
    if (fault.fault === 'hang') return hanging(init?.signal);
    if (fault.fault === 'lost after') await fetch(input, init);
    throw new TypeError('the wire is cut');
  };
}

/** The method an envelope names. It is CBOR: a text's length stands before it, in one byte if it is less than 24, else in a second one. */
function methodIn(envelope: Buffer): string | undefined {
  const key = envelope.indexOf('method_name');
  if (key < 0) return undefined;
  const head = key + 'method_name'.length;
  const short = (envelope[head] ?? 0) - 0x60;
  const [start, length] = short < 24 ? [head + 1, short] : [head + 2, envelope[head + 1] ?? 0];
  return envelope.toString('utf8', start, start + length);
}

function hanging(signal: AbortSignal | null | undefined): Promise<Response> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new DOMException('given up', 'AbortError'))));
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
