import type { CanisterState } from '../canister/CanisterState.ts';
import type { Respond } from '../engine/MessageExecutor.ts';
import { rejected } from '../engine/rejects.ts';
import { EMPTY_REPLY } from './candid.ts';

/** The IC's limit of a stop request that waits for open calls: 5 minutes. */
const STOP_TIMEOUT_NS = 300_000_000_000n;

interface StopRequest {
  respond: () => void;
  fail: (errorCode: string, message: string) => void;
  deadlineNs: bigint;
}

/** Running, stopping, stopped: a canister that is told to stop takes no more calls and stops once those it has begun have ended. */
export class Lifecycle {
  readonly #waiting = new Map<CanisterState, StopRequest[]>();

  stop(canister: CanisterState, nowNs: bigint, cycles: bigint, respond: Respond): void {
    const request: StopRequest = {
      respond: () => respond({ kind: 'reply', reply: EMPTY_REPLY }, cycles),
      fail: (errorCode, message) => respond(rejected(errorCode, message), cycles),
      deadlineNs: nowNs + STOP_TIMEOUT_NS
    };
    if (canister.status === 'stopped') return request.respond();
    canister.status = 'stopping';
    canister.touch();
    this.#waiting.set(canister, [...(this.#waiting.get(canister) ?? []), request]);
    this.contextClosed(canister);
  }

  /** Starts a canister; whoever waits for it to stop is told that it won't. */
  start(canister: CanisterState): void {
    const requests = this.#take(canister);
    if (canister.status !== 'running') canister.touch();
    canister.status = 'running';
    for (const { fail } of requests) fail('IC0511', `Canister ${canister.name}'s stop request was cancelled`);
  }

  /** Completes the stop when nothing is in progress any more. */
  contextClosed(canister: CanisterState): void {
    if (canister.status !== 'stopping' || canister.contexts.size > 0) return;
    canister.status = 'stopped';
    canister.touch();
    for (const { respond } of this.#take(canister)) respond();
  }

  nextTimeoutNs(): bigint | undefined {
    let next: bigint | undefined;
    for (const requests of this.#waiting.values()) {
      for (const { deadlineNs } of requests) if (next === undefined || deadlineNs < next) next = deadlineNs;
    }
    return next;
  }

  /** Fails the requests that waited too long; the canister goes on stopping, as on the IC. */
  expire(nowNs: bigint): void {
    for (const [canister, requests] of this.#waiting) {
      const late = requests.filter(({ deadlineNs }) => deadlineNs <= nowNs);
      if (late.length === 0) continue;
      this.#waiting.set(
        canister,
        requests.filter(({ deadlineNs }) => deadlineNs > nowNs)
      );
      for (const { fail } of late) fail('IC0206', `Stop canister request timed out for canister ${canister.name}`);
    }
  }

  #take(canister: CanisterState): StopRequest[] {
    const requests = this.#waiting.get(canister) ?? [];
    this.#waiting.delete(canister);
    return requests;
  }
}
