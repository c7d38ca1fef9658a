import type { CanisterState } from '../canister/CanisterState.ts';
import type { Lifecycle } from '../management/Lifecycle.ts';
import { canRunTask } from './executeTask.ts';
import type { IdleCharges } from './IdleCharges.ts';
import type { Message, TaskMessage } from './messages.ts';
import { rejects } from './rejects.ts';
import type { Subnet } from './Subnet.ts';

/** The IC beats once a round; here a round without messages lasts a second. */
const HEARTBEAT_INTERVAL_NS = 1_000_000_000n;

/** What time alone sets off: timers, heartbeats, deadlines of bounded calls, stop requests that waited too long, messages that are late. */
export class TimeEvents {
  readonly #subnet: Subnet;
  readonly #lifecycle: Lifecycle;
  readonly #idleCharges: IdleCharges;
  readonly #enqueue: (message: Message) => void;

  constructor(subnet: Subnet, lifecycle: Lifecycle, idleCharges: IdleCharges, enqueue: (message: Message) => void) {
    this.#subnet = subnet;
    this.#lifecycle = lifecycle;
    this.#idleCharges = idleCharges;
    this.#enqueue = enqueue;
  }

  /** Network time of the next event, possibly in the past; undefined when nothing is pending. */
  nextNs(): bigint | undefined {
    let next = earlier(earlier(this.#lifecycle.nextTimeoutNs(), this.#idleCharges.nextNs()), this.#subnet.held.nextNs());
    for (const canister of this.#subnet.canisters.all()) {
      for (const time of this.#timesOf(canister)) {
        if (next === undefined || time < next) next = time;
      }
    }
    return next;
  }

  /** Queues everything that is due, earliest timers first. @returns whether canisters have paid for the time that went by */
  fireDue(): boolean {
    const now = this.#subnet.clock.now();
    const hasCharged = this.#idleCharges.charge();
    this.#lifecycle.expire(now);
    for (const message of this.#subnet.held.takeDue(now)) this.#enqueue(message);
    const canisters = [...this.#subnet.canisters.all()];
    for (const canister of canisters) this.#expireCalls(canister, now);
    const timers = canisters.filter((canister) => this.#hasTimer(canister) && canister.globalTimerNs <= now);
    timers.sort((a, b) => (a.globalTimerNs < b.globalTimerNs ? -1 : a.globalTimerNs > b.globalTimerNs ? 1 : 0));
    for (const canister of timers) this.#queueTask(canister, 'canister_global_timer');
    for (const canister of canisters) {
      if (!this.#hasHeartbeat(canister) || canister.lastHeartbeatNs + HEARTBEAT_INTERVAL_NS > now) continue;
      canister.lastHeartbeatNs = now;
      this.#queueTask(canister, 'canister_heartbeat');
    }
    return hasCharged;
  }

  *#timesOf(canister: CanisterState): Generator<bigint> {
    if (this.#hasTimer(canister)) yield canister.globalTimerNs;
    if (this.#hasHeartbeat(canister)) yield canister.lastHeartbeatNs + HEARTBEAT_INTERVAL_NS;
    for (const { deadlineNs } of canister.callbacks.values()) if (deadlineNs !== undefined) yield deadlineNs;
  }

  #queueTask(canister: CanisterState, name: TaskMessage['export']): void {
    if (canister.queuedTasks.has(name)) return;
    canister.queuedTasks.add(name);
    this.#enqueue({ kind: 'task', canisterKey: canister.key, export: name });
  }

  /** Tells the callers of bounded calls that they'll learn no more; an answer that comes later finds nobody waiting. */
  #expireCalls(canister: CanisterState, now: bigint): void {
    for (const [callbackId, callback] of canister.callbacks.entries()) {
      if (callback.deadlineNs === undefined || callback.deadlineNs > now) continue;
      callback.deadlineNs = undefined;
      this.#enqueue({ kind: 'response', canisterKey: canister.key, callbackId, result: rejects.deadlineExpired(), refund: 0n });
    }
  }

  #hasTimer(canister: CanisterState): boolean {
    return canister.globalTimerNs > 0n && canister.exports('canister_global_timer') && canRunTask(this.#subnet, canister);
  }

  #hasHeartbeat(canister: CanisterState): boolean {
    return canister.exports('canister_heartbeat') && canRunTask(this.#subnet, canister);
  }
}

function earlier(one: bigint | undefined, other: bigint | undefined): bigint | undefined {
  return one === undefined || (other !== undefined && other < one) ? other : one;
}
