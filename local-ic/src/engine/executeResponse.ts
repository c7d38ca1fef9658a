import type { Callback } from '../canister/Callbacks.ts';
import type { CanisterState } from '../canister/CanisterState.ts';
import { settleTransmission } from '../canister/cycles/callFees.ts';
import { settleExecution } from '../canister/cycles/executionFees.ts';
import { EntryPoint } from '../canister/EntryPoint.ts';
import { execute, type Outcome } from '../canister/execute.ts';
import type { ExecutionInput } from '../canister/Execution.ts';
import type { Runtime } from '../canister/Runtime.ts';
import { applyToCanister, failsCalls, sabotaged, type FaultTools } from './applyFaults.ts';
import type { CallContexts } from './CallContexts.ts';
import type { CanisterFiring } from './canisterFaults.ts';
import { decideFaults, factsOfAnswer } from './messageFacts.ts';
import type { ResponseMessage } from './messages.ts';
import { rejectMessageForCanister } from './rejects.ts';
import type { Subnet } from './Subnet.ts';

/** Gives an answer to the canister that made the call: refunds its cycles and runs the callback. */
export function executeResponse(subnet: Subnet, contexts: CallContexts, tools: FaultTools, message: ResponseMessage): void {
  const canister = subnet.canisters.byKey(message.canisterKey);
  if (canister === undefined) return;
  canister.receiveCycles(message.refund);
  // The code may be gone, or the callback have been told that its deadline has passed.
  const callback = canister.runtime && canister.callbacks.take(message.callbackId);
  if (callback === undefined || canister.runtime === undefined) return;
  const { context } = callback;
  context.outstanding--;
  context.answers++;
  settleTransmission(subnet, canister, callback.prepaid, message.result);
  const faults = decideFaults(subnet, () => factsOfAnswer(canister, context));
  for (const firing of faults) applyToCanister(canister, firing, tools);
  contexts.finish(canister, context, runCallback(subnet, canister, canister.runtime, callback, message, faults), 'callback');
}

function runCallback(
  subnet: Subnet,
  canister: CanisterState,
  runtime: Runtime,
  { context, onReply, onReject, onCleanup, prepaid }: Callback,
  { result, refund }: ResponseMessage,
  faults: readonly CanisterFiring[]
): Outcome {
  const common = {
    timeNs: subnet.clock.now(),
    caller: context.caller,
    context,
    refundedCycles: refund,
    failsCalls: failsCalls(faults)
  };
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
    if (trap !== undefined) subnet.logOf(canister, 'cleanup', trap.message);
  }
  settleExecution(subnet, canister, prepaid.execution, instructions);
  return outcome;
}
