import type { CanisterState } from '../canister/CanisterState.ts';
import { CallContext, type Origin } from '../canister/CallContext.ts';
import { settleUnexecuted } from '../canister/cycles/callFees.ts';
import { entryPointName } from '../canister/EntryPoint.ts';
import type { Outcome } from '../canister/execute.ts';
import type { OutgoingCall } from '../canister/Execution.ts';
import { noteMemoryLeft } from '../canister/lowMemory.ts';
import { joinParts } from '../canister/systemApi/messageApi.ts';
import { applyToAnswer } from './applyFaults.ts';
import type { CallReports } from './CallReports.ts';
import type { IngressLedger } from './IngressLedger.ts';
import type { Message } from './messages.ts';
import { answered, rejects } from './rejects.ts';
import type { Subnet } from './Subnet.ts';
import type { CallResult } from './types.ts';

const NS_PER_SECOND = 1_000_000_000n;
/** The IC's longest wait of a best-effort call. */
const MAX_TIMEOUT_SECONDS = 300;

/** What call contexts need of their surroundings. */
interface CallContextParts {
  subnet: Subnet;
  ingress: IngressLedger;
  reports: CallReports;
  enqueue(message: Message): void;
  /** A call context ended: a canister that is stopping may be stopped now. */
  closed(canister: CanisterState): void;
}

/** The calls that canisters have begun to process: what executions come to for them, until they are answered and await nothing. */
export class CallContexts {
  readonly #parts: CallContextParts;

  constructor(parts: CallContextParts) {
    this.#parts = parts;
  }

  /** Answers a call, whoever made it. @param refund attached cycles that were not taken */
  respond(origin: Origin, given: CallResult, refund: bigint): void {
    const { subnet, ingress, reports, enqueue } = this.#parts;
    const result = origin.faults === undefined ? given : applyToAnswer(origin, given, refund, subnet);
    if (result === undefined) return;
    if (origin.kind === 'ingress') {
      reports.close(origin.ingressId);
      ingress.answer(origin.ingressId, result);
    } else if (origin.kind === 'canister') {
      enqueue({ kind: 'response', canisterKey: origin.canisterKey, callbackId: origin.callbackId, result, refund });
    }
  }

  /** @param method what it runs: a method, or the function of a task */
  open(canister: CanisterState, method: string, origin: Origin, caller: Uint8Array, cycles = 0n, deadlineNs = 0n): CallContext {
    const context = new CallContext(canister.nextContextId++, origin, caller, cycles, deadlineNs);
    context.method = method;
    canister.contexts.add(context);
    return context;
  }

  /** Passes on what an execution came to: its calls, its response, or the reject that stands for a missing one. */
  finish(canister: CanisterState, context: CallContext, { execution, trap }: Outcome, what: string): void {
    if (trap !== undefined) this.#parts.subnet.logOf(canister, `${entryPointName(execution.kind)} ${what}`, trap.message);
    else {
      for (const call of execution.calls) this.#call(canister, context, call);
      if (execution.response !== undefined) this.#answer(context, answered(execution.response));
    }
    noteMemoryLeft(canister, this.#parts.subnet.lowOnMemory);
    if (!context.responded && context.outstanding === 0) {
      this.#answer(context, trap === undefined ? rejects.noReply(canister) : rejects.trapped(canister, trap));
    }
    this.#closeIfDone(canister, context);
  }

  /** Ends all calls in progress, for a canister whose code goes away; its callbacks can't be run any more. */
  rejectAll(canister: CanisterState, result: CallResult): void {
    for (const { prepaid } of canister.callbacks.values()) settleUnexecuted(this.#parts.subnet, canister, prepaid);
    canister.callbacks.clear();
    for (const context of [...canister.contexts]) {
      context.outstanding = 0;
      if (!context.responded) this.#answer(context, result);
      this.#closeIfDone(canister, context);
    }
  }

  #call(canister: CanisterState, context: CallContext, call: OutgoingCall): void {
    const { callee, calleeKey, method, onReply, onReject, onCleanup, cycles, timeoutSeconds, prepaid } = call;
    const deadlineNs =
      timeoutSeconds === undefined
        ? undefined
        : this.#parts.subnet.clock.now() + BigInt(Math.min(timeoutSeconds, MAX_TIMEOUT_SECONDS)) * NS_PER_SECOND;
    const callbackId = canister.nextCallbackId++;
    canister.callbacks.add(callbackId, { context, calleeKey, onReply, onReject, onCleanup, deadlineNs, prepaid });
    context.outstanding++;
    this.#parts.enqueue({
      kind: 'request',
      callee,
      method,
      arg: joinParts(call.arg, call.argBytes),
      caller: canister.idBytes,
      cycles,
      deadlineNs: deadlineNs ?? 0n,
      origin: { kind: 'canister', canisterKey: canister.key, callbackId }
    });
  }

  #answer(context: CallContext, result: CallResult): void {
    context.responded = true;
    const refund = context.cyclesAvailable;
    context.cyclesAvailable = 0n;
    this.respond(context.origin, result, refund);
  }

  #closeIfDone(canister: CanisterState, context: CallContext): void {
    if (context.outstanding > 0) return;
    canister.contexts.delete(context);
    this.#parts.closed(canister);
  }
}
