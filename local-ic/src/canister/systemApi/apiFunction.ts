import type { CanisterState } from '../CanisterState.ts';
import type { Prices } from '../cycles/prices.ts';
import type { Execution } from '../Execution.ts';
import type { ExecutionObserver } from '../ExecutionObserver.ts';
import type { InstructionLimits } from '../instructionLimits.ts';
import type { InstructionMeter } from '../InstructionMeter.ts';
import type { GuestMemory } from '../GuestMemory.ts';

/** What the System API needs of the network around a canister. */
export interface ApiNetwork {
  /** Public key of the network, DER. */
  readonly rootKey: Uint8Array;
  readonly subnetId: Uint8Array;
  log(line: string): void;
  readonly instructionLimits: InstructionLimits;
  /** Set while somebody wants to know what the running message does. */
  readonly observer: ExecutionObserver | undefined;
  /** Undefined when nothing is charged. */
  readonly prices: Prices | undefined;
}

/** What an API function works on. `execution` is the running one; the functions exist once per canister instance. */
export interface ApiEnvironment {
  readonly canister: CanisterState;
  readonly memory: GuestMemory;
  readonly meter: InstructionMeter;
  readonly network: ApiNetwork;
  execution: Execution;
}

/**
 * Types of parameters and results, one letter each: `p` an address, size or table index (i32 or i64, as the module's memory is; a
 * number here), `w` the same without a meaning to us (passed on as it came), `i` an i32 (unsigned number here), `l` an i64 (unsigned
 * bigint here).
 */
export type ValueLetter = 'p' | 'w' | 'i' | 'l';

type Value<Letter> = Letter extends 'l' ? bigint : Letter extends 'w' ? number | bigint : number;
type Arguments<Letters extends string> = Letters extends `${infer First}${infer Rest}` ? [Value<First>, ...Arguments<Rest>] : [];
type Result<Letter> = Letter extends '' ? void : Value<Letter>;

export interface ApiFunction {
  params: ValueLetter[];
  result: ValueLetter | '';
  /** Bits of EntryPoint. */
  allowed: number;
  run: (...args: never[]) => unknown;
}

export type ApiTable = Record<string, ApiFunction>;

/** Declares an API function; the letters give the types of `run`. */
export function api<Params extends string, Return extends ValueLetter | ''>(
  params: Params,
  result: Return,
  allowed: number,
  run: (...args: Arguments<Params>) => Result<Return>
): ApiFunction {
  return { params: [...params] as ValueLetter[], result, allowed, run };
}

/** The pair every byte string is read with: its size, and a copy of a part of it. */
export function sizeAndCopy(env: ApiEnvironment, name: string, allowed: number, bytes: () => Uint8Array): ApiTable {
  return {
    [`${name}_size`]: api('', 'p', allowed, () => bytes().length),
    [`${name}_copy`]: api('ppp', '', allowed, (target, offset, size) => env.memory.copyIn(target, bytes(), offset, size))
  };
}
