import { Op } from './opcodes.ts';

/**
 * What a message is charged, in instructions. Every Wasm instruction counts 1, but for the markers of blocks, which are no code; copying
 * and filling memory counts 1 a byte on top. System calls have the replica's prices: dfinity/ic,
 * rs/embedders/src/wasmtime_embedder/{linker.rs, system_api_complexity.rs} (metering type "new").
 */
export function instructionCost(opcode: number): number {
  return opcode === Op.block || opcode === Op.loop || opcode === Op.else || opcode === Op.end ? 0 : 1;
}

/** Price of a system call that isn't listed. */
const DEFAULT_SYSTEM_CALL = 500;

const SYSTEM_CALLS: Record<string, number> = {
  call_new: 1_500,
  call_perform: 5_000,
  cycles_burn128: 100,
  debug_print: 100,
  is_controller: 1_000,
  performance_counter: 200,
  stable_read: 20,
  stable_write: 20,
  stable_size: 20,
  stable64_read: 20,
  stable64_write: 20,
  stable64_size: 20
};

/** Fixed price of a call of ic0.`name`, besides the call instruction itself. */
export function systemCallCost(name: string): number {
  return Object.hasOwn(SYSTEM_CALLS, name) ? (SYSTEM_CALLS[name] ?? DEFAULT_SYSTEM_CALL) : DEFAULT_SYSTEM_CALL;
}

/** Bytes that leave the canister's sandbox cost more than a copy. */
const TRANSMISSION = 50;
/** A canister's log keeps 4 KiB; a printed byte is written there, pushes an old one out, and is transmitted. */
const LOG_BYTES = 4_096;
const logged = (size: number): number => (2 + TRANSMISSION) * Math.min(size, LOG_BYTES);

type Price = (args: readonly number[]) => number;
const perByte =
  (...sizeArguments: number[]): Price =>
  (args) =>
    sizeArguments.reduce((sum, index) => sum + (args[index] ?? 0), 0);
const transmitted: Price = (args) => TRANSMISSION * (args[1] ?? 0);

/** What system calls cost for the bytes they move, from their arguments (addresses, sizes and offsets as numbers). */
const PAYLOADS: Record<string, Price> = {
  msg_arg_data_copy: perByte(2),
  msg_caller_copy: perByte(2),
  msg_method_name_copy: perByte(2),
  msg_reject_msg_copy: perByte(2),
  canister_self_copy: perByte(2),
  subnet_self_copy: perByte(2),
  root_key_copy: perByte(2),
  data_certificate_copy: perByte(2),
  env_var_name_copy: perByte(3),
  env_var_value_copy: perByte(4),
  msg_reply_data_append: transmitted,
  msg_reject: transmitted,
  call_data_append: transmitted,
  call_new: perByte(1, 3),
  certified_data_set: perByte(1),
  is_controller: perByte(1),
  stable_read: perByte(2),
  stable_write: perByte(2),
  stable64_read: perByte(2),
  stable64_write: perByte(2),
  debug_print: (args) => logged(args[1] ?? 0),
  trap: (args) => (args[1] ?? 0) + logged(args[1] ?? 0)
};

/** The price of a system call's bytes; undefined for one that moves none. */
export function payloadCost(name: string): Price | undefined {
  return Object.hasOwn(PAYLOADS, name) ? PAYLOADS[name] : undefined;
}
