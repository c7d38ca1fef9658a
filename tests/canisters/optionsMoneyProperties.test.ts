import fc from 'fast-check';
import type { Principal } from '@dfinity/principal';
import { describe, expect, test } from 'vitest';
import { allRows } from './support/books.ts';
import { alice, bob, ok, openExchange, operator, owner, type Exchange } from './support/exchange.ts';
import { dayNs, minuteNs, secondNs } from './support/standins.ts';
import { notYetBooked, sendToDepositAccount, stateName, transfersWithBlocks } from './support/transfers.ts';

// Whatever traders, operators and the ledger do, in any order: the books are the ledger's, but for transfers that are open; and every transfer ends in
// exactly one way, the one that the ledger's blocks tell.

type Command = (exchange: Exchange) => Promise<unknown>;

const traders = fc.constantFrom<Principal>(alice, bob);
const ids = fc.nat({ max: 9 }).map((n) => `id ${n}`);
const numbers = fc.nat({ max: 6 }).map(BigInt);
const to = (who: Principal) => ({ owner: who, subaccount: [] as [] });

const send = fc.tuple(traders, fc.constantFrom(500n, 1_010n, 70_000n)).map(
  ([who, sats]): Command =>
    (exchange) =>
      sendToDepositAccount(exchange, who, sats)
);
const notify = traders.map(
  (who): Command =>
    (exchange) =>
      exchange.unchecked(who).notify_deposit()
);
const deposit = fc.tuple(traders, ids, fc.constantFrom(1_000n, 90_000n)).map(([who, id, sats]): Command => async (exchange) => {
  await exchange.approve(who, sats);
  await exchange.unchecked(who).deposit({ request_id: id, amount_sats: sats });
});
/** More than 100,000 sats waits for an operator. */
const withdraw = fc.tuple(traders, ids, fc.constantFrom(5_000n, 100_000n, 100_001n, 250_000n)).map(
  ([who, id, sats]): Command =>
    (exchange) =>
      exchange.unchecked(who).withdraw({ request_id: id, amount_sats: sats, to: to(who) })
);
const approve = numbers.map(
  (id): Command =>
    (exchange) =>
      exchange.unchecked(operator).approve_withdrawal(id)
);
const decline = numbers.map(
  (id): Command =>
    (exchange) =>
      exchange.unchecked(operator).decline_withdrawal(id, 'A test declines it.')
);
const cancel = fc.tuple(traders, ids).map(
  ([who, id]): Command =>
    (exchange) =>
      exchange.unchecked(who).cancel_withdrawal(id)
);
const ledgerFault = fc
  .constantFrom<
    [] | [{ temporarily_unavailable: null } | { generic: string } | { bad_fee: bigint } | { trap_before: null } | { trap_after: null }]
  >([], [], [{ temporarily_unavailable: null }], [{ generic: 'no' }], [{ bad_fee: 12n }], [{ trap_before: null }], [{ trap_after: null }])
  .map(
    (fault): Command =>
      (exchange) =>
        exchange.ledger.as().set_fault(fault)
  );
/** The next answer of the exchange's own code is lost: a trap after an await. */
const callbackTrap = fc
  .tuple(fc.constantFrom('notify_deposit', 'deposit', 'withdraw', 'approve_withdrawal'), fc.integer({ min: 1, max: 2 }))
  .map(([method, nth]): Command => (exchange) => {
    exchange.ic.faults.add({ kind: 'callback-trap', await: nth, match: { canisterId: exchange.id.toText(), method }, count: 1 });
    return Promise.resolve();
  });
const wait = fc.constantFrom(10n * secondNs, 40n * secondNs, 5n * minuteNs).map(
  (ns): Command =>
    (exchange) =>
      exchange.ic.advance(ns)
);
const longSleep: Command = (exchange) => exchange.sleep(dayNs + 10n * minuteNs);
const upgrade: Command = async (exchange) => {
  exchange.unattributed = await notYetBooked(exchange);
  await exchange.upgrade();
};
const all = fc.oneof(
  { arbitrary: send, weight: 3 },
  { arbitrary: notify, weight: 5 },
  { arbitrary: deposit, weight: 3 },
  { arbitrary: withdraw, weight: 6 },
  { arbitrary: approve, weight: 4 },
  { arbitrary: decline, weight: 1 },
  { arbitrary: cancel, weight: 1 },
  { arbitrary: ledgerFault, weight: 5 },
  { arbitrary: callbackTrap, weight: 1 },
  { arbitrary: wait, weight: 4 }
);
/** Several commands at once, of which none waits for another; or an interruption. */
const step = fc.oneof(
  { arbitrary: fc.array(all, { minLength: 1, maxLength: 3 }), weight: 12 },
  { arbitrary: fc.constantFrom([longSleep], [upgrade]), weight: 1 }
);
const steps = fc.array(step, { minLength: 10, maxLength: 25 });

async function check(exchange: Exchange): Promise<void> {
  exchange.unattributed = await notYetBooked(exchange);
  await exchange.checkBooks();
}

/** Ends what is open: approves what waits, lets everything be repeated, and resolves what is in review by the ledger's blocks. */
async function windDown(exchange: Exchange): Promise<void> {
  exchange.ic.faults.clear();
  await exchange.ledger.as().set_fault([]);
  for (const row of await allRows((page) => exchange.as().list_awaiting_withdrawals(page))) {
    await exchange.unchecked(operator).approve_withdrawal(row.id);
  }
  await exchange.ic.advance(11n * minuteNs);
  await check(exchange);
  const { deposits, withdrawals } = await transfersWithBlocks(exchange);
  const resolve = async (action: Parameters<ReturnType<Exchange['as']>['propose']>[0]): Promise<void> => {
    const { id } = ok(await exchange.unchecked(operator).propose(action));
    ok(await exchange.unchecked(owner).approve(id));
    await check(exchange);
  };
  const inReview = ({ row }: { row: { state: object } }): boolean => stateName(row) === 'needs_review';
  const blockOf = (blocks: { index: bigint }[]): [] | [bigint] => (blocks[0] === undefined ? [] : [blocks[0].index]);
  // What is certain first: what left, and what never came.
  const out = withdrawals.filter(inReview).sort((a, b) => b.blocks.length - a.blocks.length);
  const into = deposits.filter(inReview).sort((a, b) => a.blocks.length - b.blocks.length);
  const paidFirst = out.filter((one) => one.blocks.length > 0);
  for (const { row, blocks } of paidFirst) await resolve({ resolve_withdrawal: { id: row.id, block: blockOf(blocks) } });
  for (const { row, blocks } of into) await resolve({ resolve_deposit: { id: row.id, block: blockOf(blocks) } });
  for (const { row } of out.filter((one) => one.blocks.length === 0)) await resolve({ resolve_withdrawal: { id: row.id, block: [] } });
}

async function everyTransferHasOneEnd(exchange: Exchange): Promise<void> {
  const { deposits, withdrawals } = await transfersWithBlocks(exchange);
  for (const { row, blocks } of deposits) {
    expect(`deposit ${row.id} ${stateName(row)} ${blocks.length}`).toBe(
      `deposit ${row.id} ${blocks.length === 1 ? 'credited' : 'failed'} ${blocks.length}`
    );
  }
  for (const { row, blocks } of withdrawals) {
    expect(`withdrawal ${row.id} ${stateName(row)} ${blocks.length}`).toBe(
      `withdrawal ${row.id} ${blocks.length === 1 ? 'paid' : 'refunded'} ${blocks.length}`
    );
  }
  for (const who of [alice, bob]) expect(ok(await exchange.as(who).get_account()).withdrawing_sats).toBe(0n);
}

describe('the wallet', () => {
  test('ends every transfer in one way, through any history', { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const exchange = await openExchange({ treasury: 1_000_000n });
        try {
          await exchange.changeSettings({ large_withdrawal_sats: 100_000n });
          for (const who of [alice, bob]) await exchange.deposit(who, 1_000_000n);
          for (const commands of history) {
            // A trap reaches the caller as a rejected call.
            await Promise.allSettled(commands.map((command) => command(exchange)));
            await check(exchange);
          }
          await windDown(exchange);
          await everyTransferHasOneEnd(exchange);
          expect(await notYetBooked(exchange)).toBe(0n);
        } finally {
          await exchange.close();
        }
      }),
      { numRuns: 6, seed: 20_261_128, endOnFailure: true }
    );
  });
});
