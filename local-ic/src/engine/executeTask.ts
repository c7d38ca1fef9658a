import { prepayExecution, settleExecution } from '../canister/cycles/executionFees.ts';
import { EntryPoint } from '../canister/EntryPoint.ts';
import { execute } from '../canister/execute.ts';
import { applyToCanister, failsCalls, sabotaged, type FaultTools } from './applyFaults.ts';
import type { CallContexts } from './CallContexts.ts';
import { decideFaults, factsOfTask } from './messageFacts.ts';
import type { TaskMessage } from './messages.ts';
import type { Subnet } from './Subnet.ts';

/** A round without messages lasts a second here: when a task that couldn't be run is tried again. */
const ROUND_NS = 1_000_000_000n;

/** The caller of tasks: the management canister, whose principal has no bytes. */
const NETWORK_ITSELF = new Uint8Array(0);

/** Runs what the network itself has a canister do, if it still can and is to. */
export function executeTask(subnet: Subnet, contexts: CallContexts, tools: FaultTools, { canisterKey, export: name }: TaskMessage): void {
  const canister = subnet.canisters.byKey(canisterKey);
  canister?.queuedTasks.delete(name);
  if (canister?.runtime === undefined || canister.status !== 'running') return;
  const timeNs = subnet.clock.now();
  // It may have been set anew since the task was queued.
  const isTimer = name === 'canister_global_timer';
  if (isTimer && (canister.globalTimerNs === 0n || canister.globalTimerNs > timeNs)) return;
  const faults = decideFaults(subnet, () => factsOfTask(canister, name));
  for (const firing of faults) applyToCanister(canister, firing, tools);
  // A canister that is stopped now keeps its timer for later.
  if (faults.some(({ effect }) => effect.kind === 'stop')) return;
  if (faults.some(({ effect }) => effect.kind === 'skip-task')) {
    if (isTimer) canister.globalTimerNs = timeNs + ROUND_NS;
    return;
  }
  const payment = prepayExecution(subnet, canister, subnet.instructionLimits.update, NETWORK_ITSELF);
  if ('refusal' in payment) return subnet.logOf(canister, name, payment.refusal);
  if (isTimer) {
    canister.globalTimerNs = 0n;
    canister.revision++;
  }
  const context = contexts.open(canister, name, { kind: 'task' }, NETWORK_ITSELF);
  const input = { kind: EntryPoint.task, timeNs, caller: NETWORK_ITSELF, context, failsCalls: failsCalls(faults) };
  const outcome = execute(
    canister,
    canister.runtime,
    input,
    sabotaged((heap) => heap.exported(name), faults)
  );
  settleExecution(subnet, canister, payment.prepaid, outcome.execution.instructions);
  contexts.finish(canister, context, outcome, name);
}
