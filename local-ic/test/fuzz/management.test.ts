import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { concat, join, leb128, utf8 } from '../../src/http/bytes.ts';
import { encodeCbor } from './encodeCbor.ts';
import { damaged, runs } from './hostile.ts';
import { judgeResult, signed, startTarget, type Target } from './target.ts';

const METHODS = [
  'create_canister',
  'provisional_create_canister_with_cycles',
  'provisional_top_up_canister',
  'install_code',
  'update_settings',
  'canister_status',
  'start_canister',
  'stop_canister',
  'uninstall_code',
  'delete_canister',
  'deposit_cycles',
  'raw_rand',
  'install_chunked_code',
  'canister_info',
  'toString',
  '__proto__'
];

const magic = utf8('DIDL');
const number = (value: bigint): Uint8Array => leb128(value);
const MANY = number(2n ** 40n);

/** The number of a Candid field. */
function hash(name: string): number {
  return [...utf8(name)].reduce((value, byte) => (Math.imul(value, 223) + byte) >>> 0, 0);
}

/** Messages whose few bytes stand for very much. */
const BOMBS: [string, Uint8Array][] = [
  ['a list of 2^40 nulls', concat(magic, Uint8Array.of(1, 0x6d, 0x7f, 1, 0), MANY)],
  ['a list of 2^40 reserved values', concat(magic, Uint8Array.of(1, 0x6d, 0x70, 1, 0), MANY)],
  ['a list of 2^40 empty records', concat(magic, Uint8Array.of(2, 0x6c, 0, 0x6d, 0, 1, 1), MANY)],
  [
    'lists of lists of nulls',
    concat(magic, Uint8Array.of(3, 0x6d, 0x7f, 0x6d, 0, 0x6d, 1, 1, 2), ...Array.from({ length: 3 }, () => number(5_000n)))
  ],
  ['an optional without an end', concat(magic, Uint8Array.of(1, 0x6e, 0, 1, 0), new Uint8Array(1_000_000).fill(1))],
  ['a record in itself', concat(magic, Uint8Array.of(1, 0x6c, 1, 0, 0, 1, 0))],
  ['a number of a million bytes', concat(magic, Uint8Array.of(0, 1, 0x7d), new Uint8Array(1_000_000).fill(0xff), Uint8Array.of(0))],
  ['a count of a million bytes', concat(magic, new Uint8Array(1_000_000).fill(0xff))],
  [
    'a principal of a million bytes',
    concat(
      magic,
      Uint8Array.of(1, 0x6c, 1),
      number(BigInt(hash('canister_id'))),
      Uint8Array.of(0x68, 1, 0, 1),
      number(1_000_000n),
      new Uint8Array(1_000_000)
    )
  ],
  ['2^40 types', concat(magic, MANY)],
  ['a million types', concat(magic, number(1_000_000n), join(Array.from({ length: 1_000_000 }, () => Uint8Array.of(0x6e, 0x7f))))],
  ['2^40 values', concat(magic, Uint8Array.of(0), MANY)],
  [
    'a record of very many fields',
    concat(
      magic,
      Uint8Array.of(1, 0x6c),
      number(500_000n),
      join(Array.from({ length: 500_000 }, (_, k) => concat(number(BigInt(k)), Uint8Array.of(0x7f))))
    )
  ],
  ['a text as long as it says', concat(magic, Uint8Array.of(0, 1, 0x71), MANY)],
  ['a function of many arguments', concat(magic, Uint8Array.of(1, 0x6a), MANY)]
];

describe('the management canister, given Candid that is not its own', () => {
  let target: Target;
  beforeAll(async () => {
    target = await startTarget();
  });

  /** Sends it as an ingress message, and runs it in process, where its answer is seen without a signature for each. */
  const send = async (method: string, arg: Uint8Array): Promise<number> => {
    const content = target.content('call').with('canister_id', new Uint8Array()).with('method_name', method).with('arg', arg);
    const path = `/api/v2/canister/${target.canisterId.toText()}/call`;
    const status = await target.post(path, encodeCbor(signed(content, target.user)));
    const canisterId = Principal.managementCanister();
    judgeResult(await target.network.engine.update({ canisterId, method, arg, sender: target.user.principal }));
    return status;
  };

  it('answers random bytes to every method', async () => {
    const arg = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.uint8Array({ maxLength: 60 }).map((bytes) => concat(magic, bytes))
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...METHODS), arg, async (method, bytes) => {
        expect([202, 400]).toContain(await send(method, bytes));
      }),
      runs(1_000)
    );
    await target.expectHealthy();
  });

  it('answers values of other types, under the names it expects', async () => {
    const types = fc.constantFrom<[IDL.Type, unknown]>(
      [IDL.Null, null],
      [IDL.Nat, 2n ** 100n],
      [IDL.Int, -1n],
      [IDL.Text, 'text'],
      [IDL.Principal, Principal.anonymous()],
      [IDL.Opt(IDL.Nat), []],
      [IDL.Opt(IDL.Opt(IDL.Bool)), [[true]]],
      [IDL.Vec(IDL.Nat8), new Uint8Array(3)],
      [IDL.Vec(IDL.Principal), [Principal.anonymous(), Principal.managementCanister()]],
      [IDL.Variant({ install: IDL.Null, other: IDL.Null }), { other: null }],
      [IDL.Variant({ install: IDL.Null }), { install: null }],
      [IDL.Record({ controllers: IDL.Opt(IDL.Vec(IDL.Text)) }), { controllers: [['x']] }],
      [IDL.Record({ compute_allocation: IDL.Opt(IDL.Nat) }), { compute_allocation: [2n ** 64n] }],
      [IDL.Float64, Number.NaN],
      [IDL.Func([], [], []), [Principal.anonymous(), 'f']]
    );
    const names = [
      'canister_id',
      'settings',
      'amount',
      'specified_id',
      'mode',
      'wasm_module',
      'arg',
      'target_canister',
      'sender_canister_version'
    ];
    const fields = fc.uniqueArray(fc.tuple(fc.constantFrom(...names), types), { maxLength: 6, selector: ([name]) => name });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...METHODS), fields, fc.boolean(), async (method, given, withCanister) => {
        const all = given.map(([name, [type, value]]) => ({ name, type, value }));
        if (withCanister && !all.some(({ name }) => name === 'canister_id'))
          all.push({ name: 'canister_id', type: IDL.Principal, value: target.canisterId });
        const record = IDL.Record(Object.fromEntries(all.map(({ name, type }) => [name, type])));
        const value = Object.fromEntries(all.map((field) => [field.name, field.value]));
        expect([202, 400]).toContain(await send(method, new Uint8Array(IDL.encode([record], [value]))));
      }),
      runs(1_500)
    );
    await target.expectHealthy();
  });

  it('answers damaged copies of valid arguments', async () => {
    const canister = IDL.Record({ canister_id: IDL.Principal });
    const settings = IDL.Record({ controllers: IDL.Opt(IDL.Vec(IDL.Principal)), compute_allocation: IDL.Opt(IDL.Nat) });
    const install = IDL.Record({
      mode: IDL.Variant({ install: IDL.Null, upgrade: IDL.Opt(IDL.Record({ skip_pre_upgrade: IDL.Opt(IDL.Bool) })) }),
      canister_id: IDL.Principal,
      wasm_module: IDL.Vec(IDL.Nat8),
      arg: IDL.Vec(IDL.Nat8)
    });
    const id = target.canisterId;
    const encode = (type: IDL.Type, value: unknown): Uint8Array => new Uint8Array(IDL.encode([type], [value]));
    const given = { controllers: [[target.user.principal]], compute_allocation: [3n] };
    const valid: [string, Uint8Array][] = [
      ['install_code', encode(install, { mode: { upgrade: [] }, canister_id: id, wasm_module: new Uint8Array(8), arg: new Uint8Array(2) })],
      ['update_settings', encode(IDL.Record({ canister_id: IDL.Principal, settings }), { canister_id: id, settings: given })],
      ['provisional_create_canister_with_cycles', encode(IDL.Record({ settings: IDL.Opt(settings) }), { settings: [given] })],
      ['canister_status', encode(canister, { canister_id: id })]
    ];
    const arbitrary = fc.oneof(...valid.map(([method, arg]) => fc.tuple(fc.constant(method), damaged(arg))));
    await fc.assert(
      fc.asyncProperty(arbitrary, async ([method, arg]) => {
        expect([202, 400]).toContain(await send(method, arg));
      }),
      runs(1_500)
    );
    await target.expectHealthy();
  });

  it.each(BOMBS)('refuses %s at once', async (_, arg) => {
    expect([202, 400]).toContain(await send('canister_status', arg));
    expect([202, 400]).toContain(await send('update_settings', arg));
    await target.expectHealthy();
  });

  it('does not walk through what it does not ask for', async () => {
    // canister_id, and beside it a field nobody knows: a list of 2^40 nulls, which takes one byte or no end of time.
    const fields = [concat(number(BigInt(hash('canister_id'))), Uint8Array.of(0x68)), concat(number(2n ** 32n - 1n), Uint8Array.of(0))];
    const id = target.canisterId.toUint8Array();
    const arg = concat(magic, Uint8Array.of(2, 0x6d, 0x7f, 0x6c, 2), ...fields, Uint8Array.of(1, 1), Uint8Array.of(1, id.length), id, MANY);
    for (const method of ['canister_status', 'stop_canister', 'install_code', 'update_settings'])
      expect([202, 400]).toContain(await send(method, arg));
    await target.expectHealthy();
  });
});
