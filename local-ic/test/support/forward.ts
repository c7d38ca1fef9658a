import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { unwrapReply } from '../../src/engine/CanisterReject.ts';
import { ADMIN, type TestNetwork } from './network.ts';
import { assemble, op } from './wasm.ts';

/** What a canister got for a call of the management canister. */
interface Forwarded {
  /** The decoded reply; undefined after a reject, or when no type was given. */
  reply: unknown;
  /** The reject as the canister sees it. */
  failure: { code: number; message: string } | undefined;
  refunded: bigint;
}

const i32 = 'i32' as const;
const load8: number[] = [0x2d, 0, 0];
const load64At1: number[] = [0x29, 0, 1];

/** Answers with a byte (0 or the reject code), the refund and what came back. */
function answerWith(code: number[], sizeFunction: number, copyFunction: number): number[] {
  return [
    ...[...op.i32(0), ...code, ...op.i32Store8],
    ...[...op.i32(1), ...op.call(8)],
    ...[...op.call(sizeFunction), ...op.localSet(1)],
    ...[...op.i32(17), ...op.i32(0), ...op.localGet(1), ...op.call(copyFunction)],
    ...[...op.i32(0), ...op.i32(17), ...op.localGet(1), ...op.i32Add, ...op.call(6)],
    ...op.call(7)
  ];
}

/** A canister whose method `forward` calls the management canister; its argument: length and name of the method, cycles, argument. */
const PROXY = assemble({
  memoryPages: 48,
  imports: [
    { name: 'msg_arg_data_size', results: [i32] },
    { name: 'msg_arg_data_copy', params: [i32, i32, i32] },
    { name: 'call_new', params: [i32, i32, i32, i32, i32, i32, i32, i32] },
    { name: 'call_data_append', params: [i32, i32] },
    { name: 'call_cycles_add', params: ['i64'] },
    { name: 'call_perform', results: [i32] },
    { name: 'msg_reply_data_append', params: [i32, i32] },
    { name: 'msg_reply' },
    { name: 'msg_cycles_refunded128', params: [i32] },
    { name: 'msg_reject_code', results: [i32] },
    { name: 'msg_reject_msg_size', results: [i32] },
    { name: 'msg_reject_msg_copy', params: [i32, i32, i32] }
  ],
  functions: [
    {
      exportAs: 'canister_update forward',
      locals: [i32, i32],
      body: [
        ...[...op.call(0), ...op.localSet(0)],
        ...[...op.i32(0), ...op.i32(0), ...op.localGet(0), ...op.call(1)],
        ...[...op.i32(0), ...load8, ...op.localSet(1)],
        ...[
          ...op.i32(0),
          ...op.i32(0),
          ...op.i32(1),
          ...op.localGet(1),
          ...op.i32(0),
          ...op.i32(0),
          ...op.i32(1),
          ...op.i32(0),
          ...op.call(2)
        ],
        ...[...op.localGet(1), ...load64At1, ...op.call(4)],
        ...[...op.localGet(1), ...op.i32(9), ...op.i32Add],
        ...[...op.localGet(0), ...op.i32(9), ...op.i32Sub, ...op.localGet(1), ...op.i32Sub, ...op.call(3)],
        ...[...op.call(5), ...op.drop]
      ]
    },
    { params: [i32], locals: [i32], body: answerWith(op.i32(0), 0, 1) },
    { params: [i32], locals: [i32], body: answerWith(op.call(9), 10, 11) }
  ],
  table: [13, 14]
});

export const installProxy = (network: TestNetwork): Promise<Principal> => network.install(PROXY);

/** Calls the management canister by way of a canister from `installProxy`. */
export async function forward(
  network: TestNetwork,
  canisterId: Principal,
  call: { method: string; type?: IDL.Type; argument?: unknown; reply?: IDL.Type; cycles?: bigint }
): Promise<Forwarded> {
  const { method, type, argument, reply, cycles = 0n } = call;
  const name = new TextEncoder().encode(method);
  const amount = new Uint8Array(8);
  new DataView(amount.buffer).setBigUint64(0, cycles, true);
  const inner = new Uint8Array(type === undefined ? IDL.encode([], []) : IDL.encode([type], [argument]));
  const arg = Uint8Array.of(name.length, ...name, ...amount, ...inner);
  const answer = unwrapReply(await network.engine.update({ canisterId, method: 'forward', arg, sender: ADMIN }));
  const [code = 0] = answer;
  const refunded = new DataView(answer.buffer, answer.byteOffset).getBigUint64(1, true);
  const content = answer.slice(17);
  if (code !== 0) return { reply: undefined, failure: { code, message: new TextDecoder().decode(content) }, refunded };
  return { reply: reply && IDL.decode([reply], content)[0], failure: undefined, refunded };
}
