import type { CanisterModule } from '../wasm/CanisterModule.ts';
import type { CanisterState } from './CanisterState.ts';
import { EntryPoint } from './EntryPoint.ts';
import { Execution } from './Execution.ts';
import { GuestMemory } from './GuestMemory.ts';
import { Heap, type HeapImage } from './Heap.ts';
import { InstructionMeter } from './InstructionMeter.ts';
import type { ApiEnvironment, ApiNetwork } from './systemApi/apiFunction.ts';
import { createSystemApi } from './systemApi/createSystemApi.ts';

/** A canister's instance together with the environment its System API functions work on. */
export interface Runtime {
  readonly heap: Heap;
  readonly env: ApiEnvironment;
}

/**
 * Instantiates a module for a canister; nothing of it runs yet.
 *
 * @param image the memories to begin with; with `keepGlobals` false only the bytes count (an upgrade that keeps the memory)
 * @throws WasmFormatError when the module imports what the network doesn't have
 */
export function createRuntime(
  canister: CanisterState,
  module: CanisterModule,
  network: ApiNetwork,
  image?: HeapImage,
  keepGlobals = true
): Runtime {
  const memory = new GuestMemory();
  const meter = new InstructionMeter();
  const env: ApiEnvironment = { canister, memory, meter, network, execution: new Execution({ kind: EntryPoint.start, timeNs: 0n }) };
  return { heap: new Heap(module, { memory, meter, imports: createSystemApi(module, env) }, image, keepGlobals), env };
}
