import { formatBtc } from '../money/formatBtc';
import { formatUsd } from '../money/formatUsd';
import { largestPayout } from './payoff';
import type { Market, OrderRequest, StrikeChoice, TenorNow } from './types';

type OrderField = 'order' | 'tenor' | 'strike' | 'payout' | 'notional' | 'cap' | 'maxPayout' | 'maxPremium';

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
    ...sizeProblems(draft, market),
    ...maxPayoutProblems(draft, market),
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

function tenorProblems(tenor: TenorNow | undefined): OrderProblem[] {
  if (tenor === undefined) return [{ field: 'tenor', message: 'This expiry is not offered. Choose one from the list.' }];
  return tenor.enabled ? [] : [{ field: 'tenor', message: `Orders for ${tenor.name} are closed at the moment. Choose another expiry.` }];
}

/** The strike at a price, USD x 10^8. */
function strikeAt(strike: StrikeChoice, priceE8: bigint): bigint {
  return strike.kind === 'at' ? strike.priceE8 : priceE8 + strike.offsetE8;
}

/** The most the option can pay at the newest price; undefined while that can't be said. */
function largestNow({ instrument, strike }: OrderDraft, { price }: Market): bigint | undefined {
  if (instrument.kind === 'digital') return instrument.payoutSats;
  if (price === undefined || instrument.capE8 <= 0n) return undefined;
  const strikeE8 = strikeAt(strike, price.priceE8);
  return strikeE8 > instrument.capE8 ? largestPayout(instrument, strikeE8) : undefined;
}

function strikeProblems(strike: StrikeChoice, tenor: TenorNow, priceE8: bigint | undefined): OrderProblem[] {
  const problem = (message: string): OrderProblem[] => [{ field: 'strike', message }];
  if (strike.kind === 'at') {
    if (strike.priceE8 <= 0n) return problem('The strike must be above zero.');
    if (tenor.strikeGridE8 > 0n && strike.priceE8 % tenor.strikeGridE8 !== 0n) {
      return problem(`Strikes for ${tenor.name} are multiples of ${formatUsd(tenor.strikeGridE8)}.`);
    }
  }
  if (priceE8 === undefined) return [];
  const strikeE8 = strikeAt(strike, priceE8);
  // Half to double the price is the range the canister prices.
  if (strikeE8 * 2n < priceE8 || strikeE8 > priceE8 * 2n) {
    return problem(`The strike must be between half and double the price, which is ${formatUsd(priceE8)}.`);
  }
  return [];
}

function sizeProblems(draft: OrderDraft, market: Market): OrderProblem[] {
  return draft.instrument.kind === 'digital' ? payoutProblems(draft.instrument.payoutSats, market) : cappedProblems(draft, market);
}

function payoutProblems(payoutSats: bigint, { settings, treasuryAvailableSats }: Market): OrderProblem[] {
  const problem = (message: string): OrderProblem[] => [{ field: 'payout', message }];
  if (payoutSats < settings.minPayoutSats) return problem(`The smallest payout is ${formatBtc(settings.minPayoutSats)} BTC.`);
  if (payoutSats > settings.maxPositionPayoutSats)
    return problem(`The largest payout is ${formatBtc(settings.maxPositionPayoutSats)} BTC.`);
  if (payoutSats > treasuryAvailableSats) return problem(treasuryCovers(treasuryAvailableSats));
  return [];
}

function treasuryCovers(sats: bigint): string {
  return `The treasury can cover at most ${formatBtc(sats)} BTC at the moment.`;
}

function cappedProblems(draft: OrderDraft, market: Market): OrderProblem[] {
  if (draft.instrument.kind !== 'capped') return [];
  const { notionalSats, capE8 } = draft.instrument;
  const problem = (field: OrderField, message: string): OrderProblem[] => [{ field, message }];
  if (notionalSats <= 0n) return problem('notional', 'The notional must be above zero.');
  if (capE8 <= 0n) return problem('cap', 'The cap must be above zero.');
  if (market.price === undefined) return [];
  const strikeE8 = strikeAt(draft.strike, market.price.priceE8);
  if (strikeE8 > 0n && capE8 >= strikeE8) return problem('cap', `The cap must be below the strike, which is ${formatUsd(strikeE8)} now.`);
  const largest = largestNow(draft, market);
  if (largest === undefined) return [];
  const { minPayoutSats, maxPositionPayoutSats } = market.settings;
  const says = `The most this can pay is ${formatBtc(largest)} BTC`;
  if (largest < minPayoutSats) {
    return problem('notional', `${says}, and the smallest payout is ${formatBtc(minPayoutSats)} BTC. Choose a larger notional or cap.`);
  }
  if (largest > maxPositionPayoutSats) {
    return problem(
      'notional',
      `${says}, and the largest payout is ${formatBtc(maxPositionPayoutSats)} BTC. Choose a smaller notional or cap.`
    );
  }
  if (largest > market.treasuryAvailableSats) return problem('notional', `${says}. ${treasuryCovers(market.treasuryAvailableSats)}`);
  return [];
}

/** What a capped order lets the treasury reserve: at least what it can pay at the newest price, at most twice that. */
function maxPayoutProblems(draft: OrderDraft, market: Market): OrderProblem[] {
  const problem = (message: string): OrderProblem[] => [{ field: 'maxPayout', message }];
  const { instrument, maxPayoutSats } = draft;
  if (instrument.kind === 'digital') {
    return maxPayoutSats === undefined || maxPayoutSats === instrument.payoutSats ? [] : problem('The most a digital pays is its payout.');
  }
  if (maxPayoutSats === undefined) return problem('An order of a capped option names the most it may pay.');
  const largest = largestNow(draft, market);
  if (largest === undefined) return [];
  const most = largest * 2n < market.settings.maxPositionPayoutSats ? largest * 2n : market.settings.maxPositionPayoutSats;
  if (maxPayoutSats < largest) return problem(`At the strike as it is now it can pay ${formatBtc(largest)} BTC: reserve at least that.`);
  if (maxPayoutSats > most) return problem(`At most ${formatBtc(most)} BTC can be reserved for it.`);
  return maxPayoutSats > market.treasuryAvailableSats ? problem(treasuryCovers(market.treasuryAvailableSats)) : [];
}

function premiumProblems(draft: OrderDraft, market: Market, availableSats?: bigint): OrderProblem[] {
  const problem = (message: string): OrderProblem[] => [{ field: 'maxPremium', message }];
  const { maxPremiumSats } = draft;
  const { settings } = market;
  const payoutSats = largestNow(draft, market);
  const floor = payoutSats === undefined ? 0n : (payoutSats * settings.premiumFloorPpm + PPM - 1n) / PPM;
  const smallest = floor > settings.minPremiumSats ? floor : settings.minPremiumSats;
  if (maxPremiumSats < smallest) return problem(`The smallest premium for this payout is ${formatBtc(smallest)} BTC.`);
  const reserved = draft.maxPayoutSats ?? payoutSats;
  if (reserved !== undefined && maxPremiumSats > reserved) {
    return problem('The highest premium is above the payout: this order could only lose.');
  }
  if (availableSats !== undefined && maxPremiumSats > availableSats) {
    return problem(`This is more than your available balance of ${formatBtc(availableSats)} BTC.`);
  }
  return [];
}
