import { AppError } from '$lib/errors/AppError';

/** A request with the id that makes sending it twice harmless. */
export interface Intended<T> {
  readonly id: string;
  readonly request: T;
}

/** As it lies in storage: `answered` is false from the moment it is sent until an answer says what became of it. */
interface Kept<T> extends Intended<T> {
  readonly answered: boolean;
}

/**
 * One intended order, deposit or withdrawal at a time. Its id is made once and kept until the canister says yes or refuses
 * with a reason: after any other failure the same request goes out again under the same id, so it can't happen twice.
 * Kept in the tab's storage for each principal, because a reload must not forget an order that may have been placed.
 */
export class Intent<T> {
  /** A request whose outcome nobody knows yet: it has to be tried again or given up before a different one can be made. */
  unresolved = $state.raw<Intended<T> | undefined>();

  readonly #name: string;
  #principal: string | undefined;
  #current: Intended<T> | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  /** Looks at this principal's intent: another person in the same tab has their own. */
  follow(principal: string | undefined): void {
    // Signed out: whoever comes back finds it as it was.
    if (principal === undefined || principal === this.#principal) return;
    this.#principal = principal;
    const kept = this.#read();
    this.#current = kept;
    this.unresolved = kept?.answered === false ? kept : undefined;
  }

  /** The id to send this request under: the unresolved request's own, or the one it had at the last try, or a new one. */
  begin(request: T): Intended<T> {
    if (this.unresolved) return this.unresolved;
    if (!this.#current || serialize(this.#current.request) !== serialize(request)) {
      this.#current = { id: crypto.randomUUID(), request };
    }
    this.#write({ ...this.#current, answered: false });
    return this.#current;
  }

  /** The canister said yes, or the person gave the unresolved request up. */
  resolve(): void {
    this.#current = undefined;
    this.unresolved = undefined;
    this.#write(undefined);
  }

  fail(error: unknown): void {
    if (error instanceof AppError && !error.unclear) {
      // A typed refusal ends the intent; "busy" or an expired session only means the same request may go again.
      if (error.kind === 'request') return this.resolve();
      this.unresolved = undefined;
      this.#write(this.#current && { ...this.#current, answered: true });
      return;
    }
    this.unresolved = this.#current;
  }

  get #key(): string {
    return `satstrike.intent.${this.#name}.${this.#principal ?? ''}`;
  }

  #read(): Kept<T> | undefined {
    if (!this.#principal) return undefined;
    try {
      const text = sessionStorage.getItem(this.#key);
      return text ? (JSON.parse(text, revive) as Kept<T>) : undefined;
    } catch {
      return undefined; // storage is blocked or holds something else: as if nothing had been kept
    }
  }

  #write(kept: Kept<T> | undefined): void {
    if (!this.#principal) return;
    try {
      if (kept) sessionStorage.setItem(this.#key, serialize(kept));
      else sessionStorage.removeItem(this.#key);
    } catch {
      // Storage is blocked: the id still lives as long as the page does.
    }
  }
}

function serialize(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? { bigint: item.toString() } : item));
}

function revive(_: string, item: unknown): unknown {
  return typeof item === 'object' && item !== null && 'bigint' in item && typeof item.bigint === 'string' ? BigInt(item.bigint) : item;
}
