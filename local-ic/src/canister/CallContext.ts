import type { CanisterFiring } from '../engine/canisterFaults.ts';

/** Where a call came from, and so where its response goes. Plain data, so that it can be kept. */
export type Origin = (
  { kind: 'ingress'; ingressId: number } | { kind: 'canister'; canisterKey: string; callbackId: number } | { kind: 'task' }
) & {
  /** What is to happen to the answer on its way, the first one nearest to the caller. */
  faults?: readonly CanisterFiring[];
};

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
  /** What it runs: the method, or the function of a task. */
  method = '';
  /** How many answers to its calls have come. */
  answers = 0;

  constructor(id: number, origin: Origin, caller: Uint8Array, cyclesAvailable = 0n, deadlineNs = 0n) {
    this.id = id;
    this.origin = origin;
    this.caller = caller;
    this.cyclesAvailable = cyclesAvailable;
    this.deadlineNs = deadlineNs;
  }
}
