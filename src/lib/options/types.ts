/**
 * The domain as the browser knows it. Satoshis and USD x 10^8 are bigint, shares are parts per million (bigint),
 * times are nanoseconds since 1970 (bigint). `lib/ic` converts from Candid at the border.
 */
export type Direction = 'call' | 'put';
interface DigitalInstrument {
  readonly kind: 'digital';
  readonly direction: Direction;
  readonly payoutSats: bigint;
}
/** A vertical spread: what the price moves beyond the strike, at most the cap, on an amount of bitcoin, paid in satoshis. */
export interface CappedInstrument {
  readonly kind: 'capped';
  readonly direction: Direction;
  readonly notionalSats: bigint;
  /** USD a bitcoin, below the strike. */
  readonly capE8: bigint;
}
export type Instrument = DigitalInstrument | CappedInstrument;
/** `at`: an absolute strike on the tenor's grid; `offset`: USD e8 from the price at fill, 0 is at the money. */
export type StrikeChoice = { readonly kind: 'at'; readonly priceE8: bigint } | { readonly kind: 'offset'; readonly offsetE8: bigint };
export interface QuoteRequest {
  readonly instrument: Instrument;
  readonly tenor: string;
  readonly strike: StrikeChoice;
}
export interface OrderRequest extends QuoteRequest {
  readonly clientOrderId: string;
  readonly maxPremiumSats: bigint;
  /** What the treasury is to reserve for a capped option: what it can pay at today's strike, up to twice that. undefined for a digital. */
  readonly maxPayoutSats: bigint | undefined;
}
/**
 * Changes of the fair value in micro-satoshi. delta: the price one basis point (0.01 %) higher; gamma: that delta, for one basis point more;
 * vega: the volatility one percentage point higher; theta: one minute later.
 */
export interface Greeks {
  readonly delta: bigint;
  readonly gamma: bigint;
  readonly vega: bigint;
  readonly theta: bigint;
}
export interface Quote {
  readonly priceE8: bigint;
  readonly priceMinuteNs: bigint;
  readonly strikeE8: bigint;
  readonly sigmaPpm: bigint;
  readonly fillMinuteNs: bigint;
  readonly expiryNs: bigint;
  readonly fairSats: bigint;
  readonly spreadSats: bigint;
  readonly skewSats: bigint;
  readonly premiumSats: bigint;
  readonly maxPayoutSats: bigint;
  readonly greeks: Greeks;
}
export type Outcome = 'win' | 'tie' | 'loss';
export interface Fill {
  readonly priceE8: bigint;
  readonly strikeE8: bigint;
  readonly sigmaPpm: bigint;
  readonly fairSats: bigint;
  readonly spreadSats: bigint;
  readonly skewSats: bigint;
  readonly premiumSats: bigint;
  readonly filledNs: bigint;
}
export interface Receipt {
  readonly positionId: bigint;
  readonly priceE8: bigint;
  readonly priceMinuteNs: bigint;
  readonly outcome: Outcome;
  readonly premiumSats: bigint;
  readonly payoutSats: bigint;
  readonly profitSats: bigint;
  readonly settledNs: bigint;
}
export type CancelReason =
  'by_trader' | 'premium_above_maximum' | 'payout_above_reserve' | 'limit_reached' | 'entry_paused' | 'no_price' | 'unknown';
export type PositionState =
  | { readonly kind: 'pending' }
  | { readonly kind: 'cancelled'; readonly reason: CancelReason; readonly cancelledNs: bigint }
  | { readonly kind: 'open'; readonly fill: Fill }
  | { readonly kind: 'settled'; readonly fill: Fill; readonly receipt: Receipt }
  /** There was no price for its expiry: two operators gave the premium back. */
  | { readonly kind: 'voided'; readonly fill: Fill; readonly voidedNs: bigint }
  /** A state of a newer canister. */
  | { readonly kind: 'unknown' };
export interface Position {
  readonly id: bigint;
  readonly owner: string;
  readonly clientOrderId: string;
  readonly instrument: Instrument;
  readonly tenor: string;
  readonly strike: StrikeChoice;
  readonly maxPremiumSats: bigint;
  /** What the order let the treasury reserve. */
  readonly maxPayoutSats: bigint;
  /** What the treasury holds back for it now: 0 once it is final. */
  readonly reservedPayoutSats: bigint;
  readonly placedNs: bigint;
  readonly fillMinuteNs: bigint;
  readonly expiryNs: bigint;
  readonly state: PositionState;
}
export type PositionFilter = 'all' | 'active' | 'finished';
export interface AccountView {
  readonly owner: string;
  readonly availableSats: bigint;
  readonly reservedSats: bigint;
  readonly withdrawingSats: bigint;
  readonly openPremiumSats: bigint;
  readonly openMaxPayoutSats: bigint;
  readonly asOfNs: bigint;
}
export type MovementKind =
  | 'deposit'
  | 'withdrawal'
  | 'withdrawal_refund'
  | 'premium'
  | 'payout'
  | 'treasury_funding'
  | 'treasury_withdrawal'
  | 'void_refund'
  | 'legacy_import'
  | 'unknown';
export interface Movement {
  readonly id: bigint;
  readonly atNs: bigint;
  readonly kind: MovementKind;
  readonly amountSats: bigint;
  readonly balanceAfterSats: bigint;
  readonly reference: bigint | undefined;
}
export type TransferState =
  /** A large withdrawal that an operator has to approve or refuse. */
  | { readonly kind: 'awaiting_approval' }
  | { readonly kind: 'in_transit' }
  | { readonly kind: 'done'; readonly block: bigint }
  | { readonly kind: 'returned'; readonly error: string }
  | { readonly kind: 'needs_review'; readonly error: string }
  /** A state of a newer canister. */
  | { readonly kind: 'unknown' };
export type DepositTarget = 'account' | 'treasury' | 'migration' | 'unknown';
export interface Deposit {
  readonly id: bigint;
  readonly owner: string;
  readonly requestId: string;
  readonly amountSats: bigint;
  readonly createdNs: bigint;
  readonly state: TransferState;
  readonly target: DepositTarget;
  /** Swept from the owner's own subaccount of the exchange, else pulled from their wallet. */
  readonly fromSubaccount: boolean;
}
export interface Withdrawal {
  readonly id: bigint;
  readonly owner: string;
  readonly requestId: string;
  readonly amountSats: bigint;
  readonly feeSats: bigint;
  readonly to: string;
  readonly createdNs: bigint;
  readonly state: TransferState;
  readonly fromTreasury: boolean;
}
export interface PriceEntry {
  readonly minuteNs: bigint;
  readonly priceE8: bigint;
  readonly sources: bigint;
  readonly recordedNs: bigint;
}
/** When an option expires: minutes after its fill; the first 08:00 UTC at least an hour after it; the first Friday 08:00 UTC a day after it. */
export type Schedule =
  | { readonly kind: 'minutes'; readonly minutes: bigint }
  | { readonly kind: 'daily' }
  | { readonly kind: 'weekly' }
  | { readonly kind: 'unknown' };
export type Volatility =
  | { readonly kind: 'fixed'; readonly sigmaPpm: bigint }
  | { readonly kind: 'measured'; readonly scalePpm: bigint; readonly floorPpm: bigint; readonly ceilingPpm: bigint }
  | { readonly kind: 'unknown' };
/** A tenor of the table as it stands now. */
export interface TenorNow {
  readonly name: string;
  readonly schedule: Schedule;
  readonly volatility: Volatility;
  readonly bandPpm: bigint;
  readonly strikeGridE8: bigint;
  readonly enabled: boolean;
  /** The volatility in force, a year. */
  readonly sigmaPpm: bigint;
  /** When an order placed now would expire. */
  readonly expiryNs: bigint;
  /** Settles at the mean of the ten minutes up to the expiry, not at the price of one minute. */
  readonly settlesAtMean: boolean;
}
export interface Settings {
  readonly spreadPpm: bigint;
  readonly minSpreadSats: bigint;
  readonly maxSkewPpm: bigint;
  readonly minPremiumSats: bigint;
  /** No premium is below this share of the payout. */
  readonly premiumFloorPpm: bigint;
  /** Strikes whose fair value is below this share of the payout are not sold. */
  readonly minSharePpm: bigint;
  /** The weight of the past in the measured variance after one more minute. */
  readonly volatilityLambdaPpm: bigint;
  readonly minPayoutSats: bigint;
  readonly maxPositionPayoutSats: bigint;
  readonly maxTraderPayoutSats: bigint;
  readonly maxExpiryPayoutSats: bigint;
  readonly maxTotalPayoutSats: bigint;
  readonly minDepositSats: bigint;
  readonly minWithdrawalSats: bigint;
  /** Larger withdrawals wait for an operator. */
  readonly largeWithdrawalSats: bigint;
  readonly minSources: bigint;
  readonly maxDispersionPpm: bigint;
  readonly maxJumpPpm: bigint;
  /** With fewer no orders are taken. */
  readonly minCycles: bigint;
  /** With fewer operators are warned. */
  readonly alertCycles: bigint;
}
/** Switches of the app's enhanced services: off means that it uses the legacy platform. */
export interface Flags {
  readonly balances: boolean;
  readonly admin: boolean;
  readonly settlement: boolean;
}
export type Entry = { readonly kind: 'open' } | { readonly kind: 'closed'; readonly reason: string };
export interface Market {
  readonly nowNs: bigint;
  readonly price: PriceEntry | undefined;
  readonly entry: Entry;
  readonly tenors: TenorNow[];
  readonly settings: Settings;
  readonly flags: Flags;
  readonly treasuryAvailableSats: bigint;
  readonly utilisationPpm: bigint;
  readonly version: string;
}
export type Role = 'owner' | 'operator' | 'auditor';
export interface AuditEntry {
  readonly id: bigint;
  readonly atNs: bigint;
  readonly who: string;
  readonly action: string;
  readonly before: string;
  readonly after: string;
  readonly hash: string;
}
export interface UserRow {
  readonly owner: string;
  readonly availableSats: bigint;
  readonly reservedSats: bigint;
  readonly positions: bigint;
  readonly volumePremiumSats: bigint;
  readonly payoutsSats: bigint;
  readonly createdNs: bigint;
}
export interface Reserves {
  readonly ledgerSats: bigint;
  readonly ledgerCheckedNs: bigint;
  readonly accountsSats: bigint;
  readonly treasuryAvailableSats: bigint;
  readonly treasuryReservedSats: bigint;
  /** Set aside for users who come over from the legacy platform. */
  readonly migrationSats: bigint;
  readonly withdrawalsInTransitSats: bigint;
  /** What the ledger may lack only because transfers went on while it was asked. */
  readonly inFlightSats: bigint;
  readonly unattributedSats: bigint;
}
export interface Overview {
  readonly asOfNs: bigint;
  readonly users: bigint;
  readonly pending: bigint;
  readonly open: bigint;
  readonly settled: bigint;
  readonly cancelled: bigint;
  readonly voided: bigint;
  readonly wins: bigint;
  readonly ties: bigint;
  readonly losses: bigint;
  readonly tradersAvailableSats: bigint;
  readonly tradersReservedSats: bigint;
  readonly treasuryAvailableSats: bigint;
  readonly treasuryReservedSats: bigint;
  readonly migrationSats: bigint;
  readonly premiumsSats: bigint;
  readonly payoutsSats: bigint;
  readonly openPremiumSats: bigint;
  readonly depositsSats: bigint;
  readonly withdrawalsSats: bigint;
  readonly dueUnsettled: bigint;
  readonly setAside: bigint;
  readonly withdrawalsAwaitingApproval: bigint;
  readonly transfersInReview: bigint;
  readonly oracleNewestNs: bigint;
  readonly oracleLastError: string;
  readonly oracleCalls: bigint;
  readonly oracleCycles: bigint;
  readonly entry: Entry;
  readonly cycles: bigint;
  readonly cyclesBurned24h: bigint;
  readonly cyclesAlert: boolean;
  readonly utilisationPpm: bigint;
  readonly version: string;
}
