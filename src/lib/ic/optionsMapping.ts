import type * as candid from '../canisters/options/options.did';
import type {
  AccountView,
  CancelReason,
  Deposit,
  DepositTarget,
  Entry,
  Fill,
  Instrument,
  Market,
  Movement,
  MovementKind,
  OrderRequest,
  Position,
  PositionState,
  PriceEntry,
  Quote,
  QuoteRequest,
  Receipt,
  Schedule,
  Settings,
  StrikeChoice,
  TenorNow,
  TransferState,
  Volatility,
  Withdrawal
} from '../options/types';
import { caseOf, optional, toOpt } from './candid';
import { encodeIcrcAccount } from './icrcAccount';

// Candid records of the options canister to the domain and back: one small function a type, no arithmetic, no decisions.

const CANCEL_REASONS: readonly CancelReason[] = [
  'by_trader',
  'premium_above_maximum',
  'payout_above_reserve',
  'limit_reached',
  'entry_paused',
  'no_price'
];
const MOVEMENT_KINDS: readonly MovementKind[] = [
  'deposit',
  'withdrawal',
  'withdrawal_refund',
  'premium',
  'payout',
  'treasury_funding',
  'treasury_withdrawal',
  'void_refund',
  'legacy_import'
];
const DEPOSIT_TARGETS: readonly DepositTarget[] = ['account', 'treasury', 'migration'];

/** A case of a newer canister arrives as none; both are "unknown". */
function known<T extends string>(names: readonly T[], variant: [] | [object]): T | 'unknown' {
  const value = optional(variant);
  return value === undefined ? 'unknown' : (names.find((name) => name in value) ?? 'unknown');
}

function toInstrument(instrument: candid.Instrument): Instrument {
  if ('digital' in instrument) {
    const { direction, payout_sats } = instrument.digital;
    return { kind: 'digital', direction: caseOf(direction), payoutSats: payout_sats };
  }
  const { direction, notional_sats, cap_e8 } = instrument.capped;
  return { kind: 'capped', direction: caseOf(direction), notionalSats: notional_sats, capE8: cap_e8 };
}

function fromInstrument(instrument: Instrument): candid.Instrument {
  const direction = instrument.direction === 'call' ? { call: null } : { put: null };
  return instrument.kind === 'digital'
    ? { digital: { direction, payout_sats: instrument.payoutSats } }
    : { capped: { direction, notional_sats: instrument.notionalSats, cap_e8: instrument.capE8 } };
}

function toStrike(strike: candid.StrikeChoice): StrikeChoice {
  return 'at' in strike ? { kind: 'at', priceE8: strike.at } : { kind: 'offset', offsetE8: strike.offset };
}

function fromStrike(strike: StrikeChoice): candid.StrikeChoice {
  return strike.kind === 'at' ? { at: strike.priceE8 } : { offset: strike.offsetE8 };
}

export function fromQuoteRequest({ instrument, tenor, strike }: QuoteRequest): candid.QuoteRequest {
  return { instrument: fromInstrument(instrument), tenor, strike: fromStrike(strike) };
}

export function fromOrderRequest(request: OrderRequest): candid.OrderRequest {
  return {
    ...fromQuoteRequest(request),
    client_order_id: request.clientOrderId,
    max_premium_sats: request.maxPremiumSats,
    max_payout_sats: toOpt(request.maxPayoutSats)
  };
}

export function toQuote(quote: candid.Quote): Quote {
  return {
    priceE8: quote.price_e8,
    priceMinuteNs: quote.price_minute_ns,
    strikeE8: quote.strike_e8,
    sigmaPpm: quote.sigma_ppm,
    fillMinuteNs: quote.fill_minute_ns,
    expiryNs: quote.expiry_ns,
    fairSats: quote.fair_sats,
    spreadSats: quote.spread_sats,
    skewSats: quote.skew_sats,
    premiumSats: quote.premium_sats,
    maxPayoutSats: quote.max_payout_sats,
    greeks: quote.greeks
  };
}

function toFill(fill: candid.Fill): Fill {
  return {
    priceE8: fill.price_e8,
    strikeE8: fill.strike_e8,
    sigmaPpm: fill.sigma_ppm,
    fairSats: fill.fair_sats,
    spreadSats: fill.spread_sats,
    skewSats: fill.skew_sats,
    premiumSats: fill.premium_sats,
    filledNs: fill.filled_ns
  };
}

export function toReceipt(receipt: candid.Receipt): Receipt {
  return {
    positionId: receipt.position_id,
    priceE8: receipt.price_e8,
    priceMinuteNs: receipt.price_minute_ns,
    outcome: caseOf(receipt.outcome),
    premiumSats: receipt.premium_sats,
    payoutSats: receipt.payout_sats,
    profitSats: receipt.profit_sats,
    settledNs: receipt.settled_ns
  };
}

function toPositionState(state: candid.PositionState): PositionState {
  if ('pending' in state) return { kind: 'pending' };
  if ('open' in state) return { kind: 'open', fill: toFill(state.open) };
  if ('settled' in state) return { kind: 'settled', fill: toFill(state.settled.fill), receipt: toReceipt(state.settled.receipt) };
  if ('voided' in state) return { kind: 'voided', fill: toFill(state.voided.fill), voidedNs: state.voided.voided_ns };
  if ('cancelled' in state)
    return { kind: 'cancelled', reason: known(CANCEL_REASONS, state.cancelled.reason), cancelledNs: state.cancelled.cancelled_ns };
  return { kind: 'unknown' };
}

export function toPosition(position: candid.Position): Position {
  return {
    id: position.id,
    owner: position.owner.toText(),
    clientOrderId: position.client_order_id,
    instrument: toInstrument(position.instrument),
    tenor: position.tenor,
    strike: toStrike(position.strike),
    maxPremiumSats: position.max_premium_sats,
    maxPayoutSats: position.max_payout_sats,
    reservedPayoutSats: position.reserved_payout_sats,
    placedNs: position.placed_ns,
    fillMinuteNs: position.fill_minute_ns,
    expiryNs: position.expiry_ns,
    state: toPositionState(position.state)
  };
}

export function toAccount(account: candid.AccountView): AccountView {
  return {
    owner: account.owner.toText(),
    availableSats: account.available_sats,
    reservedSats: account.reserved_sats,
    withdrawingSats: account.withdrawing_sats,
    openPremiumSats: account.open_premium_sats,
    openMaxPayoutSats: account.open_max_payout_sats,
    asOfNs: account.as_of_ns
  };
}

export function toMovement(movement: candid.Movement): Movement {
  return {
    id: movement.id,
    atNs: movement.at_ns,
    kind: known(MOVEMENT_KINDS, movement.kind),
    amountSats: movement.amount_sats,
    balanceAfterSats: movement.balance_after_sats,
    reference: optional(movement.reference)
  };
}

/** The states that money in and money out have in common. */
function toOpenTransfer(state: { in_transit: null } | { needs_review: { error: string } }): TransferState {
  if ('in_transit' in state) return { kind: 'in_transit' };
  return 'needs_review' in state ? { kind: 'needs_review', error: state.needs_review.error } : { kind: 'unknown' };
}

function toDepositState(state: candid.DepositState): TransferState {
  if ('credited' in state) return { kind: 'done', block: state.credited.block };
  if ('failed' in state) return { kind: 'returned', error: state.failed.error };
  return toOpenTransfer(state);
}

export function toDeposit(deposit: candid.Deposit): Deposit {
  return {
    id: deposit.id,
    owner: deposit.owner.toText(),
    requestId: deposit.request_id,
    amountSats: deposit.amount_sats,
    createdNs: deposit.created_ns,
    state: toDepositState(deposit.state),
    target: known(DEPOSIT_TARGETS, [deposit.target]),
    fromSubaccount: deposit.from_subaccount
  };
}

function toWithdrawalState(state: candid.WithdrawalState): TransferState {
  if ('paid' in state) return { kind: 'done', block: state.paid.block };
  if ('refunded' in state) return { kind: 'returned', error: state.refunded.error };
  if ('awaiting_approval' in state) return { kind: 'awaiting_approval' };
  return toOpenTransfer(state);
}

export function toWithdrawal(withdrawal: candid.Withdrawal): Withdrawal {
  return {
    id: withdrawal.id,
    owner: withdrawal.owner.toText(),
    requestId: withdrawal.request_id,
    amountSats: withdrawal.amount_sats,
    feeSats: withdrawal.fee_sats,
    to: encodeIcrcAccount({ owner: withdrawal.to.owner, subaccount: optional(withdrawal.to.subaccount) }),
    createdNs: withdrawal.created_ns,
    state: toWithdrawalState(withdrawal.state),
    fromTreasury: withdrawal.from_treasury
  };
}

export function toPriceEntry(entry: candid.PriceEntry): PriceEntry {
  return { minuteNs: entry.minute_ns, priceE8: entry.price_e8, sources: entry.sources, recordedNs: entry.recorded_ns };
}

function toSchedule(schedule: candid.Schedule): Schedule {
  if ('minutes' in schedule) return { kind: 'minutes', minutes: schedule.minutes };
  if ('daily' in schedule) return { kind: 'daily' };
  return { kind: 'weekly' in schedule ? 'weekly' : 'unknown' };
}

function toVolatility(volatility: candid.Volatility): Volatility {
  if ('fixed' in volatility) return { kind: 'fixed', sigmaPpm: volatility.fixed.sigma_ppm };
  if (!('measured' in volatility)) return { kind: 'unknown' };
  const { scale_ppm, floor_ppm, ceiling_ppm } = volatility.measured;
  return { kind: 'measured', scalePpm: scale_ppm, floorPpm: floor_ppm, ceilingPpm: ceiling_ppm };
}

function toTenor({ tenor, sigma_ppm, expiry_ns, settles_at_mean }: candid.TenorNow): TenorNow {
  return {
    name: tenor.name,
    schedule: toSchedule(tenor.schedule),
    volatility: toVolatility(tenor.volatility),
    bandPpm: tenor.band_ppm,
    strikeGridE8: tenor.strike_grid_e8,
    enabled: tenor.enabled,
    sigmaPpm: sigma_ppm,
    expiryNs: expiry_ns,
    settlesAtMean: settles_at_mean
  };
}

export function toEntry(entry: candid.Entry): Entry {
  return 'open' in entry ? { kind: 'open' } : { kind: 'closed', reason: entry.closed.reason };
}

function toSettings(settings: candid.Settings): Settings {
  return {
    spreadPpm: settings.spread_ppm,
    minSpreadSats: settings.min_spread_sats,
    maxSkewPpm: settings.max_skew_ppm,
    minPremiumSats: settings.min_premium_sats,
    premiumFloorPpm: settings.premium_floor_ppm,
    minSharePpm: settings.min_share_ppm,
    volatilityLambdaPpm: settings.volatility_lambda_ppm,
    minPayoutSats: settings.min_payout_sats,
    maxPositionPayoutSats: settings.max_position_payout_sats,
    maxTraderPayoutSats: settings.max_trader_payout_sats,
    maxExpiryPayoutSats: settings.max_expiry_payout_sats,
    maxTotalPayoutSats: settings.max_total_payout_sats,
    minDepositSats: settings.min_deposit_sats,
    minWithdrawalSats: settings.min_withdrawal_sats,
    largeWithdrawalSats: settings.large_withdrawal_sats,
    minSources: settings.min_sources,
    maxDispersionPpm: settings.max_dispersion_ppm,
    maxJumpPpm: settings.max_jump_ppm,
    minCycles: settings.min_cycles,
    alertCycles: settings.alert_cycles
  };
}

export function toMarket(market: candid.Market): Market {
  const price = optional(market.price);
  return {
    nowNs: market.now_ns,
    price: price === undefined ? undefined : toPriceEntry(price),
    entry: toEntry(market.entry),
    tenors: market.tenors.map(toTenor),
    settings: toSettings(market.settings),
    flags: market.flags,
    treasuryAvailableSats: market.treasury_available_sats,
    utilisationPpm: market.utilisation_ppm,
    version: market.version
  };
}
