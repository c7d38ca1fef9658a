import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { account, fee } from './support/ledgerCalls.ts';
import { installLedger, person, secondNs, stillNetwork, type LedgerStandin } from './support/standins.ts';

// Any sequence of mints, burns, transfers, approvals and transfers by a spender, compared with a plain book kept beside it: the supply is
// the sum of the balances, fees are destroyed, nobody goes below zero, and an error changes nothing.

const holders = ['alice', 'bob', 'carol'] as const;
const everybody = ['minter', ...holders] as const;
type Holder = (typeof holders)[number];
type Name = (typeof everybody)[number];
const accountOf = (name: Name) => account(person(name));

type Call =
  | { kind: 'transfer'; from: Name; to: Name; amount: bigint }
  | { kind: 'approve'; from: Holder; spender: Holder; amount: bigint; lifetimeS: bigint | undefined }
  | { kind: 'take'; spender: Holder; from: Holder; to: Name; amount: bigint };
type Step = Call | { kind: 'wait'; seconds: bigint };

const anyone = fc.constantFrom(...everybody);
const holder = fc.constantFrom(...holders);
const amount = fc.oneof(fc.bigInt({ min: 0n, max: 30n }), fc.bigInt({ min: 0n, max: 3_000n }));
const lifetimeS = fc.option(fc.bigInt({ min: 0n, max: 20n }), { nil: undefined });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('transfer' as const), from: anyone, to: anyone, amount }),
  // Approving oneself traps; it has a test of its own.
  fc
    .record({ kind: fc.constant('approve' as const), from: holder, spender: holder, amount, lifetimeS })
    .filter(({ from, spender }) => from !== spender),
  fc.record({ kind: fc.constant('take' as const), spender: holder, from: holder, to: anyone, amount }),
  fc.record({ kind: fc.constant('wait' as const), seconds: fc.bigInt({ min: 1n, max: 10n }) })
);

/** What the ledger must hold, kept in the simplest way. Its methods answer whether the call succeeds. */
class Book {
  readonly balances: Record<Name, bigint> = { minter: 0n, alice: 2_000n, bob: 2_000n, carol: 2_000n };
  readonly allowances = new Map<string, { amount: bigint; expiresAt: bigint | undefined }>();

  allowance(from: Name, spender: Holder, now: bigint): bigint {
    const found = this.allowances.get(`${from}>${spender}`);
    return found === undefined || (found.expiresAt !== undefined && found.expiresAt <= now) ? 0n : found.amount;
  }

  call(call: Call, now: bigint): boolean {
    if (call.kind === 'approve') return this.approve(call, now);
    if (call.to === 'minter') return this.burn(call, now);
    if (call.from !== 'minter') return this.debit(call, fee, now) && this.credit(call);
    return this.credit(call);
  }

  private approve({ from, spender, amount: value, lifetimeS: lifetime }: Extract<Call, { kind: 'approve' }>, now: bigint): boolean {
    const expiresAt = lifetime === undefined ? undefined : now + lifetime * secondNs;
    if (this.balances[from] < fee || (expiresAt !== undefined && expiresAt <= now)) return false;
    this.balances[from] -= fee;
    this.allowances.set(`${from}>${spender}`, { amount: value, expiresAt });
    return true;
  }

  private burn(call: Exclude<Call, { kind: 'approve' }>, now: bigint): boolean {
    const balance = this.balances[call.from];
    const minimum = balance < fee ? balance : fee;
    return call.amount > 0n && call.amount >= minimum && this.debit(call, 0n, now);
  }

  private debit(call: Exclude<Call, { kind: 'approve' }>, charged: bigint, now: bigint): boolean {
    const total = call.amount + charged;
    if (this.balances[call.from] < total) return false;
    if (call.kind === 'take' && call.spender !== call.from) {
      const left = this.allowance(call.from, call.spender, now) - total;
      if (left < 0n) return false;
      const key = `${call.from}>${call.spender}`;
      // Nothing taken from no allowance (a burn of 0 is refused before) leaves nothing to update.
      const found = this.allowances.get(key);
      if (found !== undefined) this.allowances.set(key, { ...found, amount: left });
    }
    this.balances[call.from] -= total;
    return true;
  }

  private credit({ to, amount: value }: { to: Name; amount: bigint }): boolean {
    this.balances[to] += value;
    return true;
  }
}

async function send(ledger: LedgerStandin, call: Call, now: bigint): Promise<boolean> {
  const plain = { amount: call.amount, fee: [] as [], memo: [] as [], created_at_time: [] as [] };
  switch (call.kind) {
    case 'transfer':
      return 'Ok' in (await ledger.as(person(call.from)).icrc1_transfer({ ...plain, from_subaccount: [], to: accountOf(call.to) }));
    case 'approve':
      return (
        'Ok' in
        (await ledger.as(person(call.from)).icrc2_approve({
          ...plain,
          from_subaccount: [],
          spender: accountOf(call.spender),
          expected_allowance: [],
          expires_at: call.lifetimeS === undefined ? [] : [now + call.lifetimeS * secondNs]
        }))
      );
    case 'take':
      return (
        'Ok' in
        (await ledger
          .as(person(call.spender))
          .icrc2_transfer_from({ ...plain, spender_subaccount: [], from: accountOf(call.from), to: accountOf(call.to) }))
      );
  }
}

async function expectSame(ledger: LedgerStandin, book: Book): Promise<void> {
  const read = ledger.as();
  let sum = 0n;
  for (const name of everybody) {
    const balance = await read.icrc1_balance_of(accountOf(name));
    expect(balance).toBe(book.balances[name]);
    sum += balance;
  }
  expect(await read.icrc1_total_supply()).toBe(sum);
}

test('satoshi are conserved under any sequence of calls', { timeout: 300_000 }, async () => {
  const seen = { accepted: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      const ic = await stillNetwork();
      try {
        const initial_mints = holders.map((name) => ({ to: accountOf(name), amount: 2_000n }));
        const ledger = await installLedger(ic, { minter: person('minter'), initial_mints });
        const book = new Book();
        for (const next of steps) {
          if (next.kind === 'wait') {
            await ic.advance(next.seconds * secondNs);
            continue;
          }
          const now = ic.now();
          const expected = book.call(next, now);
          expect(await send(ledger, next, now)).toBe(expected);
          seen[expected ? 'accepted' : 'refused'] += 1;
          await expectSame(ledger, book);
        }
        for (const from of holders) {
          for (const spender of holders) {
            const { allowance } = await ledger.as().icrc2_allowance({ account: accountOf(from), spender: accountOf(spender) });
            expect(allowance).toBe(book.allowance(from, spender, ic.now()));
          }
        }
      } finally {
        await ic.close();
      }
    }),
    { numRuns: 20 }
  );
  // The sequences are worth something only if both ends are reached.
  expect(seen.accepted).toBeGreaterThan(50);
  expect(seen.refused).toBeGreaterThan(10);
});
