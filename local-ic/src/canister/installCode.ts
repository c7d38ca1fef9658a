import { loadCanisterModule, type CanisterModule } from '../wasm/CanisterModule.ts';
import { WasmFormatError } from '../wasm/WasmFormatError.ts';
import type { CanisterState } from './CanisterState.ts';
import { settleExecution } from './cycles/executionFees.ts';
import { requireCyclesForGrowth } from './cycles/growth.ts';
import { prepayInstallation } from './cycles/installFees.ts';
import { memoryUsage } from './cycles/memoryUsage.ts';
import { EntryPoint, type EntryPointKind } from './EntryPoint.ts';
import { execute, type Ending } from './execute.ts';
import type { Heap } from './Heap.ts';
import { createRuntime, type Runtime } from './Runtime.ts';
import { StableMemory } from './StableMemory.ts';
import type { ApiNetwork } from './systemApi/apiFunction.ts';
import { Trap } from './Trap.ts';

export interface InstallRequest {
  mode: 'install' | 'reinstall' | 'upgrade';
  wasm: Uint8Array;
  arg: Uint8Array;
  sender: Uint8Array;
  timeNs: bigint;
  /** For upgrades: what happens to the Wasm memory. Undefined when the caller said nothing. */
  wasmMemoryPersistence?: 'keep' | 'replace' | undefined;
  skipPreUpgrade?: boolean | undefined;
}

/**
 * Installs, reinstalls or upgrades a canister's code.
 *
 * @throws Trap with the reason; everything is then as it was before
 */
export function installCode(canister: CanisterState, network: ApiNetwork, request: InstallRequest): void {
  if (request.mode === 'install' && canister.runtime !== undefined) {
    const advice = "Try installing with mode='reinstall' instead.";
    throw new Trap('IC0514', `Canister ${canister.name} cannot be installed because the canister is not empty. ${advice}`);
  }
  const module = load(request.wasm);
  const prepaid = prepayInstallation(network, canister, module.is64, request.sender);
  const instructionsBefore = canister.instructions.total;
  const bytesBefore = memoryUsage(canister);
  const settle = (): void => settleExecution(network, canister, prepaid, canister.instructions.total - instructionsBefore, module.is64);
  const restore = rememberState(canister);
  try {
    if (request.mode === 'upgrade') upgrade(canister, network, module, request);
    else installFresh(canister, network, module, request);
    settle();
    requireCyclesForGrowth(canister, network.prices, bytesBefore, request.sender);
  } catch (error) {
    restore();
    settle();
    throw notCompiled(error) ?? error;
  }
}

function load(wasm: Uint8Array): CanisterModule {
  try {
    return loadCanisterModule(wasm);
  } catch (error) {
    throw notCompiled(error) ?? error;
  }
}

/** A module that can't be used, in the replica's words; undefined for any other error. */
function notCompiled(error: unknown): Trap | undefined {
  return error instanceof WasmFormatError ? new Trap('IC0505', `Canister's Wasm module is not valid: ${error.message}`) : undefined;
}

/** Notes everything an installation may change; the function it returns brings all of it back. */
function rememberState(canister: CanisterState): () => void {
  const { runtime, stableMemory, certifiedData, cycles, consumedCycles, globalTimerNs, version, revision } = canister;
  const stableImage = stableMemory.capture();
  return () => {
    Object.assign(canister, { runtime, stableMemory, certifiedData, cycles, consumedCycles, globalTimerNs, version, revision });
    // What pre_upgrade did to the old instance is held, not committed.
    runtime?.heap.rollback();
    stableMemory.load(stableImage);
    stableMemory.commit();
  };
}

function installFresh(canister: CanisterState, network: ApiNetwork, module: CanisterModule, request: InstallRequest): void {
  canister.stableMemory = new StableMemory();
  canister.certifiedData = new Uint8Array(0);
  canister.globalTimerNs = 0n;
  const firstLine = canister.log.nextIdx;
  const runtime = createRuntime(canister, module, network);
  canister.touch();
  run(canister, runtime, request, EntryPoint.start, (heap) => heap.start);
  run(canister, runtime, request, EntryPoint.init, (heap) => heap.exported('canister_init'));
  canister.runtime = runtime;
  // The old code's lines go with it, once the new one stands.
  if (request.mode === 'reinstall') canister.log.clear(firstLine);
}

function upgrade(canister: CanisterState, network: ApiNetwork, module: CanisterModule, request: InstallRequest): void {
  const old = canister.runtime;
  if (old === undefined) {
    throw new Trap('IC0537', 'Attempted to upgrade an empty canister. Please install a module first.');
  }
  const keep = checkPersistence(old.heap.module, module, request);
  if (request.skipPreUpgrade !== true) {
    run(canister, old, request, EntryPoint.preUpgrade, (heap) => heap.exported('canister_pre_upgrade'), 'hold');
  }
  const runtime = createRuntime(canister, module, network, keep ? old.heap.state : undefined, false);
  canister.globalTimerNs = 0n;
  // The new code sees the new version.
  canister.touch();
  // Only now, with the old memory in place: Motoko's start function looks there whether it begins anew.
  run(canister, runtime, request, EntryPoint.start, (heap) => heap.start);
  run(canister, runtime, request, EntryPoint.init, (heap) => heap.exported('canister_post_upgrade'));
  canister.runtime = runtime;
}

/** The IC's rule that keeps an upgrade from losing a persistent memory by mistake. Returns whether the memory is kept. */
function checkPersistence(old: CanisterModule, next: CanisterModule, { wasmMemoryPersistence }: InstallRequest): boolean {
  if (wasmMemoryPersistence === undefined && old.isOrthogonallyPersistent) {
    throw new Trap(
      'IC0504',
      'Missing upgrade option: Enhanced orthogonal persistence requires the `wasm_memory_persistence` upgrade option.'
    );
  }
  if (wasmMemoryPersistence === 'keep' && !next.isOrthogonallyPersistent) {
    throw new Trap(
      'IC0504',
      'Invalid upgrade option: The `wasm_memory_persistence: opt Keep` upgrade option requires that the new canister module supports enhanced orthogonal persistence.'
    );
  }
  return wasmMemoryPersistence === 'keep';
}

function run(
  canister: CanisterState,
  runtime: Runtime,
  { arg, sender, timeNs }: InstallRequest,
  kind: EntryPointKind,
  select: (heap: Heap) => (() => void) | undefined,
  ending: Ending = 'commit'
): void {
  if (select(runtime.heap) === undefined) return;
  const { version } = canister;
  const { trap } = execute(canister, runtime, { kind, timeNs, arg, caller: sender }, select, ending);
  // All steps of an installation are one change.
  canister.version = version;
  if (trap !== undefined) throw trap;
}
