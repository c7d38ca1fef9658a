import { get } from 'svelte/store';
import { formatUsd } from '../../../src/lib/money/formatUsd';
import { isActive } from '../../../src/lib/options/orderState';
import { receiptMismatches, fillOf, largestPayout } from '../../../src/lib/options/payoff';
import type { Market, OrderRequest, Position, TenorNow } from '../../../src/lib/options/types';
import type { EnhancedServices } from '../../../src/lib/services/types';
import { judged, skipped, type Check } from '../finding.ts';
import { fundCanary } from '../fundCanary.ts';
import { liveWithin } from '../reading.ts';
import { sats, timeOf } from '../words.ts';

const READING_MS = 30_000;
/** A fill comes within three minutes of its minute, a settlement soon after the price of the expiry's minute. */
const PATIENCE_MS = 300_000;

/** Until the next expiry of the tenor, ns: how long an order placed now takes. */
const lasts = (tenor: TenorNow, nowNs: bigint): bigint => tenor.expiryNs - nowNs;

function smallestOrder(market: Market): { order: OrderRequest; tenor: TenorNow } {
  const [tenor] = market.tenors.filter(({ enabled }) => enabled).sort((a, b) => Number(lasts(a, market.nowNs) - lasts(b, market.nowNs)));
  if (tenor === undefined) throw new Error('no tenor is offered');
  const payoutSats = market.settings.minPayoutSats;
  const order: OrderRequest = {
    clientOrderId: `checklist-${market.nowNs}`,
    instrument: { kind: 'digital', direction: 'call', payoutSats },
    tenor: tenor.name,
    strike: { kind: 'offset', offsetE8: 0n },
    // The most it may cost: the price moves until the fill, and a digital never costs more than it pays.
    maxPremiumSats: payoutSats,
    maxPayoutSats: undefined
  };
  return { order, tenor };
}

/** Waits, in the exchange's own time, until the position is filled and its expiry settled. */
async function whenSettled(page: EnhancedServices, id: bigint, waitMs: number): Promise<Position> {
  const { value } = await liveWithin(`position ${id}`, page.positions, waitMs, (rows) =>
    rows.some((row) => row.id === id && !isActive(row))
  );
  const position = value.find((row) => row.id === id);
  if (position === undefined) throw new Error(`position ${id} is not among the newest`);
  return position;
}

/** What the account holds, wherever in it: available, held back for orders, on its way out. */
async function holds(page: EnhancedServices): Promise<bigint> {
  const { availableSats, reservedSats, withdrawingSats } = await page.certifyBalance();
  return availableSats + reservedSats + withdrawingSats;
}

/** A real option from order to payout, on the canary's account. The only check that changes anything. */
export const settlement: Check = {
  name: 'settlement (canary)',
  run: async ({ plan, config, canary, open }) => {
    if (!plan.canary) return skipped('without --canary nothing is bought');
    if (canary === undefined) return skipped('no --canary-key');
    const page = open(canary);
    const { value: market } = await liveWithin('the market', page.market, READING_MS);
    const { offBy } = get(page.switches).entry;
    if (offBy !== undefined) return skipped(`new orders are switched off (by ${offBy})`);
    if (market.entry.kind === 'closed') return judged([`entry is closed: ${market.entry.reason}`], 'nothing was bought');
    const { order, tenor } = smallestOrder(market);
    console.error(
      `  buying a digital call of ${sats(order.maxPremiumSats)}, tenor ${tenor.name}; it may cost the canary at most ${sats(order.maxPremiumSats)}`
    );
    const funded = await fundCanary(page, config.testBitcoin, order.maxPremiumSats);

    // One that an interrupted run left behind would move the balance in between.
    await liveWithin("the canary's list of positions, all of them ended,", page.positions, PATIENCE_MS, (rows) => !rows.some(isActive));

    const beforeSats = await holds(page);
    const placed = await page.placeOrder(order);
    const waitMs = Number((placed.expiryNs - market.nowNs) / 1_000_000n) + PATIENCE_MS;
    console.error(`  position ${placed.id} fills at ${timeOf(placed.fillMinuteNs)}, expires at ${timeOf(placed.expiryNs)}; waiting`);
    const position = await whenSettled(page, placed.id, waitMs);
    if (position.state.kind === 'cancelled') return judged([`the order was cancelled: ${position.state.reason}`], `position ${placed.id}`);

    // The hub itself throws when the receipt differs from its own calculation; here the figures are held against each other once more.
    const receipt = await page.settle(placed.id);
    const fill = fillOf(position);
    const faults =
      fill === undefined
        ? ['it was settled without a fill']
        : receiptMismatches(position, fill, receipt).map((name) => `the receipt's ${name} is wrong`);
    if (fill !== undefined && receipt.payoutSats > largestPayout(position.instrument, fill.strikeE8))
      faults.push('it paid more than it can');
    const rule = await page.checkPrice(receipt);
    if (rule !== (tenor.settlesAtMean ? 'mean' : 'minute')) faults.push(`its price is not the price book's (${rule})`);
    const movedSats = (await holds(page)) - beforeSats;
    if (movedSats !== receipt.payoutSats - receipt.premiumSats)
      faults.push(`the balance moved by ${movedSats} sats, payout less premium is ${receipt.payoutSats - receipt.premiumSats}`);
    return judged(
      faults,
      `${funded}position ${position.id}, ${tenor.name} digital call of ${sats(order.maxPremiumSats)}, strike ${fill === undefined ? 'unknown' : formatUsd(fill.strikeE8)}: ` +
        `${receipt.outcome} at ${formatUsd(receipt.priceE8)} (${timeOf(receipt.priceMinuteNs)}), premium ${sats(receipt.premiumSats)}, payout ${sats(receipt.payoutSats)}; ` +
        `balance ${sats(beforeSats)}, moved by ${sats(movedSats)}; settled ${(receipt.settledNs - position.expiryNs) / 1_000_000_000n} s after its expiry`
    );
  }
};
