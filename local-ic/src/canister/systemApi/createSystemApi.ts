import type { CanisterModule } from '../../wasm/CanisterModule.ts';
import { payloadCost } from '../../wasm/costs.ts';
import { WasmFormatError } from '../../wasm/WasmFormatError.ts';
import { entryPointName } from '../EntryPoint.ts';
import { Trap } from '../Trap.ts';
import type { ApiEnvironment, ApiFunction, ApiTable, ValueLetter } from './apiFunction.ts';
import { callApi } from './callApi.ts';
import { canisterApi } from './canisterApi.ts';
import { cyclesApi } from './cyclesApi.ts';
import { messageApi } from './messageApi.ts';
import { stableMemoryApi } from './stableMemoryApi.ts';

type RawValue = number | bigint;

/** Older functions with 32- or 64-bit numbers that modules with 64-bit memory don't have. */
const ONLY_IN_32_BIT = new Set([
  'msg_cycles_available',
  'msg_cycles_refunded',
  'msg_cycles_accept',
  'canister_cycle_balance',
  'call_cycles_add',
  'stable_size',
  'stable_grow',
  'stable_write',
  'stable_read'
]);

/**
 * The imports of a canister's instances. Every function checks that it is allowed in the running kind of execution, and its arguments
 * arrive as safe integers or unsigned bigints whatever the module's word size.
 *
 * @throws WasmFormatError when the module imports something the System API doesn't have, or with another type
 */
export function createSystemApi(module: CanisterModule, env: ApiEnvironment): WebAssembly.Imports {
  const table: ApiTable = { ...messageApi(env), ...callApi(env), ...cyclesApi(env), ...stableMemoryApi(env), ...canisterApi(env) };
  const ic0: Record<string, (...args: RawValue[]) => RawValue | void> = {};
  for (const { name, type } of module.imports) {
    const declared = Object.hasOwn(table, name) ? table[name] : undefined;
    if (declared === undefined) throw new WasmFormatError(`it imports ic0.${name}, which this network doesn't have`);
    if (module.is64 && ONLY_IN_32_BIT.has(name))
      throw new WasmFormatError(`it imports ic0.${name}, which a module with 64-bit memory can't`);
    const wanted = [declared.params.map(wasmType(module.is64)).join(), declared.result && wasmType(module.is64)(declared.result)].join(
      ' -> '
    );
    const actual = [type.params.join(), type.results.join()].join(' -> ');
    if (wanted !== actual) throw new WasmFormatError(`it imports ic0.${name} with type ${actual} instead of ${wanted}`);
    ic0[name] = bind(name, declared, env, module.is64);
  }
  return { ic0 };
}

const wasmType =
  (is64: boolean) =>
  (letter: ValueLetter): string =>
    letter === 'l' || ((letter === 'p' || letter === 'w') && is64) ? 'i64' : 'i32';

const toU32 = (value: RawValue): RawValue => Number(value) >>> 0;
const toU64 = (value: RawValue): RawValue => BigInt.asUintN(64, BigInt(value));
const toAddress = (value: RawValue): RawValue => {
  const address = Number(BigInt.asUintN(64, BigInt(value)));
  // Beyond 2^53 nothing is mapped, and sums of two such numbers would not be exact any more.
  if (address > Number.MAX_SAFE_INTEGER / 2) throw Trap.wasm('heap out of bounds');
  return address;
};

function bind(name: string, { params, result, allowed, run }: ApiFunction, env: ApiEnvironment, is64: boolean) {
  const word = { p: is64 ? toAddress : toU32, w: is64 ? toU64 : toU32, i: toU32, l: toU64 };
  const converters = params.map((letter) => word[letter]);
  const widen = result === 'p' && is64;
  const call = run as (...args: RawValue[]) => RawValue | void;
  // The fixed part of the price is in the canister's own code, where it calls.
  const price = payloadCost(name);
  return (...raw: RawValue[]): RawValue | void => {
    const { execution } = env;
    if ((execution.kind & allowed) === 0) {
      throw Trap.contract(`"ic0.${name}" cannot be executed in ${entryPointName(execution.kind)}`);
    }
    const args = raw.map((argument, index) => converters[index]?.(argument) ?? argument);
    if (price !== undefined) env.meter.charge(price(args.map(Number)));
    const value = call(...args);
    return widen ? BigInt(value ?? 0) : value;
  };
}
