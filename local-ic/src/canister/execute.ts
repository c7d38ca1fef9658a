import type { CanisterState } from './CanisterState.ts';
import { growthBase, requireCyclesForGrowth } from './cycles/growth.ts';
import { EntryPoint, isReplicated } from './EntryPoint.ts';
import { Execution, type ExecutionInput } from './Execution.ts';
import type { Heap, HeapChanges } from './Heap.ts';
import { limitOf } from './instructionLimits.ts';
import type { Runtime } from './Runtime.ts';
import type { StableImage } from './StableMemory.ts';
import { dropPendingCall } from './systemApi/callApi.ts';
import { asTrap, StackOverflow, Trap } from './Trap.ts';
import { checkWasmMemoryLimit } from './wasmMemoryLimit.ts';

const encoder = new TextEncoder();

/** A state of a canister's memories, as a composite query leaves it between two of its parts. */
export interface MemoryImage {
  heap: HeapChanges;
  stable: StableImage;
}

/**
 * What becomes of the changes of an execution that succeeds: kept; undone; undone and handed back; or kept for now, so that undoing the
 * heap later undoes them too. A trap always undoes them.
 */
export type Ending = 'commit' | 'discard' | 'capture' | 'hold';

export interface Outcome {
  execution: Execution;
  trap: Trap | undefined;
  image: MemoryImage | undefined;
}

/**
 * Runs one function of a canister as one message: all of its changes to memory, globals, stable memory, certified data, cycles and timer
 * happen, or none. The effects on others (response, calls) stand in the execution and are void when it trapped.
 *
 * @param select finds the function to run; may trap
 * @param from the memories to begin with, when not the committed ones
 */
export function execute(
  canister: CanisterState,
  { heap, env }: Runtime,
  input: ExecutionInput,
  select: (heap: Heap) => (() => void) | undefined,
  ending: Ending = 'commit',
  from?: MemoryImage
): Outcome {
  const execution = new Execution(input);
  const { context } = execution;
  const before = {
    certifiedData: canister.certifiedData,
    cycles: canister.cycles,
    consumedCycles: canister.consumedCycles,
    globalTimerNs: canister.globalTimerNs,
    cyclesAvailable: context?.cyclesAvailable ?? 0n
  };
  const undo = (): void => {
    heap.rollback();
    canister.stableMemory.rollback();
    canister.certifiedData = before.certifiedData;
    canister.cycles = before.cycles;
    canister.consumedCycles = before.consumedCycles;
    canister.globalTimerNs = before.globalTimerNs;
    if (context !== undefined) context.cyclesAvailable = before.cyclesAvailable;
  };
  if (isReplicated(input.kind)) heap.shedSpare();
  if (from !== undefined) {
    heap.load(from.heap);
    canister.stableMemory.load(from.stable);
  }
  const { prices } = env.network;
  const bytesBefore = growthBase(canister, prices, input.kind);
  env.execution = execution;
  env.meter.start(limitOf(input.kind, env.network.instructionLimits));
  let trap: Trap | undefined;
  try {
    select(heap)?.();
    env.meter.check();
    dropPendingCall(env);
    checkWasmMemoryLimit(canister, input.kind, heap.byteLength);
    if (bytesBefore !== undefined) requireCyclesForGrowth(canister, prices, bytesBefore, execution.caller);
  } catch (error) {
    trap = asTrap(error);
    if (trap === undefined) {
      undo();
      throw error;
    }
    // Where the stack ends is not the same in every run, so it must not show in anything that is kept, as the cycles this costs.
    if (trap instanceof StackOverflow) env.meter.exhaust();
    // The code itself can only trap without a reason when its instructions are used up.
    if (env.meter.isExceeded) trap = Trap.instructionLimit(env.meter.used);
  }
  execution.instructions = env.meter.used;
  canister.instructions.last = execution.instructions;
  canister.instructions.total += execution.instructions;
  env.network.observer?.executed(canister, execution);
  if (context !== undefined) context.performance += execution.instructions;
  if (trap !== undefined) {
    undo();
    if (isReplicated(input.kind)) canister.addLog(input.timeNs, encoder.encode(`[TRAP]: ${trap.reason}`));
    return { execution, trap, image: undefined };
  }
  if (ending === 'commit' || ending === 'hold') {
    if (ending === 'commit') heap.commit();
    canister.stableMemory.commit();
    canister.touch();
    return { execution, trap: undefined, image: undefined };
  }
  const image = ending === 'capture' ? { heap: heap.capture(), stable: canister.stableMemory.capture() } : undefined;
  // What a query that a canister calls does to memory is forgotten; the cycles it accepted or burned stay so.
  const kept = input.kind === EntryPoint.replicatedQuery ? { cycles: canister.cycles, consumedCycles: canister.consumedCycles } : undefined;
  const cyclesAvailable = context?.cyclesAvailable ?? 0n;
  undo();
  if (kept !== undefined) {
    Object.assign(canister, kept);
    if (context !== undefined) context.cyclesAvailable = cyclesAvailable;
  }
  // A replicated query counts as an execution although it changes nothing else.
  if (isReplicated(input.kind)) canister.touch();
  return { execution, trap: undefined, image };
}
