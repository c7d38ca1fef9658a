import type { CallContext, Origin } from '../canister/CallContext.ts';
import type { CanisterState } from '../canister/CanisterState.ts';
import { CallRecording } from './CallRecording.ts';
import type { Message } from './messages.ts';
import type { Subnet } from './Subnet.ts';

/**
 * The calls whose execution somebody wants to know about. Which message belongs to which of them follows from its origin: the call from
 * outside, or the call context whose call it is or answers. It is kept beside the state, never in it, and costs nothing while nobody asks.
 */
export class CallReports {
  readonly #subnet: Subnet;
  /** Calls without an answer, by ingress id. */
  readonly #open = new Map<number, CallRecording>();
  readonly #ofContext = new WeakMap<CallContext, CallRecording>();

  constructor(subnet: Subnet) {
    this.#subnet = subnet;
  }

  /** Takes notes of a call from outside, which hasn't begun yet. */
  open(ingressId: number): CallRecording {
    const recording: CallRecording = new CallRecording(this.#subnet.clock.now(), (context) => this.#ofContext.set(context, recording));
    this.#open.set(ingressId, recording);
    return recording;
  }

  /** The call is answered: what comes after the running message isn't part of it any more. */
  close(ingressId: number): void {
    const recording = this.#open.get(ingressId);
    if (recording === undefined) return;
    recording.endNs = this.#subnet.clock.now();
    this.#open.delete(ingressId);
  }

  /** A message is about to be handled. @returns what to call when that is done; undefined when the message isn't of interest */
  begin(message: Message): (() => void) | undefined {
    if (this.#open.size === 0) return undefined;
    const recording = this.#recordingOf(message);
    if (recording === undefined || recording.endNs !== undefined) return undefined;
    const balances = this.#concernedBy(message).map((canister) => ({ canister, before: canister.cycles }));
    this.#subnet.observer = recording;
    return () => {
      this.#subnet.observer = undefined;
      for (const { canister, before } of balances) recording.balanceChanged(canister, canister.cycles - before);
    };
  }

  #recordingOf(message: Message): CallRecording | undefined {
    if (message.kind === 'task' || message.kind === 'outcall' || message.kind === 'start') return undefined;
    const origin: Origin = message.kind === 'response' ? { ...message, kind: 'canister' } : message.origin;
    if (origin.kind === 'ingress') return this.#open.get(origin.ingressId);
    if (origin.kind === 'task') return undefined;
    const callback = this.#subnet.canisters.byKey(origin.canisterKey)?.callbacks.get(origin.callbackId);
    return callback && this.#ofContext.get(callback.context);
  }

  /** The canisters whose balance the message may change. */
  #concernedBy(message: Message): CanisterState[] {
    const { canisters } = this.#subnet;
    // The management canister has none itself; which one it works on stands in its argument.
    if (message.kind === 'request' && message.callee.length === 0) return [...canisters.all()];
    // Whoever made an HTTP request, or waits for an answer that was held back, is answered by a message of its own.
    if (message.kind === 'outcall' || message.kind === 'answer') return [];
    const canister = message.kind === 'request' ? canisters.get(message.callee) : canisters.byKey(message.canisterKey);
    return canister === undefined ? [] : [canister];
  }
}
