import { GuestMemory } from '../../src/canister/GuestMemory.ts';
import { Heap } from '../../src/canister/Heap.ts';
import { InstructionMeter } from '../../src/canister/InstructionMeter.ts';
import { addedExport } from '../../src/wasm/exportNames.ts';
import { loadCanisterModule, type CanisterModule } from '../../src/wasm/CanisterModule.ts';
import { assemble, type ModuleSketch } from './wasm.ts';

export interface Metered {
  heap: Heap;
  memory: GuestMemory;
  meter: InstructionMeter;
}

function emptyImports({ imports }: CanisterModule): WebAssembly.Imports {
  return { ic0: Object.fromEntries(imports.map(({ name, type }) => [name, () => (type.results[0] === 'i64' ? 0n : 0)])) };
}

type Functions = Record<string, (...args: never[]) => unknown>;

/** A heap of a module, with these functions to import; without them imports do nothing. */
export function heapOf(wasm: Uint8Array, imports?: () => Functions): Metered {
  const memory = new GuestMemory();
  const meter = new InstructionMeter();
  const module = loadCanisterModule(wasm);
  return {
    heap: new Heap(module, {
      memory,
      meter,
      imports: imports === undefined ? emptyImports(module) : { ic0: imports() as WebAssembly.ModuleImports }
    }),
    memory,
    meter
  };
}

/** Calls an exported function of a rewritten module directly: its results, and the instructions it used. */
export function measure(sketch: ModuleSketch, name = 'run', ...args: (number | bigint)[]): { result: unknown; used: bigint } {
  const module = loadCanisterModule(assemble(sketch));
  const { exports } = new WebAssembly.Instance(module.compiled, emptyImports(module));
  const left = exports[addedExport('left')] as WebAssembly.Global;
  left.value = 1_000_000_000n;
  const result: unknown = (exports[name] as (...args: (number | bigint)[]) => unknown)(...args);
  return { result, used: 1_000_000_000n - (left.value as bigint) };
}
