import type { ByteWriter } from '../../src/wasm/ByteWriter.ts';
import { Address, apiCode, coreCode, type CoreOperation } from './layout.ts';
import { SYSTEM_API, type ApiArguments, type ApiName, type ApiWithResult } from './systemApi.ts';

/** Code that leaves one number on the stack. */
export interface Computed {
  readonly push: (code: ByteWriter) => void;
}

/** A number of a program: one that is known, or one that the canister computes. Negative numbers are two's complement. */
export type Value = number | bigint | Computed;

/** Bytes of a program; its code leaves their address and their size on the stack. */
export interface Blob {
  readonly pushBlob: (code: ByteWriter) => void;
}

const encoder = new TextEncoder();

function little64(value: number | bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, BigInt(value)), true);
  return bytes;
}

export function little32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return bytes;
}

export function pushValue(code: ByteWriter, value: Value): void {
  if (typeof value === 'object') value.push(code);
  else code.u8(coreCode('constant')).bytes(little64(value));
}

export const isBlob = (value: Value | Blob): value is Blob => typeof value === 'object' && 'pushBlob' in value;

/** Arguments of a call; a blob stands for two: address and size. */
export function pushArguments(code: ByteWriter, values: readonly (Value | Blob)[]): void {
  for (const value of values) {
    if (isBlob(value)) value.pushBlob(code);
    else pushValue(code, value);
  }
}

function computed(operation: CoreOperation, ...operands: (Value | Blob)[]): Computed {
  return {
    push: (code) => {
      pushArguments(code, operands);
      code.u8(coreCode(operation));
    }
  };
}

export const add = (a: Value, b: Value): Computed => computed('add', a, b);
export const subtract = (a: Value, b: Value): Computed => computed('subtract', a, b);
export const multiply = (a: Value, b: Value): Computed => computed('multiply', a, b);
export const remainder = (a: Value, b: Value): Computed => computed('remainder', a, b);
export const equal = (a: Value, b: Value): Computed => computed('equal', a, b);
/** Compares unsigned. */
export const less = (a: Value, b: Value): Computed => computed('less', a, b);
export const load8 = (address: Value): Computed => computed('load8', address);
export const load64 = (address: Value): Computed => computed('load64', address);
/** Wasm pages of the memory. */
export const memorySize: Computed = computed('memorySize');
export const memoryGrow = (pages: Value): Computed => computed('memoryGrow', pages);
/** The Wasm global that belongs to the programs. */
export const userGlobal: Computed = computed('getGlobal');

/** The result of a System API function. */
export function api<Name extends ApiWithResult>(name: Name, ...args: ApiArguments<Name, Value>): Computed {
  return {
    push: (code) => {
      pushArguments(code, args);
      code.u8(apiCode(name));
    }
  };
}

/** The low 64 bits of the amount that a function writes to the address it takes as its last parameter. */
export function amount(name: ApiName, ...args: Value[]): Computed {
  const missing = SYSTEM_API[name][0].length - args.length - 1;
  if (missing !== 0) throw new RangeError(`ic0.${name} takes ${args.length + missing} arguments and a target, not ${args.length}`);
  return {
    push: (code) => {
      pushArguments(code, [...args, Address.amount]);
      code.u8(apiCode(name));
      pushValue(code, load64(Address.amount));
    }
  };
}

export function bytes(content: Uint8Array): Blob {
  return { pushBlob: (code) => code.u8(coreCode('bytes')).bytes(little32(content.length)).bytes(content) };
}

export const text = (content: string): Blob => bytes(encoder.encode(content));

/** A part of the memory. */
export const memory = (address: Value, size: Value): Blob => ({ pushBlob: (code) => pushArguments(code, [address, size]) });

/** A number as 8 bytes, little endian. */
export const u64 = (value: Value): Blob => ({
  pushBlob: (code) => {
    pushArguments(code, [Address.word, value]);
    code.u8(coreCode('store64'));
    pushArguments(code, [Address.word, 8]);
  }
});

/** An amount as 16 bytes. */
export const u128 = (name: ApiName, ...args: Value[]): Blob => ({
  pushBlob: (code) => {
    pushArguments(code, [...args, Address.amount]);
    code.u8(apiCode(name));
    pushArguments(code, [Address.amount, 16]);
  }
});

/** What a pair of functions `x_size` and `x_copy` gives; each has room of its own, so that several can be used in one call. */
const COPIED = {
  msg_caller: Address.small,
  canister_self: Address.small + 0x100,
  subnet_self: Address.small + 0x200,
  root_key: Address.small + 0x300,
  msg_method_name: Address.small + 0x400,
  msg_caller_info_data: Address.small + 0x500,
  msg_caller_info_signer: Address.small + 0x600,
  msg_reject_msg: Address.large,
  data_certificate: Address.large + 0x1_0000,
  msg_arg_data: Address.argument
} as const;
type Copied = keyof typeof COPIED;

const copied = (name: Copied): Blob => ({
  pushBlob: (code) => {
    const target = COPIED[name];
    pushArguments(code, [target, 0, api(`${name}_size`)]);
    code.u8(apiCode(`${name}_copy`));
    pushArguments(code, [target, api(`${name}_size`)]);
  }
});

export const argument = copied('msg_arg_data');
export const caller = copied('msg_caller');
export const callerInfo = copied('msg_caller_info_data');
export const callerSigner = copied('msg_caller_info_signer');
export const self = copied('canister_self');
export const subnet = copied('subnet_self');
export const rootKey = copied('root_key');
export const methodName = copied('msg_method_name');
export const rejectMessage = copied('msg_reject_msg');
export const dataCertificate = copied('data_certificate');

/** A part of the stable memory, at most 64 KiB. */
export const stable = (offset: Value, size: Value): Blob => ({
  pushBlob: (code) => {
    const target = Address.large + 0x2_0000;
    pushArguments(code, [target, offset, size]);
    code.u8(apiCode('stable64_read'));
    pushArguments(code, [target, size]);
  }
});
