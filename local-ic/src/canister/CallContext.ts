/** Where a call came from, and so where its response goes. Plain data, so that it can be kept. */
export type Origin =
  { kind: 'ingress'; ingressId: number } | { kind: 'canister'; canisterKey: string; callbackId: number } | { kind: 'task' };

/** A call a canister has begun to process, until it has answered and awaits nothing any more. Plain data, so that it can be kept. */
export class CallContext {
  /** Among the canister's contexts. */
  readonly id: number;
  readonly origin: Origin;
  readonly caller: Uint8Array;
  /** 0 when the caller waits without bound. */
  readonly deadlineNs: bigint;
  /** Cycles attached by the caller and not accepted yet; what is left goes back with the response. */
  cyclesAvailable: bigint;
  responded = false;
  /** Calls made in this context whose response hasn't come yet. */
  outstanding = 0;
  /** Instructions of the finished executions of this context. */
  performance = 0n;

  constructor(id: number, origin: Origin, caller: Uint8Array, cyclesAvailable = 0n, deadlineNs = 0n) {
    this.id = id;
    this.origin = origin;
    this.caller = caller;
    this.cyclesAvailable = cyclesAvailable;
    this.deadlineNs = deadlineNs;
  }
}
