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
export type Instrument = DigitalInstrument;
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
  | { readonly kind: 'settled'; readonly fill: Fill; readonly receipt: Receipt };
export interface Position {
  readonly id: bigint;
  readonly owner: string;
  readonly clientOrderId: string;
  readonly instrument: Instrument;
  readonly tenor: string;
  readonly strike: StrikeChoice;
  readonly maxPremiumSats: bigint;
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
  'deposit' | 'withdrawal' | 'withdrawal_refund' | 'premium' | 'payout' | 'treasury_funding' | 'treasury_withdrawal' | 'unknown';
export interface Movement {
  readonly id: bigint;
  readonly atNs: bigint;
  readonly kind: MovementKind;
  readonly amountSats: bigint;
  readonly balanceAfterSats: bigint;
  readonly reference: bigint | undefined;
}
export type TransferState =
  | { readonly kind: 'in_transit' }
  | { readonly kind: 'done'; readonly block: bigint }
  | { readonly kind: 'returned'; readonly error: string }
  | { readonly kind: 'needs_review'; readonly error: string };
export interface Deposit {
  readonly id: bigint;
  readonly owner: string;
  readonly requestId: string;
  readonly amountSats: bigint;
  readonly createdNs: bigint;
  readonly state: TransferState;
  readonly toTreasury: boolean;
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
export interface Tenor {
  readonly name: string;
  readonly minutes: bigint;
  readonly sigmaPpm: bigint;
  readonly strikeGridE8: bigint;
  readonly enabled: boolean;
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
  readonly minPayoutSats: bigint;
  readonly maxPositionPayoutSats: bigint;
  readonly maxTraderPayoutSats: bigint;
  readonly maxExpiryPayoutSats: bigint;
  readonly maxTotalPayoutSats: bigint;
  readonly minDepositSats: bigint;
  readonly minWithdrawalSats: bigint;
  readonly minSources: bigint;
  readonly maxDispersionPpm: bigint;
  readonly maxJumpPpm: bigint;
  readonly minCycles: bigint;
}
export type Entry = { readonly kind: 'open' } | { readonly kind: 'closed'; readonly reason: string };
export interface Market {
  readonly nowNs: bigint;
  readonly price: PriceEntry | undefined;
  readonly entry: Entry;
  readonly tenors: Tenor[];
  readonly settings: Settings;
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
  readonly withdrawalsInTransitSats: bigint;
  readonly unattributedSats: bigint;
}
export interface Overview {
  readonly asOfNs: bigint;
  readonly users: bigint;
  readonly pending: bigint;
  readonly open: bigint;
  readonly settled: bigint;
  readonly cancelled: bigint;
  readonly wins: bigint;
  readonly ties: bigint;
  readonly losses: bigint;
  readonly tradersAvailableSats: bigint;
  readonly tradersReservedSats: bigint;
  readonly treasuryAvailableSats: bigint;
  readonly treasuryReservedSats: bigint;
  readonly premiumsSats: bigint;
  readonly payoutsSats: bigint;
  readonly openPremiumSats: bigint;
  readonly depositsSats: bigint;
  readonly withdrawalsSats: bigint;
  readonly dueUnsettled: bigint;
  readonly setAside: bigint;
  readonly oracleNewestNs: bigint;
  readonly oracleLastError: string;
  readonly entry: Entry;
  readonly cycles: bigint;
  readonly utilisationPpm: bigint;
  readonly version: string;
}
