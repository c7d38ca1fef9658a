import { EntryPoint, type EntryPointKind } from './EntryPoint.ts';
import type { CanisterState } from './CanisterState.ts';
import { Trap } from './Trap.ts';

const { init, update, task } = EntryPoint;

/**
 * Where the setting `wasm_memory_limit` binds. Callbacks may go beyond it, so that a call once begun can end well; so may queries, whose
 * changes are undone; and pre_upgrade, which has to save the state.
 */
const LIMITED = init | update | task;

/**
 * Checks the canister's own limit of its Wasm memory at the end of an execution.
 *
 * @throws Trap IC0539
 */
export function checkWasmMemoryLimit({ settings }: CanisterState, kind: EntryPointKind, bytes: number): void {
  const limit = settings.wasmMemoryLimit;
  if (limit === 0n || (kind & LIMITED) === 0 || BigInt(bytes) <= limit) return;
  throw new Trap(
    'IC0539',
    `Canister exceeded its current Wasm memory limit of ${limit} bytes. The peak Wasm memory usage was ${bytes} bytes. Move data to the stable memory, or raise wasm_memory_limit in the canister's settings if so much memory is expected and safe.`
  );
}
