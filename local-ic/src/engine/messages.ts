import type { Origin } from '../canister/CallContext.ts';
import type { OutcallResult } from '../outcalls/Outcalls.ts';
import type { LOW_MEMORY_HOOK } from '../canister/lowMemory.ts';
import type { CanisterFiring } from './canisterFaults.ts';
import type { CallResult } from './types.ts';

/** A call on its way to a canister or to the management canister. */
export interface RequestMessage {
  kind: 'request';
  callee: Uint8Array;
  method: string;
  arg: Uint8Array;
  caller: Uint8Array;
  cycles: bigint;
  /** 0 when the caller waits without bound. */
  deadlineNs: bigint;
  origin: Origin;
  /** Faults that were decided already: the call was held back. */
  faults?: readonly CanisterFiring[];
}

/** An answer on its way to the canister that made the call. */
export interface ResponseMessage {
  kind: 'response';
  canisterKey: string;
  callbackId: number;
  result: CallResult;
  refund: bigint;
}

/** Work the network itself gives a canister. */
export interface TaskMessage {
  kind: 'task';
  canisterKey: string;
  export: 'canister_global_timer' | 'canister_heartbeat' | typeof LOW_MEMORY_HOOK;
}

/** What came of an HTTP request of a canister, on its way to the one that made it. */
export interface OutcallMessage {
  kind: 'outcall';
  id: number;
  result: OutcallResult;
}

/** An answer that was held back on its way. */
interface AnswerMessage {
  kind: 'answer';
  origin: Origin;
  result: CallResult;
  refund: bigint;
}

/** Starts a canister that a fault stopped. */
interface StartMessage {
  kind: 'start';
  canisterKey: string;
}

export type Message = RequestMessage | ResponseMessage | TaskMessage | OutcallMessage | AnswerMessage | StartMessage;

/** First in, first out; so the order of executions depends on nothing but the messages. */
export class MessageQueue {
  #messages: Message[] = [];
  #next = 0;

  get length(): number {
    return this.#messages.length - this.#next;
  }

  push(message: Message): void {
    this.#messages.push(message);
  }

  /** Queues a message that comes before all others. */
  pushFirst(message: Message): void {
    if (this.#next > 0) this.#messages[--this.#next] = message;
    else this.#messages.unshift(message);
  }

  take(): Message | undefined {
    const message = this.#messages[this.#next];
    if (message === undefined) return undefined;
    this.#next++;
    if (this.length === 0) this.#compact();
    else if (this.#next > 1_000 && this.#next * 2 > this.#messages.length) this.#compact();
    return message;
  }

  /** The messages that wait, in their order. */
  all(): readonly Message[] {
    return this.#messages.slice(this.#next);
  }

  #compact(): void {
    this.#messages = this.#messages.slice(this.#next);
    this.#next = 0;
  }
}
