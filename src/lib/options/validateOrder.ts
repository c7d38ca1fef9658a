import { formatBtc } from '../money/formatBtc';
import { formatUsd } from '../money/formatUsd';
import type { Market, OrderRequest, StrikeChoice, Tenor } from './types';

type OrderField = 'order' | 'tenor' | 'strike' | 'payout' | 'maxPremium';

/** One complaint, shown beside the field it is about. */
export interface OrderProblem {
  readonly field: OrderField;
  readonly message: string;
}

/** Price age above which the canister takes no new orders, nanoseconds. */
const STALE_PRICE_NS = 180_000_000_000n;
const PPM = 1_000_000n;

export type OrderDraft = Omit<OrderRequest, 'clientOrderId'>;

/**
 * What the canister would refuse, said before it is asked. Empty when the order can be sent; the canister still decides,
 * on figures that may have moved. `availableSats` is left out while the balance is unknown.
 */
export function validateOrder(draft: OrderDraft, market: Market, availableSats?: bigint): OrderProblem[] {
  const tenor = market.tenors.find(({ name }) => name === draft.tenor);
  return [
    ...entryProblems(market),
    ...tenorProblems(tenor),
    ...(tenor === undefined ? [] : strikeProblems(draft.strike, tenor, market.price?.priceE8)),
    ...payoutProblems(draft, market),
    ...premiumProblems(draft, market, availableSats)
  ];
}

/** Why no order can be placed at all right now; undefined when orders are taken. */
export function entryClosedReason(market: Market): string | undefined {
  if (market.entry.kind === 'closed') return market.entry.reason;
  if (market.price === undefined) return 'There is no price yet. Orders open with the first one.';
  if (market.nowNs - market.price.minuteNs > STALE_PRICE_NS)
    return 'The price is more than three minutes old. Orders open again with the next one.';
  return undefined;
}

function entryProblems(market: Market): OrderProblem[] {
  const message = entryClosedReason(market);
  return message === undefined ? [] : [{ field: 'order', message }];
}

function tenorProblems(tenor: Tenor | undefined): OrderProblem[] {
  if (tenor === undefined) return [{ field: 'tenor', message: 'This expiry is not offered. Choose one from the list.' }];
  return tenor.enabled ? [] : [{ field: 'tenor', message: `Orders for ${tenor.name} are closed at the moment. Choose another expiry.` }];
}

function strikeProblems(strike: StrikeChoice, tenor: Tenor, priceE8: bigint | undefined): OrderProblem[] {
  const problem = (message: string): OrderProblem[] => [{ field: 'strike', message }];
  if (strike.kind === 'at') {
    if (strike.priceE8 <= 0n) return problem('The strike must be above zero.');
    if (tenor.strikeGridE8 > 0n && strike.priceE8 % tenor.strikeGridE8 !== 0n) {
      return problem(`Strikes for ${tenor.name} are multiples of ${formatUsd(tenor.strikeGridE8)}.`);
    }
  }
  if (priceE8 === undefined) return [];
  const strikeE8 = strike.kind === 'at' ? strike.priceE8 : priceE8 + strike.offsetE8;
  // Half to double the price is the range the canister prices.
  if (strikeE8 * 2n < priceE8 || strikeE8 > priceE8 * 2n) {
    return problem(`The strike must be between half and double the price, which is ${formatUsd(priceE8)}.`);
  }
  return [];
}

function payoutProblems({ instrument: { payoutSats } }: OrderDraft, { settings, treasuryAvailableSats }: Market): OrderProblem[] {
  const problem = (message: string): OrderProblem[] => [{ field: 'payout', message }];
  if (payoutSats < settings.minPayoutSats) return problem(`The smallest payout is ${formatBtc(settings.minPayoutSats)} BTC.`);
  if (payoutSats > settings.maxPositionPayoutSats)
    return problem(`The largest payout is ${formatBtc(settings.maxPositionPayoutSats)} BTC.`);
  if (payoutSats > treasuryAvailableSats) {
    return problem(`The treasury can cover at most ${formatBtc(treasuryAvailableSats)} BTC at the moment.`);
  }
  return [];
}

function premiumProblems({ maxPremiumSats, instrument }: OrderDraft, { settings }: Market, availableSats?: bigint): OrderProblem[] {
  const problem = (message: string): OrderProblem[] => [{ field: 'maxPremium', message }];
  const floor = (instrument.payoutSats * settings.premiumFloorPpm + PPM - 1n) / PPM;
  const smallest = floor > settings.minPremiumSats ? floor : settings.minPremiumSats;
  if (maxPremiumSats < smallest) return problem(`The smallest premium for this payout is ${formatBtc(smallest)} BTC.`);
  if (maxPremiumSats > instrument.payoutSats) return problem('The highest premium is above the payout: this order could only lose.');
  if (availableSats !== undefined && maxPremiumSats > availableSats) {
    return problem(`This is more than your available balance of ${formatBtc(availableSats)} BTC.`);
  }
  return [];
}
