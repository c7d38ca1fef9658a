import { canPrepayExecution, prepayExecution, settleExecution } from '../canister/cycles/executionFees.ts';
import type { CanisterState } from '../canister/CanisterState.ts';
import { EntryPoint } from '../canister/EntryPoint.ts';
import { execute } from '../canister/execute.ts';
import { LOW_MEMORY_HOOK, noteMemoryLeft } from '../canister/lowMemory.ts';
import { applyToCanister, failsCalls, sabotaged, type FaultTools } from './applyFaults.ts';
import type { CallContexts } from './CallContexts.ts';
import { decideFaults, factsOfTask } from './messageFacts.ts';
import type { Message, TaskMessage } from './messages.ts';
import type { Subnet } from './Subnet.ts';

/** A round without messages lasts a second here: when a task that couldn't be run is tried again. */
const ROUND_NS = 1_000_000_000n;

/** The caller of tasks: the management canister, whose principal has no bytes. */
const NETWORK_ITSELF = new Uint8Array(0);

/**
 * Queues the hooks of canisters whose memory runs out, as far as they can run now, before all other messages. After every message, so that it doesn't depend
 * on where rounds end.
 */
export function queueLowMemoryHooks(subnet: Subnet, enqueueFirst: (message: Message) => void): void {
  // Sorted, because the set's own order is that of this process.
  for (const canister of [...subnet.lowOnMemory].sort((a, b) => (a.key < b.key ? -1 : 1))) {
    if (!canRunTask(subnet, canister)) continue;
    subnet.lowOnMemory.delete(canister);
    canister.queuedTasks.add(LOW_MEMORY_HOOK);
    enqueueFirst({ kind: 'task', canisterKey: canister.key, export: LOW_MEMORY_HOOK });
  }
}

/** Whether a canister's tasks can run; those of a frozen one wait until it has cycles again. */
export function canRunTask(subnet: Subnet, canister: CanisterState): boolean {
  return canister.status === 'running' && canPrepayExecution(subnet, canister, subnet.instructionLimits.update);
}

/** Runs what the network itself has a canister do, if it still can and is to. */
export function executeTask(subnet: Subnet, contexts: CallContexts, tools: FaultTools, { canisterKey, export: name }: TaskMessage): void {
  const canister = subnet.canisters.byKey(canisterKey);
  canister?.queuedTasks.delete(name);
  if (canister === undefined) return;
  const isHook = name === LOW_MEMORY_HOOK;
  // It waits again if it can't run now.
  if (isHook) noteMemoryLeft(canister, subnet.lowOnMemory);
  if (canister.runtime === undefined || canister.status !== 'running' || (isHook && canister.lowMemory !== 'ready')) return;
  const timeNs = subnet.clock.now();
  // It may have been set anew since the task was queued.
  const isTimer = name === 'canister_global_timer';
  if (isTimer && (canister.globalTimerNs === 0n || canister.globalTimerNs > timeNs)) return;
  const faults = name === LOW_MEMORY_HOOK ? [] : decideFaults(subnet, () => factsOfTask(canister, name));
  for (const firing of faults) applyToCanister(canister, firing, tools);
  // A canister that is stopped now keeps its timer for later.
  if (faults.some(({ effect }) => effect.kind === 'stop')) return;
  if (faults.some(({ effect }) => effect.kind === 'skip-task')) {
    if (isTimer) canister.globalTimerNs = timeNs + ROUND_NS;
    return;
  }
  if (isHook && !canister.exports(name)) return endHook(subnet, canister);
  const payment = prepayExecution(subnet, canister, subnet.instructionLimits.update, NETWORK_ITSELF);
  if ('refusal' in payment) return subnet.logOf(canister, name, payment.refusal);
  if (isTimer) canister.globalTimerNs = 0n;
  if (isHook) endHook(subnet, canister);
  canister.revision++;
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

/** The hook has had its turn, until enough memory was left in between. */
function endHook({ lowOnMemory }: Subnet, canister: CanisterState): void {
  canister.lowMemory = 'executed';
  canister.revision++;
  lowOnMemory.delete(canister);
}
