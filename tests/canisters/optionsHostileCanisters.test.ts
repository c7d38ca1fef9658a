import { IDL, idlLabelToId } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { idlFactory } from '../../src/lib/canisters/options/options.did.js';
import { accessTable, type AccessRow } from './support/accessTable.ts';
import { alice, ok, openExchange, order, type Exchange } from './support/exchange.ts';
import { installProbe } from './support/probe.ts';
import { joined, leb, message, nulls, opt, record, repeated, types, variant, vec, type Bytes } from './support/rawCandid.ts';

// What another canister can send. Its calls are not inspected before they run, and arguments are decoded before a method's first line, at this canister's cost:
// so nothing may cost many times what the sender pays for the message.

const methods = new Map(idlFactory({ IDL })._fields);
const passOn = IDL.Func([IDL.Principal, IDL.Text, IDL.Vec(IDL.Nat8)], [IDL.Vec(IDL.Nat8)], []);

let exchange: Exchange;
let proxy: Principal;
let rows: AccessRow[];
beforeAll(async () => {
  exchange = await openExchange();
  proxy = await installProbe(exchange.ic, 'CallProxy');
  await exchange.deposit(alice, 1_000_000n);
  ok(await exchange.as(alice).place_order(order('first')));
  const { settings } = await exchange.as().get_market();
  rows = accessTable(settings);
});
afterAll(() => exchange.close());

/** Cycles that a canister pays for a call, on a subnet of 13 nodes, before what it sends along with it. */
const paid = (method: string, arg: Uint8Array): bigint => 260_000n + 1_000n * BigInt(method.length + arg.length);

/** The exchange's instructions for a call of another canister; one of them costs a cycle. */
async function instructions(method: string, arg: Uint8Array): Promise<bigint> {
  const wrapped = new Uint8Array(IDL.encode(passOn.argTypes, [exchange.id, method, arg]));
  const report = await exchange.ic.report({ canisterId: proxy, method: 'pass_on', arg: wrapped, kind: 'update' });
  const share = report.canisters.find(({ canisterId }) => canisterId.compareTo(exchange.id) === 'eq');
  if (share === undefined) throw new Error(`${method} did not reach the exchange`);
  return share.instructions;
}

/** Instructions for each cycle that the sender pays: the least of three, since a collection of garbage, which lands on any call, is not its own work. */
async function ratio(method: string, arg: Uint8Array): Promise<number> {
  let least = Infinity;
  for (let tries = 0; tries < 3 && least > most; tries += 1) {
    least = Math.min(least, Number(await instructions(method, arg)) / Number(paid(method, arg)));
  }
  return least;
}

/** The dearest that was found costs 2.6 times what its sender pays. A nat of 20 kB, where methods still took them, cost 100 times as much. */
const most = 3;

function typeOf(method: string): IDL.FuncClass {
  const type = methods.get(method);
  if (type === undefined) throw new Error(`there is no method ${method}`);
  return type;
}

/** A type and a value of it. */
type Typed = [type: IDL.Type, value: unknown];

/** An argument with one leaf after the other replaced by what `leaf` makes of it, which may be of another type than the method takes. */
class Distortion extends IDL.Visitor<unknown, Typed[]> {
  readonly leaf: (type: IDL.Type) => Typed[];

  constructor(leaf: (type: IDL.Type) => Typed[]) {
    super();
    this.leaf = leaf;
  }

  override visitType(type: IDL.Type): Typed[] {
    return this.leaf(type);
  }

  override visitOpt(_: unknown, type: IDL.Type, value: unknown): Typed[] {
    const [inner] = (value ?? []) as unknown[];
    return type.accept(this, inner).map(([other, distorted]) => [IDL.Opt(other), [distorted]]);
  }

  override visitVec(whole: IDL.Type, type: IDL.Type, value: unknown): Typed[] {
    const [first] = (value ?? []) as unknown[];
    return [...this.leaf(whole), ...type.accept(this, first).map(([other, distorted]): Typed => [IDL.Vec(other), [distorted]])];
  }

  override visitTuple(_: unknown, components: IDL.Type[], value: unknown): Typed[] {
    const values = (value ?? components.map(() => '')) as unknown[];
    return components.flatMap((type, place) =>
      type
        .accept(this, values[place])
        .map(([other, distorted]): Typed => [IDL.Tuple(...components.with(place, other)), values.with(place, distorted)])
    );
  }

  override visitRecord(_: unknown, fields: [string, IDL.Type][], value: unknown): Typed[] {
    const values = value as Record<string, unknown> | undefined;
    if (values === undefined) return [];
    return fields.flatMap(([name, type]) =>
      type
        .accept(this, values[name])
        .map(([other, distorted]): Typed => [
          IDL.Record({ ...Object.fromEntries(fields), [name]: other }),
          { ...values, [name]: distorted }
        ])
    );
  }

  override visitVariant(_: unknown, fields: [string, IDL.Type][], value: unknown): Typed[] {
    const [[name, inner] = []] = Object.entries((value ?? {}) as Record<string, unknown>);
    const type = fields.find(([field]) => field === name)?.[1];
    if (name === undefined || type === undefined) return [];
    return type
      .accept(this, inner)
      .map(([other, distorted]) => [IDL.Variant({ ...Object.fromEntries(fields), [name]: other }), { [name]: distorted }]);
  }
}

/** The argument of every row of the access table with one leaf after the other replaced. */
function* distorted(method: string, leaf: (type: IDL.Type) => Typed[]): Generator<Uint8Array> {
  const argTypes: IDL.Type[] = typeOf(method).argTypes;
  const distortion = new Distortion(leaf);
  for (const { args } of rows.filter((row) => row.method === method)) {
    for (const [place, type] of argTypes.entries()) {
      for (const [other, value] of type.accept(distortion, args[place])) {
        yield new Uint8Array(IDL.encode(argTypes.with(place, other), args.with(place, value)));
      }
    }
  }
}

const hugeNumber = 2n ** 35_000n - 1n; // 5,000 bytes
const longTexts = ['x'.repeat(20_000), '\u{1F4A5}'.repeat(5_000), '\u0001'.repeat(20_000), '/?%'.repeat(7_000)];

describe('a number or a text without end in any place of any argument is cheap', () => {
  test.each([...methods.keys()].filter((method) => typeOf(method).argTypes.length > 0))('%s', async (method) => {
    const numbers = distorted(method, (type) => {
      if (type.name === 'nat64') return [[IDL.Nat, hugeNumber]];
      return type.name === 'int64' ? [[IDL.Int, -hugeNumber]] : [];
    });
    const texts = distorted(method, (type) => {
      if (type.name === 'text') return longTexts.map((text) => [type, text]);
      return type.name === 'vec nat8' ? [[type, new Uint8Array(20_000)]] : [];
    });
    for (const arg of [...numbers, ...texts]) expect(await ratio(method, arg)).toBeLessThan(most);
    await exchange.checkBooks();
  });

  test('and no method takes a number of any length', () => {
    for (const [method, { argTypes }] of methods) {
      for (const type of argTypes) expect(type.display(), method).not.toMatch(/\b(nat|int)\b/u);
    }
  });
});

/** Arguments of no method: the table of types, the type, the value. */
const size = 20_000;
const endless = joined(new Uint8Array(size - 1).fill(0xff), [0x7f]);
const doubling = Array.from({ length: 40 }, (_, index) => record([0, index + 1], [1, index + 1]));
const last = (alternatives: number): number[] => leb(alternatives - 1);
const strange: [string, number[][], number, Bytes][] = [
  ['a number', [], types.nat, endless],
  ['a signed number', [], types.int, endless],
  ['a text', [], types.text, joined(leb(size), new Uint8Array(size).fill(0x61))],
  ['a text of wide characters', [], types.text, joined(leb(size), repeated([0xf0, 0x9f, 0x92, 0xa5], size / 4))],
  ['a blob', [vec(types.nat8)], 0, joined(leb(size), new Uint8Array(size))],
  ['many numbers', [vec(types.nat)], 0, joined(leb(size), new Uint8Array(size))],
  ['many empty texts', [vec(types.text)], 0, joined(leb(size), new Uint8Array(size))],
  ['many empty options', [opt(types.nat8), vec(0)], 1, joined(leb(size), new Uint8Array(size))],
  ['many principals', [vec(types.principal)], 0, joined(leb(size / 2), repeated([1, 0], size / 2))],
  ['two billion times nothing', [vec(types.null)], 0, leb(2 ** 31)],
  ['a billion times anything', [vec(types.reserved)], 0, leb(10 ** 9)],
  ['a billion empty records', [record(), vec(0)], 1, leb(10 ** 9)],
  ['a million records of a hundred times nothing', [record(...nulls(100)), vec(0)], 1, leb(10 ** 6)],
  ['many records of nothing and a byte', [record([0, types.nat8], ...nulls(150, 1)), vec(0)], 1, joined(leb(size), new Uint8Array(size))],
  ['a record of two of two of two of two ...', [...doubling, record()], 0, []],
  // Deeper ones end with the stack, of which this network counts the message's whole limit instead of what it took till then.
  ['an option of an option of an option ...', [opt(0)], 0, joined(new Uint8Array(size).fill(1), [0])],
  ['a list in a list in a list ...', [vec(0)], 0, joined(new Uint8Array(1_000).fill(1), [0])],
  ['a chain of records', [record([0, types.nat8], [1, 1]), opt(0)], 1, joined(repeated([1, 1], 1_000), [0])],
  ['an alternative in an alternative ...', [variant([0, 0], [1, types.null])], 0, joined(new Uint8Array(1_000), [1])],
  ['a table of ten thousand types', Array.from({ length: size / 2 }, () => opt(types.null)), 0, [0]],
  ['a record of five thousand fields', [record(...nulls(size / 4))], 0, []],
  // The decoder looks each value's alternative up from the first on. Up to here tables of types are accepted.
  ...[150, 200, 250, 290].flatMap((count): [string, number[][], number, Bytes][] => [
    ...[100, 250, 310, 5_000].map((times): [string, number[][], number, Bytes] => [
      `${times} times the last of ${count} alternatives`,
      [variant(...nulls(count)), vec(0)],
      1,
      joined(leb(times), repeated(last(count), times))
    ]),
    [
      `the last of ${count} alternatives, with a number`,
      [variant(...nulls(count - 1), [count, types.nat32]), vec(0)],
      1,
      joined(leb(2_000), repeated([...last(count), 0, 0, 0, 0], 2_000))
    ]
  ])
];

/** The same in each place where it may stand. */
const places: [string, string, (table: number[][], type: number, value: Bytes) => Uint8Array][] = [
  ['after all arguments', 'get_flags', (table, type, value) => message(table, [type], value)],
  ['in place of an id', 'get_position', (table, type, value) => message(table, [type], value)],
  ['in place of an order', 'place_order', (table, type, value) => message(table, [type], value)],
  ['in place of all settings', 'set_settings', (table, type, value) => message(table, [type], value)],
  [
    'in an optional field',
    'get_movements',
    (table, type, value) => {
      const page = record([idlLabelToId('after'), table.length], [idlLabelToId('limit'), types.nat64]);
      return message([...table, opt(type), page], [table.length + 1], [1], value, [1, 0, 0, 0, 0, 0, 0, 0]);
    }
  ],
  [
    'in the argument of a call to consent to',
    'icrc21_canister_call_consent_message',
    (table, type, value) => consent(message(table, [type], value))
  ]
];

const consent = (arg: Uint8Array): Uint8Array => {
  const user_preferences = { metadata: { language: 'en', utc_offset_minutes: [] }, device_spec: [] };
  const { argTypes } = typeOf('icrc21_canister_call_consent_message');
  return new Uint8Array(IDL.encode(argTypes, [{ method: 'notify_deposit', arg, user_preferences }]));
};

describe('what no client would send is cheap', () => {
  test.each(strange)('%s', async (_, table, type, value) => {
    for (const [place, method, arg] of places) expect(await ratio(method, arg(table, type, value)), place).toBeLessThan(most);
    await exchange.checkBooks();
  });

  test('more arguments than a method takes', async () => {
    const bytes = new Array<number>(size).fill(types.nat8);
    expect(await ratio('get_flags', message([], bytes, new Uint8Array(size)))).toBeLessThan(most);
    expect(await ratio('get_flags', message([], new Array<number>(size).fill(types.null)))).toBeLessThan(most);
  });

  test('as many rows, headers and bytes as fit', async () => {
    const fair = {
      spot_e8: 2_800_000_000_000n,
      strike_e8: 2_810_000_000_000n,
      cap_e8: 50_000_000_000n,
      seconds: 900n,
      sigma_ppm: 600_000n
    };
    const fairRows = (count: number) => IDL.encode(typeOf('fair_values').argTypes, [Array.from({ length: count }, () => fair)]);
    for (const count of [500, 1_000]) expect(await ratio('fair_values', new Uint8Array(fairRows(count)))).toBeLessThan(most);
    const http = { method: 'GET', url: '/metrics', headers: [], body: new Uint8Array() };
    for (const changes of [{}, { url: '/health' }, { headers: Array.from({ length: 5_000 }, () => ['', '']) }]) {
      const arg = new Uint8Array(IDL.encode(typeOf('http_request').argTypes, [{ ...http, ...changes }]));
      expect(await ratio('http_request', arg)).toBeLessThan(most);
    }
  });
});

describe('a client that still sends numbers of any length', () => {
  test('is rejected, also where the number would fit', async () => {
    for (const arg of [message([], [types.nat], [1]), message([], [types.int], [1])]) {
      const call = { canisterId: exchange.id, method: 'get_position', arg, sender: alice };
      await expect(exchange.ic.query(call)).rejects.toThrow('unexpected IDL type when parsing Nat64');
    }
  });
});
