import type { Principal } from '@dfinity/principal';
import { assemble, op, type ModuleSketch } from './wasm.ts';

type ValueType = 'i32' | 'i64';
type Signature = { params?: ValueType[]; results?: ValueType[] };

/** What the relay imports, in this order. */
const IMPORTS: Record<string, Signature> = {
  msg_reply_data_append: { params: ['i32', 'i32'] },
  msg_reply: {},
  msg_reject: { params: ['i32', 'i32'] },
  msg_arg_data_size: { results: ['i32'] },
  msg_arg_data_copy: { params: ['i32', 'i32', 'i32'] },
  msg_reject_code: { results: ['i32'] },
  msg_reject_msg_size: { results: ['i32'] },
  msg_reject_msg_copy: { params: ['i32', 'i32', 'i32'] },
  msg_deadline: { results: ['i64'] },
  msg_cycles_accept: { params: ['i64'], results: ['i64'] },
  msg_cycles_available: { results: ['i64'] },
  msg_cycles_refunded: { results: ['i64'] },
  call_new: { params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] },
  call_data_append: { params: ['i32', 'i32'] },
  call_cycles_add: { params: ['i64'] },
  call_with_best_effort_response: { params: ['i32'] },
  call_perform: { results: ['i32'] },
  cycles_burn128: { params: ['i64', 'i64', 'i32'] },
  canister_cycle_balance: { results: ['i64'] },
  canister_cycle_balance128: { params: ['i32'] },
  canister_liquid_cycle_balance128: { params: ['i32'] },
  cost_call: { params: ['i64', 'i64', 'i32'] },
  cost_create_canister: { params: ['i32'] },
  cost_http_request: { params: ['i64', 'i64', 'i32'] },
  cost_sign_with_ecdsa: { params: ['i32', 'i32', 'i32', 'i32'], results: ['i32'] },
  cost_sign_with_schnorr: { params: ['i32', 'i32', 'i32', 'i32'], results: ['i32'] },
  global_timer_set: { params: ['i64'], results: ['i64'] }
};
const names = Object.keys(IMPORTS);
const call = (name: keyof typeof IMPORTS, ...args: number[][]): number[] => [...args.flat(), ...op.call(names.indexOf(name))];

const i32Load = [0x28, 2, 0];
const i32Store = [0x36, 2, 0];
const i64Load = [0x29, 3, 0];
const i64Store = [0x37, 3, 0];
const load32 = (address: number): number[] => [...op.i32(address), ...i32Load];
const load64 = (address: number): number[] => [...op.i32(address), ...i64Load];
const store32 = (address: number, value: number[]): number[] => [...op.i32(address), ...value, ...i32Store];
const store64 = (address: number, value: number[]): number[] => [...op.i32(address), ...value, ...i64Store];

/** Where answers are put together, behind any argument. */
const OUT = 4_000;
const answer = (size: number): number[] => [...call('msg_reply_data_append', op.i32(OUT), op.i32(size)), ...call('msg_reply')];
/** The argument goes to address 0. */
const readArgument = call('msg_arg_data_copy', op.i32(0), op.i32(0), call('msg_arg_data_size'));
const acceptArgument = [...readArgument, ...call('msg_cycles_accept', load64(0)), ...op.drop];

/** Layout of forward's argument; the callee and the method's name follow their lengths, and the payload is the argument to pass on. */
const Forward = { calleeLength: 0, callee: 1, cycles: 16, bounded: 24, timeout: 28, nameLength: 32, name: 33, payload: 64 } as const;

/** Makes the call that the argument describes; answers with call_perform's code if that is not 0. */
const forward = (onReply: number, onReject: number): number[] => [
  ...readArgument,
  ...call(
    'call_new',
    op.i32(Forward.callee),
    [...op.i32(Forward.calleeLength), ...op.i32Load8],
    op.i32(Forward.name),
    [...op.i32(Forward.nameLength), ...op.i32Load8],
    op.i32(onReply),
    op.i32(0),
    op.i32(onReject),
    op.i32(0)
  ),
  ...call('call_cycles_add', load64(Forward.cycles)),
  ...load32(Forward.bounded),
  ...op.if,
  ...call('call_with_best_effort_response', load32(Forward.timeout)),
  ...op.end,
  ...call('call_data_append', op.i32(Forward.payload), [...call('msg_arg_data_size'), ...op.i32(Forward.payload), ...op.i32Sub]),
  ...store32(OUT, call('call_perform')),
  ...load32(OUT),
  ...op.if,
  ...answer(4),
  ...op.end
];

const update = (name: string, body: number[]) => ({ body, exportAs: `canister_update ${name}` });
const callback = (body: number[]) => ({ params: ['i32' as const], body });

const callbacks = [
  callback([
    ...store64(OUT, call('msg_cycles_refunded')),
    ...store32(OUT + 8, op.i32(0)),
    ...call('msg_arg_data_copy', op.i32(OUT + 12), op.i32(0), call('msg_arg_data_size')),
    ...call('msg_reply_data_append', op.i32(OUT), [...call('msg_arg_data_size'), ...op.i32(12), ...op.i32Add]),
    ...call('msg_reply')
  ]),
  callback([...store64(OUT, call('msg_cycles_refunded')), ...store32(OUT + 8, call('msg_reject_code')), ...answer(12)]),
  callback([...call('msg_cycles_accept', op.i64(2n ** 62n)), ...op.drop, ...op.unreachable]),
  callback([
    ...call('msg_reject_msg_copy', op.i32(OUT), op.i32(0), call('msg_reject_msg_size')),
    ...call('msg_reject', op.i32(OUT), call('msg_reject_msg_size'))
  ])
];

const functions: NonNullable<ModuleSketch['functions']> = [
  update('forward', forward(0, 1)),
  update('forward_and_trap', forward(2, 2)),
  update('forward_and_reject', forward(0, 3)),
  update('perform_and_trap', [...forward(0, 1), ...op.unreachable]),
  update('attach_and_leave', [
    ...readArgument,
    ...call('call_new', op.i32(Forward.callee), op.i32(10), op.i32(0), op.i32(1), op.i32(0), op.i32(0), op.i32(1), op.i32(0)),
    ...call('call_cycles_add', load64(Forward.cycles)),
    ...store64(OUT, call('canister_cycle_balance')),
    ...answer(8)
  ]),
  update('take', [...acceptArgument, ...store64(OUT, call('msg_deadline')), ...answer(8)]),
  update('take_and_trap', [...acceptArgument, ...op.unreachable]),
  update('take_and_reject', [...acceptArgument, ...call('msg_reject', op.i32(0), op.i32(0))]),
  update('reply_and_take', [
    ...readArgument,
    ...answer(8),
    ...store64(OUT, call('msg_cycles_available')),
    ...call('msg_cycles_accept', load64(0)),
    ...op.drop
  ]),
  { body: [...acceptArgument, ...store64(OUT, call('msg_deadline')), ...answer(8)], exportAs: 'canister_query take_in_query' },
  update('burn', [...readArgument, ...call('cycles_burn128', op.i64(0n), load64(0), op.i32(OUT)), ...answer(16)]),
  update('set_timer', [...readArgument, ...call('global_timer_set', load64(0)), ...op.drop, ...answer(0)]),
  { body: store32(2_000, [...load32(2_000), ...op.i32(1), ...op.i32Add]), exportAs: 'canister_global_timer' },
  update('timer_runs', [...store32(OUT, load32(2_000)), ...answer(4)]),
  update('grow', [...readArgument, ...load32(0), ...op.memoryGrow, ...op.drop, ...answer(0)]),
  update('balance64', [...store64(OUT, call('canister_cycle_balance')), ...answer(8)]),
  update('nothing', answer(0)),
  { body: answer(0), exportAs: 'canister_query ask' },
  update('costs', [
    ...call('canister_cycle_balance128', op.i32(OUT)),
    ...call('canister_liquid_cycle_balance128', op.i32(OUT + 16)),
    ...call('cost_call', op.i64(7n), op.i64(100n), op.i32(OUT + 32)),
    ...call('cost_create_canister', op.i32(OUT + 48)),
    ...call('cost_http_request', op.i64(1_000n), op.i64(2_000_000n), op.i32(OUT + 64)),
    ...store32(OUT + 80, call('cost_sign_with_ecdsa', op.i32(0), op.i32(5), op.i32(0), op.i32(OUT + 100))),
    ...store32(OUT + 84, call('cost_sign_with_ecdsa', op.i32(0), op.i32(5), op.i32(1), op.i32(OUT + 100))),
    ...store32(OUT + 88, call('cost_sign_with_schnorr', op.i32(0), op.i32(5), op.i32(1), op.i32(OUT + 100))),
    ...answer(92)
  ])
];

/** A module of 32-bit memory that passes calls on, takes cycles, and does both in every way that can go wrong. */
export const relay = assemble({
  memoryPages: 1,
  imports: names.map((name) => ({ name, ...IMPORTS[name] })),
  functions: [...callbacks, ...functions],
  table: callbacks.map((_, index) => names.length + index)
});

export function u64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, true);
  return bytes;
}

/** A call for the relay to pass on. */
export interface Forwarded {
  callee: Principal;
  method: string;
  arg?: Uint8Array;
  cycles?: bigint;
  /** Seconds; absent for a call with guaranteed response. */
  timeout?: number | undefined;
}

/** The argument of `forward` and its variants. */
export function forwarded({ callee, method, arg = new Uint8Array(0), cycles = 0n, timeout }: Forwarded): Uint8Array {
  const id = callee.toUint8Array();
  const name = new TextEncoder().encode(method);
  const bytes = new Uint8Array(Forward.payload + arg.length);
  const view = new DataView(bytes.buffer);
  bytes.set([id.length, ...id], Forward.calleeLength);
  view.setBigUint64(Forward.cycles, cycles, true);
  view.setUint32(Forward.bounded, timeout === undefined ? 0 : 1, true);
  view.setUint32(Forward.timeout, timeout ?? 0, true);
  bytes.set([name.length, ...name], Forward.nameLength);
  bytes.set(arg, Forward.payload);
  return bytes;
}

/** What `forward` answers: call_perform's code when there was no call, or what its callback saw. */
export type ForwardResult = { performed: number } | { refunded: bigint; rejectCode: number; reply: Uint8Array };

export function readForwarded(reply: Uint8Array): ForwardResult {
  const view = new DataView(reply.buffer, reply.byteOffset, reply.byteLength);
  if (reply.length === 4) return { performed: view.getUint32(0, true) };
  return { refunded: view.getBigUint64(0, true), rejectCode: view.getUint32(8, true), reply: reply.slice(12) };
}

export function readU64(reply: Uint8Array): bigint {
  return new DataView(reply.buffer, reply.byteOffset, 8).getBigUint64(0, true);
}

/** An amount of cycles that a canister wrote. */
export function read128(reply: Uint8Array, offset = 0): bigint {
  const view = new DataView(reply.buffer, reply.byteOffset + offset, 16);
  return view.getBigUint64(0, true) + (view.getBigUint64(8, true) << 64n);
}
