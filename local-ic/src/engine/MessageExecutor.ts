import type { CanisterState } from '../canister/CanisterState.ts';
import { prepayExecution, settleExecution } from '../canister/cycles/executionFees.ts';
import { chargeIngress, chargeIngressAfterwards, isPaidAfterwards, prepayIngress } from '../canister/cycles/ingressFees.ts';
import { EntryPoint } from '../canister/EntryPoint.ts';
import { execute } from '../canister/execute.ts';
import type { Runtime } from '../canister/Runtime.ts';
import type { Lifecycle } from '../management/Lifecycle.ts';
import type { ManagementCanister } from '../management/ManagementCanister.ts';
import { receiveOutcall } from '../management/outcallResponse.ts';
import { applyToCall, failsCalls, sabotaged, type FaultTools } from './applyFaults.ts';
import type { CallContexts } from './CallContexts.ts';
import type { CallReports } from './CallReports.ts';
import { executeResponse } from './executeResponse.ts';
import { executeTask, queueLowMemoryHooks } from './executeTask.ts';
import { findRunning } from './findRunning.ts';
import { decideFaults, factsOfCall } from './messageFacts.ts';
import type { Message, RequestMessage } from './messages.ts';
import { payerOf } from './payer.ts';
import { rejected, rejects } from './rejects.ts';
import type { Subnet } from './Subnet.ts';
import type { CallResult } from './types.ts';

/** Answers a call: the result, and the attached cycles that were not taken. */
export type Respond = (result: CallResult, refund: bigint) => void;

interface ExecutorParts {
  subnet: Subnet;
  contexts: CallContexts;
  lifecycle: Lifecycle;
  management: ManagementCanister;
  /** What is noted of the calls somebody wants to know about. */
  reports: CallReports;
  /** Queues a message that comes before all others. */
  enqueueFirst(message: Message): void;
}

/** Executes the messages of the queue. */
export class MessageExecutor {
  readonly #parts: ExecutorParts;
  readonly #subnet: Subnet;
  readonly #contexts: CallContexts;
  readonly #faultTools: FaultTools;

  constructor(parts: ExecutorParts) {
    const { subnet, contexts, lifecycle } = parts;
    this.#parts = parts;
    this.#subnet = subnet;
    this.#contexts = contexts;
    this.#faultTools = {
      subnet,
      respond: (...answer) => contexts.respond(...answer),
      stop: (canister) => lifecycle.beginStop(canister)
    };
  }

  handle(message: Message): void {
    const endReport = this.#parts.reports.begin(message);
    try {
      this.#execute(message);
    } catch (error) {
      // A fault of the network itself. The message fails, the canister's state is as before, the rest goes on.
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#subnet.log(`[local-ic] internal error: ${text}`);
      if (message.kind === 'request') {
        this.#contexts.respond(message.origin, rejected('IC0521', 'Internal error of the network'), message.cycles);
      }
    } finally {
      endReport?.();
    }
    if (this.#subnet.lowOnMemory.size > 0) queueLowMemoryHooks(this.#subnet, this.#parts.enqueueFirst);
  }

  #execute(message: Message): void {
    const contexts = this.#contexts;
    switch (message.kind) {
      case 'request':
        return this.#deliver(message);
      case 'response':
        return executeResponse(this.#subnet, contexts, this.#faultTools, message);
      case 'task':
        return executeTask(this.#subnet, contexts, this.#faultTools, message);
      case 'outcall':
        return receiveOutcall(this.#subnet, (...answer) => contexts.respond(...answer), message.id, message.result);
      case 'answer':
        return contexts.respond(message.origin, message.result, message.refund);
      case 'start': {
        const canister = this.#subnet.canisters.byKey(message.canisterKey);
        if (canister !== undefined) this.#parts.lifecycle.start(canister);
      }
    }
  }

  #deliver(message: RequestMessage): void {
    if (message.deadlineNs > 0n && this.#subnet.clock.now() >= message.deadlineNs) return this.#dropExpired(message);
    const firings = message.faults ?? decideFaults(this.#subnet, () => factsOfCall(message));
    const request = firings.length === 0 ? message : applyToCall(message, firings, this.#faultTools);
    if (request === undefined) return;
    const respond: Respond = (result, refund) => this.#contexts.respond(request.origin, result, refund);
    if (request.callee.length === 0) return this.#callManagement(request, respond);
    const target = findRunning(this.#subnet, request.callee);
    if ('refusal' in target) return respond(target.refusal, request.cycles);
    this.#runMethod(target.canister, target.runtime, request, respond);
  }

  /** A request nobody has begun to process is forgotten at its deadline: its caller is told by the deadline itself. The cycles go back. */
  #dropExpired({ origin, cycles }: RequestMessage): void {
    if (origin.kind === 'canister') this.#subnet.canisters.byKey(origin.canisterKey)?.receiveCycles(cycles);
  }

  #callManagement(request: RequestMessage, respond: Respond): void {
    const { management } = this.#parts;
    const payer = payerOf(this.#subnet, request);
    if (payer === undefined) return management.handle(request, respond);
    if (isPaidAfterwards(request)) {
      return management.handle(request, (result, refund) => {
        if (result.kind === 'reply') chargeIngressAfterwards(this.#subnet, payer, request);
        respond(result, refund);
      });
    }
    const unpaid = chargeIngress(this.#subnet, payer, request);
    if (unpaid !== undefined) return respond(rejects.outOfCycles(unpaid.refusal), request.cycles);
    management.handle(request, respond);
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
    const context = this.#contexts.open(canister, method, origin, caller, cycles, deadlineNs);
    const kind = isUpdate ? EntryPoint.update : EntryPoint.replicatedQuery;
    const input = { kind, timeNs: this.#subnet.clock.now(), arg, caller, context, failsCalls: failsCalls(faults) };
    const name = `canister_${isUpdate ? 'update' : 'query'} ${method}`;
    const select = sabotaged((heap) => heap.exported(name), faults);
    const outcome = execute(canister, runtime, input, select, isUpdate ? 'commit' : 'discard');
    settleExecution(this.#subnet, canister, payment.prepaid, outcome.execution.instructions);
    this.#contexts.finish(canister, context, outcome, method);
  }
}
