import type { CanisterState, Callback } from '../canister/CanisterState.ts';
import { CallContext, type Origin } from '../canister/CallContext.ts';
import { settleTransmission, settleUnexecuted } from '../canister/cycles/callFees.ts';
import { prepayExecution, settleExecution } from '../canister/cycles/executionFees.ts';
import { chargeIngress, chargeIngressAfterwards, isPaidAfterwards, prepayIngress } from '../canister/cycles/ingressFees.ts';
import { EntryPoint, entryPointName } from '../canister/EntryPoint.ts';
import { execute, type Outcome } from '../canister/execute.ts';
import type { ExecutionInput, OutgoingCall } from '../canister/Execution.ts';
import type { Runtime } from '../canister/Runtime.ts';
import { joinParts } from '../canister/systemApi/messageApi.ts';
import { applyToAnswer, applyToCall, applyToCanister, failsCalls, sabotaged, type FaultTools } from './applyFaults.ts';
import type { CanisterFiring, MessageFacts } from './canisterFaults.ts';
import { CallReports } from './CallReports.ts';
import { factsOfAnswer, factsOfCall, factsOfTask } from './messageFacts.ts';
import type { AnswerMessage, Message, OutcallMessage, RequestMessage, ResponseMessage, StartMessage, TaskMessage } from './messages.ts';
import { answered, rejectMessageForCanister, rejected, rejects } from './rejects.ts';
import { findRunning } from './findRunning.ts';
import type { IngressLedger } from './IngressLedger.ts';
import { payerOf } from './payer.ts';
import type { Subnet } from './Subnet.ts';
import type { CallResult } from './types.ts';

const NO_FIRINGS: readonly CanisterFiring[] = [];
/** A round without messages lasts a second here: when a task that couldn't be run is tried again. */
const ROUND_NS = 1_000_000_000n;
const NS_PER_SECOND = 1_000_000_000n;
/** The IC's longest wait of a best-effort call. */
const MAX_TIMEOUT_SECONDS = 300;

/** The caller of tasks: the management canister, whose principal has no bytes. */
const NETWORK_ITSELF = new Uint8Array(0);

/** Answers a call: the result, and the attached cycles that were not taken. */
export type Respond = (result: CallResult, refund: bigint) => void;

export interface ExecutorHooks {
  enqueue(message: Message): void;
  /** Runs a call of the management canister. */
  management(request: RequestMessage, respond: Respond): void;
  /** Answers the canister that made an HTTP request. */
  outcall(message: OutcallMessage): void;
  /** A call context ended: a canister that is stopping may be stopped now. */
  contextClosed(canister: CanisterState): void;
  /** Starts a canister that was stopped. */
  start(canister: CanisterState): void;
}

/** Executes the messages of the queue: delivers calls, runs callbacks and tasks, and passes on what comes of them. */
export class MessageExecutor {
  readonly #subnet: Subnet;
  readonly #hooks: ExecutorHooks;
  readonly #faultTools: FaultTools;
  /** What is noted of the calls somebody wants to know about. */
  readonly reports: CallReports;
  readonly #ingress: IngressLedger;

  constructor(subnet: Subnet, ingress: IngressLedger, hooks: ExecutorHooks) {
    this.#subnet = subnet;
    this.#ingress = ingress;
    this.#hooks = hooks;
    this.#faultTools = { subnet, respond: (...answer) => this.respond(...answer), stop: (canister) => this.#stop(canister) };
    this.reports = new CallReports(subnet);
  }

  handle(message: Message): void {
    const endReport = this.reports.begin(message);
    try {
      if (message.kind === 'request') this.#deliver(message);
      else if (message.kind === 'response') this.#receive(message);
      else if (message.kind === 'outcall') this.#hooks.outcall(message);
      else if (message.kind === 'task') this.#runTask(message);
      else this.#resume(message);
    } catch (error) {
      // A fault of the network itself. The message fails, the canister's state is as before, the rest goes on.
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#subnet.log(`[local-ic] internal error: ${text}`);
      if (message.kind === 'request') this.respond(message.origin, rejected('IC0521', 'Internal error of the network'), message.cycles);
    } finally {
      endReport?.();
    }
  }

  respond(origin: Origin, given: CallResult, refund: bigint): void {
    const result = origin.faults === undefined ? given : applyToAnswer(origin, given, refund, this.#subnet);
    if (result === undefined) return;
    if (origin.kind === 'ingress') {
      this.reports.close(origin.ingressId);
      this.#ingress.answer(origin.ingressId, result);
    } else if (origin.kind === 'canister') {
      this.#hooks.enqueue({ kind: 'response', canisterKey: origin.canisterKey, callbackId: origin.callbackId, result, refund });
    }
  }

  /** Ends all calls in progress, for a canister whose code goes away; its callbacks can't be run any more. */
  rejectOpenContexts(canister: CanisterState, result: CallResult): void {
    for (const { prepaid } of canister.callbacks.values()) settleUnexecuted(this.#subnet, canister, prepaid);
    canister.callbacks.clear();
    for (const context of [...canister.contexts]) {
      context.outstanding = 0;
      if (!context.responded) this.#answer(context, result);
      this.#closeIfDone(canister, context);
    }
  }

  #deliver(message: RequestMessage): void {
    if (message.deadlineNs > 0n && this.#subnet.clock.now() >= message.deadlineNs) return this.#dropExpired(message);
    const firings = message.faults ?? this.#decide(() => factsOfCall(message));
    const request = firings.length === 0 ? message : applyToCall(message, firings, this.#faultTools);
    if (request === undefined) return;
    const respond: Respond = (result, refund) => this.respond(request.origin, result, refund);
    if (request.callee.length === 0) return this.#callManagement(request, respond);
    const target = findRunning(this.#subnet, request.callee);
    if ('refusal' in target) return respond(target.refusal, request.cycles);
    this.#runMethod(target.canister, target.runtime, request, respond);
  }

  /** A request nobody has begun to process is forgotten at its deadline: its caller is told by the deadline itself. The cycles go back. */
  #dropExpired({ origin, cycles }: RequestMessage): void {
    if (origin.kind === 'canister') this.#addCycles(this.#subnet.canisters.byKey(origin.canisterKey), cycles);
  }

  #callManagement(request: RequestMessage, respond: Respond): void {
    const payer = payerOf(this.#subnet, request);
    if (payer === undefined) return this.#hooks.management(request, respond);
    if (isPaidAfterwards(request)) {
      return this.#hooks.management(request, (result, refund) => {
        if (result.kind === 'reply') chargeIngressAfterwards(this.#subnet, payer, request);
        respond(result, refund);
      });
    }
    const unpaid = chargeIngress(this.#subnet, payer, request);
    if (unpaid !== undefined) return respond(rejects.outOfCycles(unpaid.refusal), request.cycles);
    this.#hooks.management(request, respond);
  }

  #addCycles(canister: CanisterState | undefined, cycles: bigint): void {
    if (canister === undefined) return;
    canister.cycles += cycles;
    canister.revision++;
  }

  #runMethod(canister: CanisterState, runtime: Runtime, request: RequestMessage, respond: Respond): void {
    const { method, arg, caller, cycles, deadlineNs, origin, faults } = request;
    const payment =
      origin.kind === 'ingress'
        ? prepayIngress(this.#subnet, canister, request)
        : prepayExecution(this.#subnet, canister, this.#subnet.instructionLimits.update, caller);
    if ('refusal' in payment) return respond(rejects.outOfCycles(payment.refusal), cycles);
    const isUpdate = canister.exports(`canister_update ${method}`);
    if (!isUpdate && !canister.exports(`canister_query ${method}`)) {
      settleExecution(this.#subnet, canister, payment.prepaid, 0n);
      const composite = canister.exports(`canister_composite_query ${method}`);
      return respond(composite ? rejects.compositeInUpdate(canister, method) : rejects.noMethod(canister, 'update', method), cycles);
    }
    const context = new CallContext(canister.nextContextId++, origin, caller, cycles, deadlineNs);
    context.method = method;
    canister.contexts.add(context);
    const kind = isUpdate ? EntryPoint.update : EntryPoint.replicatedQuery;
    const input = { kind, timeNs: this.#subnet.clock.now(), arg, caller, context, failsCalls: failsCalls(faults) };
    const name = `canister_${isUpdate ? 'update' : 'query'} ${method}`;
    const select = sabotaged((heap) => heap.exported(name), faults);
    const outcome = execute(canister, runtime, input, select, isUpdate ? 'commit' : 'discard');
    settleExecution(this.#subnet, canister, payment.prepaid, outcome.execution.instructions);
    this.#finish(canister, context, outcome, method);
  }

  #receive({ canisterKey, callbackId, result, refund }: ResponseMessage): void {
    const canister = this.#subnet.canisters.byKey(canisterKey);
    if (canister === undefined) return;
    this.#addCycles(canister, refund);
    const callback = canister.callbacks.get(callbackId);
    // It may have been answered by its deadline, or the code may be gone.
    if (callback === undefined || canister.runtime === undefined) return;
    canister.callbacks.delete(callbackId);
    const { context } = callback;
    context.outstanding--;
    context.answers++;
    settleTransmission(this.#subnet, canister, callback.prepaid, result);
    const faults = this.#decide(() => factsOfAnswer(canister, context));
    for (const firing of faults) applyToCanister(canister, firing, this.#faultTools);
    const outcome = this.#runCallback(canister, canister.runtime, callback, { result, refund, faults });
    this.#finish(canister, context, outcome, 'callback');
  }

  #runCallback(
    canister: CanisterState,
    runtime: Runtime,
    { context, onReply, onReject, onCleanup, prepaid }: Callback,
    { result, refund, faults }: { result: CallResult; refund: bigint; faults: readonly CanisterFiring[] }
  ): Outcome {
    const timeNs = this.#subnet.clock.now();
    const common = { timeNs, caller: context.caller, context, refundedCycles: refund, failsCalls: failsCalls(faults) };
    const input: ExecutionInput =
      result.kind === 'reply'
        ? { ...common, kind: EntryPoint.reply, arg: result.reply }
        : { ...common, kind: EntryPoint.reject, rejectCode: result.code, rejectMessage: rejectMessageForCanister(result) };
    const select = sabotaged((heap) => heap.closure(result.kind === 'reply' ? onReply : onReject), faults);
    const outcome = execute(canister, runtime, input, select);
    let { instructions } = outcome.execution;
    if (outcome.trap !== undefined && onCleanup !== undefined) {
      const cleanup = { ...input, kind: EntryPoint.cleanup };
      const { trap, execution } = execute(canister, runtime, cleanup, (heap) => heap.closure(onCleanup));
      instructions += execution.instructions;
      if (trap !== undefined) this.#logTrap(canister, 'cleanup', trap.message);
    }
    settleExecution(this.#subnet, canister, prepaid.execution, instructions);
    return outcome;
  }

  #runTask({ canisterKey, export: name }: TaskMessage): void {
    const canister = this.#subnet.canisters.byKey(canisterKey);
    canister?.queuedTasks.delete(name);
    if (canister?.runtime === undefined || canister.status !== 'running') return;
    const timeNs = this.#subnet.clock.now();
    // It may have been set anew since the task was queued.
    const isTimer = name === 'canister_global_timer';
    if (isTimer && (canister.globalTimerNs === 0n || canister.globalTimerNs > timeNs)) return;
    const faults = this.#decide(() => factsOfTask(canister, name));
    for (const firing of faults) applyToCanister(canister, firing, this.#faultTools);
    // A canister that is stopped now keeps its timer for later.
    if (faults.some(({ effect }) => effect.kind === 'stop')) return;
    if (faults.some(({ effect }) => effect.kind === 'skip-task')) {
      if (isTimer) canister.globalTimerNs = timeNs + ROUND_NS;
      return;
    }
    const payment = prepayExecution(this.#subnet, canister, this.#subnet.instructionLimits.update, NETWORK_ITSELF);
    if ('refusal' in payment) return this.#logTrap(canister, name, payment.refusal);
    if (isTimer) {
      canister.globalTimerNs = 0n;
      canister.revision++;
    }
    const context = new CallContext(canister.nextContextId++, { kind: 'task' }, NETWORK_ITSELF);
    context.method = name;
    canister.contexts.add(context);
    const input = { kind: EntryPoint.task, timeNs, caller: NETWORK_ITSELF, context, failsCalls: failsCalls(faults) };
    const select = sabotaged((heap) => heap.exported(name), faults);
    const outcome = execute(canister, canister.runtime, input, select);
    settleExecution(this.#subnet, canister, payment.prepaid, outcome.execution.instructions);
    this.#finish(canister, context, outcome, name);
  }

  /** Passes on what an execution came to: its calls, its response, or the reject that stands for a missing one. */
  #finish(canister: CanisterState, context: CallContext, { execution, trap }: Outcome, what: string): void {
    if (trap !== undefined) this.#logTrap(canister, `${entryPointName(execution.kind)} ${what}`, trap.message);
    else {
      for (const call of execution.calls) this.#call(canister, context, call);
      if (execution.response !== undefined) this.#answer(context, answered(execution.response));
    }
    if (!context.responded && context.outstanding === 0) {
      this.#answer(context, trap === undefined ? rejects.noReply(canister) : rejects.trapped(canister, trap));
    }
    this.#closeIfDone(canister, context);
  }

  #call(canister: CanisterState, context: CallContext, call: OutgoingCall): void {
    const { callee, method, onReply, onReject, onCleanup, cycles, timeoutSeconds, prepaid } = call;
    const deadlineNs =
      timeoutSeconds === undefined
        ? undefined
        : this.#subnet.clock.now() + BigInt(Math.min(timeoutSeconds, MAX_TIMEOUT_SECONDS)) * NS_PER_SECOND;
    const callbackId = canister.nextCallbackId++;
    canister.callbacks.set(callbackId, { context, onReply, onReject, onCleanup, deadlineNs, prepaid });
    context.outstanding++;
    this.#hooks.enqueue({
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
    this.#hooks.contextClosed(canister);
  }

  /** Asks what is to go wrong with a message; costs nothing as long as nothing is. */
  #decide(facts: () => Omit<MessageFacts, 'timeNs'>): readonly CanisterFiring[] {
    const { faults, clock } = this.#subnet;
    return faults.isActive ? faults.decide({ ...facts(), timeNs: clock.now() }) : NO_FIRINGS;
  }

  #stop(canister: CanisterState): void {
    canister.status = 'stopping';
    canister.touch();
    this.#hooks.contextClosed(canister);
  }

  /** Goes on with what a fault held back. */
  #resume(message: AnswerMessage | StartMessage): void {
    if (message.kind === 'answer') return this.respond(message.origin, message.result, message.refund);
    const canister = this.#subnet.canisters.byKey(message.canisterKey);
    if (canister !== undefined) this.#hooks.start(canister);
  }

  #logTrap(canister: CanisterState, what: string, message: string): void {
    this.#subnet.log(`[Canister ${canister.name}] ${what}: ${message}`);
  }
}
