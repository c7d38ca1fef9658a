import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { idlFactory } from '../../src/lib/canisters/options/options.did.js';
import { accessTable, formerAuditor, type AccessRow } from './support/accessTable.ts';
import { alice, bob, ok, openExchange, order, owner, type Exchange } from './support/exchange.ts';
import { person } from './support/standins.ts';

// What a hostile client can put into an argument: each call is answered, with an error in words or by being turned away, and costs next to nothing.

const methods = new Map(idlFactory({ IDL })._fields);
const turnedAway = 'IC0406';

let exchange: Exchange;
let rows: AccessRow[];
beforeAll(async () => {
  exchange = await openExchange();
  for (const who of [alice, bob]) await exchange.deposit(who, 1_000_000n);
  for (const id of ['first', 'second']) ok(await exchange.as(alice).place_order(order(id)));
  ok(await exchange.as(owner).grant_role(formerAuditor, { auditor: null }));
  rows = accessTable((await exchange.as().get_market()).settings);
});
afterAll(() => exchange.close());

/** 9,000 bytes as Candid has them, and as many as inspect lets through. */
const huge = 2n ** 63_000n;
const numbers = [0n, 1n, -1n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n, 2n ** 64n, 2n ** 128n, -(2n ** 64n), huge, -huge];
const texts = ['', ' ', 'x'.repeat(65), 'x'.repeat(9_000), '\u{1F4A5}'.repeat(2_000), '\u0000\u202e\u2028`'];

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

const who = (method: string): Principal => (/^(get_|quote|place|cancel|deposit|withdraw$|settle|my_|http|icrc)/u.test(method) ? alice : owner);

describe('an extreme value in any place of any argument', () => {
  test.each([...methods.keys()])('of %s', async (method) => {
    const row = rows.find((candidate) => candidate.method === method);
    if (row === undefined) throw new Error(`${method} has no row in tests/canisters/support/accessTable.ts`);
    const type = typeOf(method);
    let dearest: Attempt | undefined;
    let size = 0;
    for (const [place, value] of row.args.entries()) {
      for (const other of distorted(value)) {
        const arg = encoded(type, row.args.with(place, other));
        if (arg === undefined) continue;
        const made = await attempt(method, arg, who(method));
        if (made.answer === 'ok') continue;
        if (dearest === undefined || made.instructions > dearest.instructions) { dearest = made; size = arg.length; }
      }
    }
    console.log(method, dearest, size);
    await exchange.checkBooks();
  });
});
