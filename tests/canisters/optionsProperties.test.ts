import fc from 'fast-check';
import type { Principal } from '@dfinity/principal';
import { describe, expect, test } from 'vitest';
import { allRows } from './support/books.ts';
import { alice, bob, digital, ok, openExchange, operator, order, owner, priceE8, type Exchange } from './support/exchange.ts';
import { minuteNs, secondNs } from './support/standins.ts';

// Whatever traders, operators, the ledger and the price source do, in any order: every figure of the exchange can be recomputed from its
// raw lists, to the satoshi, after every single step (support/exchange.ts checks that after each update and each move of the clock).

type Command = (exchange: Exchange) => Promise<unknown>;

const traders = fc.constantFrom<Principal>(alice, bob);
// Around every boundary that matters: nothing, minimums, what people have, more than there is.
const amounts = fc.oneof(
  fc.constantFrom(0n, 1n, 999n, 1_000n, 2_100_000_000_000_000n, 2n ** 64n - 1n),
  fc.bigInt({ min: 1_000n, max: 3_000_000n })
);
let names = 0;
/** Few enough that some come up twice. */
const ids = fc.nat({ max: 40 }).map((n) => (n < 5 ? `repeated ${n}` : `id ${(names += 1)}`));

const deposit = fc.tuple(traders, ids, amounts).map(([who, id, sats]): Command => async (exchange) => {
  if (sats <= 10_000_000n) await exchange.approve(who, sats).catch(() => undefined); // too poor, or the ledger is stopped
  await exchange.as(who).deposit({ request_id: id, amount_sats: sats });
});
const withdraw = fc.tuple(traders, ids, amounts).map(
  ([who, id, sats]): Command =>
    (exchange) =>
      exchange.as(who).withdraw({ request_id: id, amount_sats: sats, to: { owner: who, subaccount: [] } })
);
const withdrawTreasury = fc.tuple(ids, amounts).map(
  ([id, sats]): Command =>
    (exchange) =>
      exchange.as(owner).withdraw_treasury({ request_id: id, amount_sats: sats, to: { owner, subaccount: [] } })
);
const place = fc
  .record({
    who: traders,
    id: ids,
    direction: fc.constantFrom('call', 'put'),
    payout: fc.oneof(fc.bigInt({ min: 1_000n, max: 2_000_000n }), fc.constantFrom(0n, 10_000_000n, 2n ** 64n - 1n)),
    share: fc.nat({ max: 100 }),
    steps: fc.integer({ min: -4, max: 4 }),
    tenor: fc.constantFrom('1m', '5m')
  })
  .map(
    ({ who, id, direction, payout, share, steps, tenor }): Command =>
      (exchange) =>
        exchange.as(who).place_order(
          order(id, {
            instrument: digital(direction as 'call' | 'put', payout),
            tenor,
            strike: steps % 2 === 0 ? { at: priceE8 + BigInt(steps) * 1_000_000_000n } : { offset: BigInt(steps) * 1_500_000_000n },
            max_premium_sats: (payout * BigInt(share)) / 100n
          })
        )
  );
const cancel = fc.tuple(traders, fc.nat({ max: 12 })).map(
  ([who, id]): Command =>
    (exchange) =>
      exchange.as(who).cancel_order(BigInt(id))
);
const settle = fc.tuple(traders, fc.nat({ max: 12 })).map(
  ([who, id]): Command =>
    (exchange) =>
      exchange.as(who).settle(BigInt(id))
);
const wait = fc.integer({ min: 1, max: 200 }).map(
  (seconds): Command =>
    (exchange) =>
      exchange.advance(BigInt(seconds) * secondNs)
);
const movePrice = fc.tuple(fc.nat({ max: 3 }), fc.bigInt({ min: -300_000_000_000n, max: 300_000_000_000n })).map(
  ([minutes, by]): Command =>
    (exchange) =>
      exchange.setPrice((exchange.ic.now() / minuteNs + BigInt(minutes)) * minuteNs, priceE8 + by)
);
const pause: Command = (exchange) => exchange.as(operator).pause_entry('A test pauses entry.');
const resume: Command = (exchange) => exchange.as(operator).resume_entry();
const lowerLimits = fc.bigInt({ min: 0n, max: 3_000_000n }).map(
  (most): Command =>
    (exchange) =>
      exchange.changeSettings({ max_trader_payout_sats: most, max_total_payout_sats: most * 2n })
);
const noPrices = fc.boolean().map(
  (faulty): Command =>
    (exchange) =>
      exchange.exchangeRate.as().set_fault(faulty ? [{ Pending: null }] : [])
);
const ledgerFault = fc
  .constantFrom<[] | [{ temporarily_unavailable: null } | { generic: string } | { bad_fee: bigint } | { trap_before: null }]>(
    [],
    [{ temporarily_unavailable: null }],
    [{ generic: 'no' }],
    [{ bad_fee: 12n }],
    [{ trap_before: null }]
  )
  .map(
    (fault): Command =>
      (exchange) =>
        exchange.ledger.as().set_fault(fault)
  );
const upgrade: Command = (exchange) => exchange.upgrade();

const commands = fc.array(
  fc.oneof(
    { arbitrary: deposit, weight: 4 },
    { arbitrary: withdraw, weight: 3 },
    { arbitrary: withdrawTreasury, weight: 1 },
    { arbitrary: place, weight: 8 },
    { arbitrary: cancel, weight: 2 },
    { arbitrary: settle, weight: 2 },
    { arbitrary: wait, weight: 6 },
    { arbitrary: movePrice, weight: 3 },
    { arbitrary: fc.constantFrom(pause, resume, resume, upgrade), weight: 1 },
    { arbitrary: lowerLimits, weight: 1 },
    { arbitrary: noPrices, weight: 1 },
    { arbitrary: ledgerFault, weight: 1 }
  ),
  { minLength: 15, maxLength: 40 }
);

/** Puts everything in order again and waits until nothing is open; then every trader can take out all that is theirs. */
async function windDown(exchange: Exchange): Promise<void> {
  await exchange.ledger.as().set_fault([]);
  await exchange.exchangeRate.as().set_fault([]);
  await exchange.advance(30n * minuteNs);
  const overview = ok(await exchange.as(operator).get_overview());
  expect(overview).toMatchObject({
    positions: { pending: 0n, open: 0n },
    waiting: { set_aside: 0n },
    money: { traders_reserved_sats: 0n, treasury_reserved_sats: 0n }
  });
  for (const who of [alice, bob]) {
    const { available_sats: available, withdrawing_sats: withdrawing } = ok(await exchange.as(who).get_account());
    expect(withdrawing).toBe(0n);
    if (available < 1_000n) continue;
    const before = await exchange.onLedger(who);
    const paid = await exchange.as(who).withdraw({ request_id: 'all of it', amount_sats: available, to: { owner: who, subaccount: [] } });
    const { fee_sats: fee } = 'ok' in paid ? paid.ok : { fee_sats: 0n };
    if (fee === 10n) expect(await exchange.onLedger(who)).toBe(before + available - fee);
  }
  // No position was paid twice: one payout line at most for each.
  for (const who of [alice, bob]) {
    const lines = await allRows((page) => exchange.as(who).get_movements(page));
    const payouts = lines.filter((line) => 'payout' in (line.kind[0] ?? {})).map((line) => line.reference[0]);
    expect(new Set(payouts).size).toBe(payouts.length);
  }
}

describe('the exchange', () => {
  test('keeps every satoshi through any history', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (history) => {
        const exchange = await openExchange({ treasury: 5_000_000n });
        try {
          await exchange.deposit(alice, 2_000_000n);
          await exchange.deposit(bob, 1_000_000n);
          for (const command of history) await command(exchange);
          await windDown(exchange);
        } finally {
          await exchange.close();
        }
      }),
      { numRuns: 12, seed: 20_261_102, endOnFailure: true }
    );
  });
});
