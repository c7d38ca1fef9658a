import type { Origin } from '../canister/CallContext.ts';
import type { CanisterState, StopRequest } from '../canister/CanisterState.ts';
import { rejected } from '../engine/rejects.ts';
import type { Subnet } from '../engine/Subnet.ts';
import type { CallResult } from '../engine/types.ts';
import { EMPTY_REPLY } from './candid.ts';
import type { Answer } from './ManagementCall.ts';

/** The IC's limit of a stop request that waits for open calls: 5 minutes. */
const STOP_TIMEOUT_NS = 300_000_000_000n;

/** Running, stopping, stopped: a canister that is told to stop takes no more calls and stops once those it has begun have ended. */
export class Lifecycle {
  readonly #subnet: Subnet;
  readonly #answer: Answer;

  constructor(subnet: Subnet, answer: Answer) {
    this.#subnet = subnet;
    this.#answer = answer;
  }

  /** Begins to stop a canister; `origin` is answered when it is stopped, or why it isn't. */
  stop(canister: CanisterState, origin: Origin, cycles: bigint): void {
    if (canister.status === 'stopped') return this.#answer(origin, { kind: 'reply', reply: EMPTY_REPLY }, cycles);
    canister.stopRequests.push({ origin, cycles, deadlineNs: this.#subnet.clock.now() + STOP_TIMEOUT_NS });
    canister.revision++;
    this.beginStop(canister);
  }

  /** Has a canister take no more calls; it is stopped when those it has begun have ended. */
  beginStop(canister: CanisterState): void {
    if (canister.status === 'running') {
      canister.status = 'stopping';
      canister.touch();
    }
    this.contextClosed(canister);
  }

  /** Starts a canister; whoever waits for it to stop is told that it won't. */
  start(canister: CanisterState): void {
    if (canister.status !== 'running') canister.touch();
    canister.status = 'running';
    this.#answerAll(canister, rejected('IC0511', `Canister ${canister.name}'s stop request was cancelled`));
  }

  /** Completes the stop when nothing is in progress any more. */
  contextClosed(canister: CanisterState): void {
    if (canister.status !== 'stopping' || canister.contexts.size > 0) return;
    canister.status = 'stopped';
    canister.touch();
    this.#answerAll(canister, { kind: 'reply', reply: EMPTY_REPLY });
  }

  nextTimeoutNs(): bigint | undefined {
    let next: bigint | undefined;
    for (const { stopRequests } of this.#subnet.canisters.all()) {
      // They wait equally long, so the first is the earliest.
      const first = stopRequests[0]?.deadlineNs;
      if (first !== undefined && (next === undefined || first < next)) next = first;
    }
    return next;
  }

  /** Fails the requests that waited too long; the canister goes on stopping, as on the IC. */
  expire(nowNs: bigint): void {
    for (const canister of this.#subnet.canisters.all()) {
      const isLate = ({ deadlineNs }: StopRequest): boolean => deadlineNs <= nowNs;
      const late = canister.stopRequests.filter(isLate);
      if (late.length === 0) continue;
      canister.stopRequests = canister.stopRequests.filter((request) => !isLate(request));
      canister.revision++;
      const result = rejected('IC0206', `Stop canister request timed out for canister ${canister.name}`);
      for (const { origin, cycles } of late) this.#answer(origin, result, cycles);
    }
  }

  #answerAll(canister: CanisterState, result: CallResult): void {
    const requests = canister.stopRequests;
    if (requests.length === 0) return;
    canister.stopRequests = [];
    canister.revision++;
    for (const { origin, cycles } of requests) this.#answer(origin, result, cycles);
  }
}
