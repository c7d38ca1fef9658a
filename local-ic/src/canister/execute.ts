import type { CanisterState } from './CanisterState.ts';
import { Execution, type ExecutionInput } from './Execution.ts';
import type { Heap, HeapImage } from './Heap.ts';
import type { Runtime } from './Runtime.ts';
import type { StableImage } from './StableMemory.ts';
import { dropPendingCall } from './systemApi/callApi.ts';
import { asTrap, type Trap } from './Trap.ts';

/** A state of a canister's memories, as a composite query leaves it between two of its parts. */
export interface MemoryImage {
  heap: HeapImage;
  stable: StableImage;
}

/** What becomes of the changes of an execution that succeeds: kept, undone, or undone and handed back. A trap always undoes them. */
export type Ending = 'commit' | 'discard' | 'capture';

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
    globalTimerNs: canister.globalTimerNs,
    cyclesAvailable: context?.cyclesAvailable ?? 0n
  };
  const undo = (): void => {
    heap.rollback();
    canister.stableMemory.rollback();
    canister.certifiedData = before.certifiedData;
    canister.cycles = before.cycles;
    canister.globalTimerNs = before.globalTimerNs;
    if (context !== undefined) context.cyclesAvailable = before.cyclesAvailable;
  };
  if (from !== undefined) {
    heap.load(from.heap);
    canister.stableMemory.load(from.stable);
  }
  let trap: Trap | undefined;
  env.execution = execution;
  try {
    select(heap)?.();
    dropPendingCall(env);
    // In here, because it allocates: a machine out of memory must leave the canister as it was.
    if (ending === 'commit') heap.commit();
  } catch (error) {
    undo();
    trap = asTrap(error);
    if (trap === undefined) throw error;
  } finally {
    if (context !== undefined) context.performance += env.network.instructionCount(execution);
  }
  if (trap !== undefined) return { execution, trap, image: undefined };
  if (ending === 'commit') {
    canister.stableMemory.commit();
    canister.touch();
    return { execution, trap: undefined, image: undefined };
  }
  const image = ending === 'capture' ? { heap: heap.capture(), stable: canister.stableMemory.capture() } : undefined;
  undo();
  return { execution, trap: undefined, image };
}
