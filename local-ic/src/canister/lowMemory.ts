import type { CanisterState } from './CanisterState.ts';

/** What a canister exports to be told that its Wasm memory runs out. */
export const LOW_MEMORY_HOOK = 'canister_on_low_wasm_memory';

/** Whether that function is to run: once, as soon as too little is left, and again only after enough was left. */
export type LowMemoryStatus = 'condition_not_satisfied' | 'ready' | 'executed';

/** What counts as the limit where none is set. */
const DEFAULT_LIMIT_BYTES = 2n ** 32n;

/**
 * Notes whether a canister has less Wasm memory left than `wasm_memory_threshold`; after whatever may change that.
 *
 * @param waiting the canisters whose hook is to run, and that no message is queued for yet
 */
export function noteMemoryLeft(canister: CanisterState, waiting: Set<CanisterState>): void {
  const { runtime, settings, lowMemory, queuedTasks } = canister;
  const used = BigInt(runtime?.heap.byteLength ?? 0);
  const limit = settings.wasmMemoryLimit === 0n ? DEFAULT_LIMIT_BYTES : settings.wasmMemoryLimit;
  const isLow = runtime !== undefined && used + settings.wasmMemoryThreshold > limit;
  const status = !isLow ? 'condition_not_satisfied' : lowMemory === 'executed' ? 'executed' : 'ready';
  if (status !== lowMemory) {
    canister.lowMemory = status;
    canister.revision++;
  }
  if (status === 'ready' && !queuedTasks.has(LOW_MEMORY_HOOK)) waiting.add(canister);
  else waiting.delete(canister);
}
