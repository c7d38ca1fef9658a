import { crc32 } from 'node:zlib';
import { IDL } from '@dfinity/candid';
import fc from 'fast-check';
import type { LocalIc } from 'local-ic';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { idlFactory as optionsIdl } from '../../src/lib/canisters/options/options.did.js';
import { alice, ok, openExchange, order, refusal } from './support/exchange.ts';
import { installProbe } from './support/probe.ts';
import { minuteNs, stillNetwork } from './support/standins.ts';

const STATUSES = ['pending', 'open', 'cancelled', 'settled', 'voided'] as const;
const REASONS = ['by_trader', 'premium_above_maximum', 'payout_above_reserve', 'limit_reached', 'entry_paused', 'no_price'] as const;
const OUTCOMES = ['win', 'tie', 'loss'] as const;
const WORDS = [
  ...['size', 'cap', 'maxPremium', 'maxPayout', 'placed', 'expiry', 'reserve', 'price', 'strike', 'sigmaPpm', 'fair', 'spread', 'skew'],
  ...['filled', 'balanceAfterFill', 'ended', 'settlementPrice', 'payout', 'balanceAfterEnd']
] as const;
const variantOf = (names: readonly string[]) => IDL.Variant(Object.fromEntries(names.map((name) => [name, IDL.Null])));
const row = IDL.Record({
  ...{ trader: IDL.Nat, terms: IDL.Nat, clientOrderId: IDL.Text, strikeOrdered: IDL.Int64 },
  ...Object.fromEntries(WORDS.map((name) => [name, IDL.Nat64])),
  ...{ status: variantOf(STATUSES), reason: variantOf(REASONS), outcome: variantOf(OUTCOMES) }
});
const idlFactory: IDL.InterfaceFactory = () =>
  IDL.Service({
    keep: IDL.Func([row], [IDL.Opt(row)], []),
    read: IDL.Func([IDL.Nat], [row], ['query']),
    names: IDL.Func([IDL.Vec(IDL.Text), IDL.Vec(IDL.Nat)], [IDL.Vec(IDL.Bool)], ['query']),
    alike: IDL.Func([IDL.Text, IDL.Nat], [IDL.Variant({ known: IDL.Nat, new: IDL.Null, crowded: IDL.Null }), IDL.Bool], ['query'])
  });

type Row = Record<string, unknown>;
interface Probe {
  keep(position: Row): Promise<[] | [Row]>;
  read(id: bigint): Promise<Row>;
  names(added: string[], removed: bigint[]): Promise<boolean[]>;
  alike(name: string, count: bigint): Promise<[object, boolean]>;
}

let ic: LocalIc;
let probe: Probe;
beforeAll(async () => {
  ic = await stillNetwork();
  probe = ic.actor<Probe>(idlFactory, await installProbe(ic, 'ArchiveProbe'));
});
afterAll(() => ic.close());

const variant = (names: readonly string[]) => fc.constantFrom(...names).map((name) => ({ [name]: null }));
/** Any word, zero and the largest often among them. */
const word = fc.oneof(fc.constantFrom(0n, 1n, 2n ** 32n, 2n ** 61n, 2n ** 64n - 1n), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }));
const words = (names: readonly string[]) => fc.record(Object.fromEntries(names.map((name) => [name, word])));
const FILL = ['price', 'strike', 'fair', 'spread', 'skew', 'filled', 'balanceAfterFill', 'settlementPrice', 'payout', 'balanceAfterEnd'];
/** A text of at most 64 bytes, of any characters. */
const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 64 }).filter((text) => new TextEncoder().encode(text).length <= 64);
/** Everything a final position can be. What is never filled has no fill, and only a capped option a cap: terms 0 to 3 and 8 to 11 are digital. */
const final = fc
  .record({
    all: words(['size', 'cap', 'maxPremium', 'maxPayout', 'placed', 'ended', ...FILL]),
    trader: fc.bigInt({ min: 0n, max: 4n }),
    terms: fc.bigInt({ min: 0n, max: 15n }),
    clientOrderId: name,
    strikeOrdered: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    minute: fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }).filter((minute) => minute * minuteNs < 2n ** 64n),
    sigmaPpm: fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }),
    status: variant(['cancelled', 'settled', 'voided']),
    reason: variant(REASONS),
    outcome: variant(OUTCOMES)
  })
  .map(({ all, minute, ...rest }): Row => {
    const fill = 'cancelled' in rest.status ? Object.fromEntries(FILL.map((field) => [field, 0n])) : {};
    const cap = rest.terms % 8n < 4n ? { cap: 0n } : {};
    return { ...all, ...fill, ...cap, ...rest, expiry: minute * minuteNs, reserve: 0n };
  });

test('a final position is read from the archive as it was, field by field, also after thousands of others', async () => {
  const kept: Row[] = [];
  await fc.assert(
    fc.asyncProperty(final, async (position) => {
      expect(await probe.keep(position)).toEqual([position]);
      kept.push(position);
    }),
    { numRuns: 400 }
  );
  for (const [id, position] of kept.entries()) expect(await probe.read(BigInt(id))).toEqual(position);
});

test('what does not fit into a row is left on the heap', async () => {
  const [position] = fc.sample(final, { numRuns: 1, seed: 1 });
  const changes: Row[] = [
    { clientOrderId: '€'.repeat(22) },
    { clientOrderId: '\u{1f98a}'.repeat(64) },
    { sigmaPpm: 2n ** 32n },
    { expiry: 1n },
    { expiry: minuteNs + 1n }
  ];
  for (const change of changes) expect(await probe.keep({ ...position, ...change }), JSON.stringify(Object.keys(change))).toEqual([]);
  expect(await probe.keep({ ...position, clientOrderId: '€'.repeat(21) })).toHaveLength(1);
});

test('a name is found however many there are, also among records of the same hash and after others were removed', async () => {
  const few = fc.constantFrom(...Array.from({ length: 12 }, (_, index) => `few ${index}`));
  const names = fc.array(fc.oneof(few, fc.string({ maxLength: 40 })), { maxLength: 60 });
  const atMostSixteenOf = (all: readonly string[]) =>
    all.filter((name, index) => all.slice(0, index).filter((other) => other === name).length < 16);
  await fc.assert(
    fc.asyncProperty(names.map(atMostSixteenOf), fc.array(fc.nat({ max: 70 }), { maxLength: 40 }), async (added, removed) => {
      const gone = new Set(removed);
      expect(await probe.names(added, removed.map(BigInt))).toEqual(added.map((_, id) => !gone.has(id)));
    }),
    { numRuns: 150 }
  );
  const many = Array.from({ length: 2_000 }, (_, id) => `name ${id}`);
  expect(await probe.names(many, [])).not.toContain(false);
  expect(await probe.alike('x', 0n)).toEqual([{ new: null }, true]);
  expect(await probe.alike('x', 15n)).toEqual([{ new: null }, true]);
  expect(await probe.alike('x', 16n)).toEqual([{ crowded: null }, true]);
});

test.each([
  ['in the archive', 'a'.repeat(64)],
  ['on the heap, since its id takes 256 bytes', '\u{1f98a}'.repeat(64)]
])('a final position %s is found by its name and never placed again, before and after an upgrade', async (_, id) => {
  const exchange = await openExchange();
  try {
    await exchange.deposit(alice, 1_000_000n);
    const trader = exchange.as(alice);
    const placed = ok(await trader.place_order(order(id)));
    const settled = ok(await trader.place_order(order(id.slice(0, -2))));
    const cancelled = ok(await trader.cancel_order(placed.id));
    await exchange.advance(4n * minuteNs);
    const receipt = ok(await trader.settle(settled.id));
    const check = async (): Promise<void> => {
      expect(ok(await trader.place_order(order(id)))).toEqual(cancelled);
      expect(refusal(await trader.place_order(order(id, { max_premium_sats: 60_001n }))).code).toEqual({ id_reused: null });
      expect(ok(await trader.get_position_by_client_id(id))).toEqual(cancelled);
      expect(ok(await trader.get_position_by_client_id(id.slice(0, -2))).state).toMatchObject({ settled: { receipt } });
      const active = ok(await trader.get_positions({ filter: { active: null }, page: { after: [], limit: 10n } }));
      expect(active.rows).toEqual([]);
      const finished = ok(await trader.get_positions({ filter: { finished: null }, page: { after: [], limit: 10n } }));
      expect(finished.rows.map((row) => row.id)).toEqual([settled.id, placed.id]);
    };
    await check();
    await exchange.upgrade();
    await check();
  } finally {
    await exchange.close();
  }
});

/**
 * Names of 64 letters with one CRC-32. The checksum is linear: what flipping the lowest bit of a letter changes adds up, so the kernel of those changes can be
 * had by elimination, and any sum of its members leaves the checksum as it is.
 */
function alikeNames(count: number): string[] {
  const letters = new Uint8Array(64).fill(0x61);
  const flipped = (index: number) => letters.map((letter, at) => (at === index ? letter ^ 1 : letter));
  const pivots = new Map<number, { change: number; letters: bigint }>();
  const kernel: bigint[] = [];
  for (let index = 0; index < 64; index += 1) {
    let change = (crc32(flipped(index)) ^ crc32(letters)) >>> 0;
    let sum = 1n << BigInt(index);
    for (let bit = 31; bit >= 0 && change !== 0; bit -= 1) {
      if (((change >>> bit) & 1) === 0) continue;
      const pivot = pivots.get(bit);
      if (pivot === undefined) {
        pivots.set(bit, { change, letters: sum });
        break;
      }
      change = (change ^ pivot.change) >>> 0;
      sum ^= pivot.letters;
    }
    if (change === 0) kernel.push(sum);
  }
  return Array.from({ length: count }, (_, number) => {
    const mask = kernel.reduce((sum, member, bit) => (((number >> bit) & 1) === 1 ? sum ^ member : sum), 0n);
    return Array.from(letters, (letter, at) => String.fromCharCode(((mask >> BigInt(at)) & 1n) === 1n ? letter ^ 1 : letter)).join('');
  });
}

test('names made to look alike are refused from the seventeenth on, and a deposit that fails costs the same however many there are', async () => {
  const exchange = await openExchange();
  try {
    const names = alikeNames(17);
    expect(new Set(names.map((text) => crc32(text))).size).toBe(1);
    expect(new Set(names).size).toBe(17);
    await exchange.deposit(alice, 2_000_000n);
    const trader = exchange.as(alice);
    const type = new Map(optionsIdl({ IDL })._fields).get('deposit');
    const failing = async (requestId: string): Promise<bigint> => {
      const arg = new Uint8Array(IDL.encode(type?.argTypes ?? [], [{ request_id: requestId, amount_sats: 1_000_000_000n }]));
      const report = await exchange.ic.report({ canisterId: exchange.id, method: 'deposit', arg, kind: 'update', sender: alice });
      return report.canisters.find(({ canisterId }) => canisterId.toText() === exchange.id.toText())?.instructions ?? 0n;
    };
    await exchange.approve(alice, 1_000_000n);
    const before = await failing('one that fails');
    for (const id of names.slice(0, 16)) {
      ok(await trader.cancel_order(ok(await trader.place_order(order(id))).id));
      ok(await trader.deposit({ request_id: id, amount_sats: 1_000n }));
    }
    expect(refusal(await trader.place_order(order(names[16] ?? '')))).toEqual({
      kind: 'request',
      code: { invalid: { field: 'client_order_id' } }
    });
    expect(refusal(await trader.deposit({ request_id: names[16] ?? '', amount_sats: 1_000n }))).toEqual({
      kind: 'request',
      code: { invalid: { field: 'request_id' } }
    });
    // Each of the sixteen is still known, and any other name is taken.
    for (const id of names.slice(0, 16)) expect(ok(await trader.place_order(order(id))).state).toHaveProperty('cancelled');
    ok(await trader.place_order(order('another')));
    for (let round = 0; round < 20; round += 1) await failing(`one that fails ${round}`);
    expect(await failing('one that fails')).toBeLessThan(before + 20_000n);
  } finally {
    await exchange.close();
  }
});
