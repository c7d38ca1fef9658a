import { assemble, op } from './wasm.ts';

const [SELF_SIZE, SELF_COPY, CALL_NEW, CALL_PERFORM, APPEND, REPLY] = [0, 1, 2, 3, 4, 5];
/** Where the module keeps its letter, the name of the method it calls, and its own id. */
const [LETTER, NAME, SELF] = [0, 16, 32];
const letter = (text: string): number[] => [...op.i32(LETTER), ...op.i32(text.charCodeAt(0)), ...op.i32Store8];
const answer = [...op.i32(LETTER), ...op.i32(1), ...op.call(APPEND), ...op.call(REPLY)];

/**
 * `go` writes the letter b, calls `ping` of the canister itself and answers with the letter that it finds afterwards. The memory begins anew
 * with an upgrade, after which post_upgrade writes c. It has no pre_upgrade that could refuse.
 */
export const MODULE_THAT_CALLS_ITSELF = assemble({
  imports: [
    { name: 'canister_self_size', results: ['i32'] },
    { name: 'canister_self_copy', params: ['i32', 'i32', 'i32'] },
    { name: 'call_new', params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] },
    { name: 'call_perform', results: ['i32'] },
    { name: 'msg_reply_data_append', params: ['i32', 'i32'] },
    { name: 'msg_reply' }
  ],
  memoryPages: 1,
  table: [7],
  data: { offset: NAME, bytes: [...Buffer.from('ping')] },
  functions: [
    {
      exportAs: 'canister_update go',
      body: [
        ...letter('b'),
        ...op.i32(SELF),
        ...op.i32(0),
        ...op.call(SELF_SIZE),
        ...op.call(SELF_COPY),
        ...op.i32(SELF),
        ...op.call(SELF_SIZE),
        ...op.i32(NAME),
        ...op.i32(4),
        ...[0, 0, 0, 0].flatMap(op.i32),
        ...op.call(CALL_NEW),
        ...op.call(CALL_PERFORM),
        ...op.drop
      ]
    },
    { params: ['i32'], body: answer },
    { exportAs: 'canister_update ping', body: answer },
    { exportAs: 'canister_post_upgrade', body: letter('c') }
  ]
});
