import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { idlFactory, type Settings } from '../../src/lib/canisters/options/options.did.js';
import { accessTable, formerAuditor, type AccessRow } from './support/accessTable.ts';
import { alice, bob, minuteTenor, ok, openExchange, order, owner, type Exchange } from './support/exchange.ts';
import { person } from './support/standins.ts';

// What a hostile client can put into an argument: each call is answered, with an error in words or by being turned away, and costs next to nothing.

const methods = new Map(idlFactory({ IDL })._fields);
const turnedAway = 'IC0406';

/** Arguments of other shapes than those of the access table. */
const capped = {
  instrument: { capped: { direction: { put: null }, notional_sats: 10_000_000n, cap_e8: 20_000_000_000n } },
  strike: { offset: 0n },
  max_payout_sats: [75_000n] as [bigint]
};
const cappedQuote = { instrument: capped.instrument, tenor: '1m', strike: capped.strike };
const measured = { measured: { scale_ppm: 1_000_000n, floor_ppm: 300_000n, ceiling_ppm: 2_000_000n } };
const alternatives = new Map<string, unknown[][]>([
  ['place_order', [[{ ...order('capped'), ...capped }]]],
  ['quote', [[cappedQuote]]],
  ['set_tenor', [[{ ...minuteTenor, volatility: measured }]]],
  ['withdraw', [[{ request_id: 'c', amount_sats: 5_000n, to: { owner: person('outside'), subaccount: [new Uint8Array(32)] } }]]]
]);

let exchange: Exchange;
let rows: AccessRow[];
let settings: Settings;
beforeAll(async () => {
  exchange = await openExchange();
  for (const who of [alice, bob]) await exchange.deposit(who, 1_000_000n);
  for (const id of ['first', 'second']) ok(await exchange.as(alice).place_order(order(id)));
  ok(await exchange.as(owner).grant_role(formerAuditor, { auditor: null }));
  ({ settings } = await exchange.as().get_market());
  rows = accessTable(settings).flatMap((row) => [row, ...(alternatives.get(row.method) ?? []).map((args) => ({ ...row, args }))]);
});
afterEach(async () => {
  // Some extremes are allowed to an operator: nothing of them may stay for the next test.
  ok(await exchange.unchecked(owner).set_settings(settings));
  ok(await exchange.unchecked(owner).set_tenor(minuteTenor));
  ok(await exchange.unchecked(owner).resume_entry());
});
afterAll(() => exchange.close());

/** What the types have; no client can send more of them. */
const numbers = [0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 63n, 2n ** 64n - 1n];
const texts = ['', ' ', 'x'.repeat(65), 'x'.repeat(700), 'x'.repeat(9_000), '\u{1F4A5}'.repeat(2_000), '\u0000\u202e\u2028`'];

/** The value with one leaf after the other replaced by what nobody would send. */
function* distorted(value: unknown): Generator<unknown> {
  if (typeof value === 'bigint') yield* numbers;
  else if (typeof value === 'string') yield* texts;
  else if (value instanceof Uint8Array) yield* [new Uint8Array(1), new Uint8Array(9_000)];
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) for (const other of distorted(item)) yield value.with(index, other);
    if (value.length === 0) for (const number of numbers) yield [number];
  } else if (typeof value === 'object' && value !== null && !('toUint8Array' in value)) {
    for (const [key, item] of Object.entries(value)) for (const other of distorted(item)) yield { ...value, [key]: other };
  }
}

/** Candid of arguments; undefined for values that the types don't have. */
function encoded(type: IDL.FuncClass, args: unknown[]): Uint8Array | undefined {
  try {
    return new Uint8Array(IDL.encode(type.argTypes, args));
  } catch {
    return undefined;
  }
}

function typeOf(method: string): IDL.FuncClass {
  const type = methods.get(method);
  if (type === undefined) throw new Error(`there is no method ${method}`);
  return type;
}

interface Attempt {
  /** The error's code, ok, or turned away. */
  answer: string;
  instructions: bigint;
}

async function attempt(method: string, arg: Uint8Array, sender: Principal): Promise<Attempt> {
  const type = typeOf(method);
  const kind = type.annotations.includes('query') ? 'query' : 'update';
  const { result, instructions } = await exchange.ic.report({ canisterId: exchange.id, method, arg, sender, kind });
  if (result.kind !== 'reply') {
    if (result.errorCode === turnedAway) return { answer: 'turned away', instructions };
    throw new Error(`${method} was rejected: ${result.errorCode} ${result.message}`);
  }
  const [value] = IDL.decode(type.retTypes, result.reply);
  const error = (value as { err?: { code: [] | [object]; message: string } } | undefined)?.err;
  if (error !== undefined) expect(error.message).toMatch(/^[A-Z].{10,}/su);
  return { answer: error === undefined ? 'ok' : (Object.keys(error.code[0] ?? {})[0] ?? 'internal'), instructions };
}

const senderOf = (method: string): Principal =>
  /^(get_|quote|place|cancel|deposit|withdraw$|settle|my_|http|icrc|fair)/u.test(method) ? alice : owner;
const isQuery = (method: string): boolean => typeOf(method).annotations.includes('query');

/** The least of three: a collection of garbage, which the network's canisters do now and then, is not the call's own work. */
async function cheapest(method: string, arg: Uint8Array, sender: Principal): Promise<Attempt> {
  const attempts = [await attempt(method, arg, sender)];
  while (attempts.length < 3) attempts.push(await attempt(method, arg, sender));
  return attempts.reduce((least, next) => (next.instructions < least.instructions ? next : least));
}

/** What a refusal may take. An update as long as that is turned away; a query costs the exchange nothing. */
function allowance(method: string, arg: Uint8Array): bigint {
  if (arg.length > 1_000) return isQuery(method) ? 1_000_000n : 0n;
  return 200_000n;
}

describe('an extreme value in any place of any argument is answered in words, and a refusal is cheap', () => {
  test.each([...methods.keys()])('%s', async (method) => {
    const shapes = rows.filter((row) => row.method === method);
    if (shapes.length === 0) throw new Error(`${method} has no row in tests/canisters/support/accessTable.ts`);
    for (const { args } of shapes) {
      for (const [place, value] of args.entries()) {
        for (const other of distorted(value)) {
          const arg = encoded(typeOf(method), args.with(place, other));
          if (arg === undefined) continue;
          const sender = senderOf(method);
          let made = await attempt(method, arg, sender);
          // What the ledger was asked is no refusal of this canister.
          if (made.answer === 'ok' || made.answer === 'ledger') continue;
          const most = allowance(method, arg);
          if (made.instructions > most) made = await cheapest(method, arg, sender);
          if (made.instructions > most) {
            throw new Error(
              `${made.answer} for ${String(arg.length)} bytes took ${String(made.instructions)} instructions, ${String(most)} are allowed`
            );
          }
        }
      }
    }
    await exchange.checkBooks();
  });
});

describe('what is no Candid of the method is rejected cheaply and changes nothing', () => {
  const didl = [0x44, 0x49, 0x44, 0x4c];
  const garbage = [
    new Uint8Array(),
    Uint8Array.from({ length: 64 }, (_, index) => (index * 37) % 256),
    Uint8Array.from(didl),
    new Uint8Array(IDL.encode([IDL.Vec(IDL.Float64)], [[1, 2, 3]])),
    Uint8Array.from([...didl, 1, 0x6d, 0x7f, 1, 0, 0xff, 0xff, 0xff, 0xff, 0x0f]),
    Uint8Array.from([...didl, 0xff, 0xff, 0xff, 0xff, 0x0f]),
    // 250 types that hold each other in turn, and a type that is an option of itself.
    Uint8Array.from([
      ...didl,
      0xfa,
      1,
      ...Array.from({ length: 250 }, (_, index) => [0x6e, (((index + 1) % 250) & 0x7f) | 0x80, ((index + 1) % 250) >> 7]).flat(),
      1,
      0,
      1,
      1
    ]),
    Uint8Array.from([...didl, 1, 0x6e, 0, 1, 0, ...new Array<number>(1_000).fill(1)]),
    Uint8Array.from([...didl, 0, 1, 0x7d, ...new Array<number>(1_000).fill(0xff)]) // a number that never ends
  ];

  test.each([...methods.keys()])('%s', async (method) => {
    const type = typeOf(method);
    // Extra values after those that a method asks for are allowed, and so is anything where it asks for nothing.
    if (type.argTypes.length === 0) return;
    for (const [index, arg] of garbage.entries()) {
      const { result, instructions } = await exchange.ic.report({
        canisterId: exchange.id,
        method,
        arg,
        sender: senderOf(method),
        kind: isQuery(method) ? 'query' : 'update'
      });
      expect(result.kind, `${method} and garbage ${String(index)}`).toBe('reject');
      expect(instructions, `${method} and garbage ${String(index)}`).toBeLessThan(200_000n);
    }
    await exchange.checkBooks();
  });
});

describe('a flood', () => {
  const memory = async (): Promise<bigint> => (await exchange.ic.canisterStatus(exchange.id)).memorySize;

  test('of refused calls leaves nothing behind, and others are served', async () => {
    const stranger = exchange.unchecked(person('flood'));
    const overview = async () => ok(await exchange.as().get_overview());
    const flood = async (): Promise<void> => {
      for (let index = 0; index < 100; index += 1) {
        const answers = await Promise.all([
          stranger.place_order(order(`flood ${String(index)}`)),
          stranger.cancel_order(BigInt(index)),
          stranger.settle(10n ** 9n + BigInt(index)),
          stranger.set_settings(settings),
          stranger.grant_role(bob, { owner: null }),
          stranger.deposit({ request_id: `flood ${String(index)}`, amount_sats: 999n }),
          stranger.withdraw({ request_id: `flood ${String(index)}`, amount_sats: 5_000n, to: { owner: bob, subaccount: [] } })
        ]);
        for (const answer of answers) expect(answer).toHaveProperty('err');
      }
    };
    await flood();
    const [before, memoryBefore] = [await overview(), await memory()];
    await flood();
    const after = await overview();
    const later = { as_of_ns: after.as_of_ns, cycles: { ...before.cycles, balance: after.cycles.balance } };
    expect(after).toEqual({ ...before, ...later });
    expect(await memory()).toBeLessThan(memoryBefore + 8n * 1_024n * 1_024n);
    ok(await exchange.as(bob).place_order(order('honest')));
  });
});
