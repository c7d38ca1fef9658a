import { derived, writable, type Readable } from 'svelte/store';

/** Whether what the readings need can be reached. Times in ms since 1970. */
export type Connection =
  | { readonly status: 'online' }
  /** The browser says that it has no network. */
  | { readonly status: 'offline' }
  /** Canisters ("options", "ledger", "legacy") that can't be reached, and since when something can't. */
  | { readonly status: 'unreachable'; readonly canisters: readonly string[]; readonly since: number };

const ONLINE: Connection = { status: 'online' };
const OFFLINE: Connection = { status: 'offline' };

/** Keeps the connection's state from what the readings meet; asks nothing itself. */
export class Reachability {
  readonly state: Readable<Connection>;
  readonly #met = writable<Connection>(ONLINE);
  #since: number | undefined;

  constructor(online: Readable<boolean>) {
    this.state = derived([online, this.#met], ([isOnline, met]) => (isOnline ? met : OFFLINE));
  }

  set(canisters: readonly string[]): void {
    if (canisters.length === 0) {
      this.#since = undefined;
      this.#met.set(ONLINE);
      return;
    }
    this.#since ??= Date.now();
    this.#met.set({ status: 'unreachable', canisters: canisters.toSorted(), since: this.#since });
  }
}
