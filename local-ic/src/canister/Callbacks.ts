import type { CallContext } from './CallContext.ts';
import type { PrepaidResponse } from './cycles/callFees.ts';
import type { Closure } from './Execution.ts';

/** A callback that waits for a response. */
export interface Callback {
  context: CallContext;
  /** Key of the canister that is to answer. */
  calleeKey: string;
  onReply: Closure;
  onReject: Closure;
  onCleanup: Closure | undefined;
  /** Network time after which the caller is told SYS_UNKNOWN; undefined for a call with guaranteed response. */
  deadlineNs: bigint | undefined;
  prepaid: PrepaidResponse;
}

/** The callbacks of a canister by their ids, and how many wait for each callee. */
export class Callbacks {
  readonly #byId = new Map<number, Callback>();
  readonly #awaited = new Map<string, number>();

  get size(): number {
    return this.#byId.size;
  }

  add(id: number, callback: Callback): void {
    this.#byId.set(id, callback);
    this.#awaited.set(callback.calleeKey, this.awaitedFrom(callback.calleeKey) + 1);
  }

  get(id: number): Callback | undefined {
    return this.#byId.get(id);
  }

  /** Takes a callback out, which is to run now. */
  take(id: number): Callback | undefined {
    const callback = this.#byId.get(id);
    if (callback === undefined) return undefined;
    this.#byId.delete(id);
    const left = this.awaitedFrom(callback.calleeKey) - 1;
    if (left > 0) this.#awaited.set(callback.calleeKey, left);
    else this.#awaited.delete(callback.calleeKey);
    return callback;
  }

  /** How many responses of a canister are waited for. */
  awaitedFrom(calleeKey: string): number {
    return this.#awaited.get(calleeKey) ?? 0;
  }

  values(): IterableIterator<Callback> {
    return this.#byId.values();
  }

  entries(): IterableIterator<[number, Callback]> {
    return this.#byId.entries();
  }

  clear(): void {
    this.#byId.clear();
    this.#awaited.clear();
  }
}
