// Made from options.did by `npm run bindings`. Change the interface, not this file.

import type { ActorMethod } from '@dfinity/agent';
import type { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';

/**
 * The same with fewer codes: what asking for figures, and what a quote or an order, can be refused with. They can be read as an Error. An answer carries the
 * types of everything it could say, and pays for each of their bytes.
 */
export interface AccessError {
  'code' : [] | [
    { 'forbidden' : { 'needs' : string } } |
      { 'anonymous' : null }
  ],
  'kind' : ErrorKind,
  'retry_after_s' : [] | [bigint],
  'message' : string,
}
export interface Account {
  'owner' : Principal,
  'subaccount' : [] | [Uint8Array],
}
/**
 * reserved: maximum premiums of pending orders. withdrawing: withdrawals whose transfer is not yet known to have succeeded.
 * open_*: of filled positions that are not settled. A trader's money here is available + reserved + withdrawing.
 */
export interface AccountView {
  'open_premium_sats' : bigint,
  'owner' : Principal,
  'reserved_sats' : bigint,
  'open_max_payout_sats' : bigint,
  'as_of_ns' : bigint,
  'available_sats' : bigint,
  'withdrawing_sats' : bigint,
}
/**
 * What takes two operators: one proposes, another approves.
 * void: the positions of an expiry that still has no settlement price 24 hours later get their premium back; to be approved an hour after it was proposed
 * at the earliest, and only if there is still no price then.
 * accept_price: one of the exchange rate canister's own answers for a minute that was set aside becomes its price.
 * resolve_deposit, resolve_withdrawal: what the ledger's blocks say of a transfer in needs_review: the block it is in, or null if it never happened.
 * A deposit is credited, and a withdrawal refunded, only if the ledger holds what the books then say.
 * resolve_import: whether the legacy balance of a row in differing was taken there. If so it is paid from the migration account, which must hold it; if
 * not the row is skipped, and the next pass begins anew with what the platform shows then. From 5 minutes after the row was found to differ.
 */
export type Action = {
    'resolve_import' : { 'taken' : boolean, 'owner' : Principal }
  } |
  { 'void' : { 'expiry_ns' : bigint } } |
  { 'resolve_withdrawal' : { 'id' : bigint, 'block' : [] | [bigint] } } |
  { 'resolve_deposit' : { 'id' : bigint, 'block' : [] | [bigint] } } |
  { 'accept_price' : { 'price_e8' : bigint, 'minute_ns' : bigint } };
/**
 * hash: SHA-256 of the hash of the entry before (none for the first) followed by the UTF-8 text of id, at_ns, who, action, before and
 * after, each written as its number of characters, a colon and itself.
 */
export interface AuditEntry {
  'id' : bigint,
  'who' : Principal,
  'action' : string,
  'after' : string,
  'at_ns' : bigint,
  'hash' : Uint8Array,
  'before' : string,
}
/**
 * premium_above_maximum: also when the premium would reach the payout. limit_reached: also when the price has moved so far that
 * the strike is out of range or too unlikely. no_price: the fill minute had no price within three minutes.
 */
export type CancelReason = { 'no_price' : null } |
  { 'by_trader' : null } |
  { 'entry_paused' : null } |
  { 'payout_above_reserve' : null } |
  { 'limit_reached' : null } |
  { 'premium_above_maximum' : null };
export type ConsentError = {
    'GenericError' : { 'description' : string, 'error_code' : bigint }
  } |
  { 'InsufficientPayment' : ConsentProblem } |
  { 'UnsupportedCanisterCall' : ConsentProblem } |
  { 'ConsentMessageUnavailable' : ConsentProblem };
export type ConsentMessage = {
    'FieldsDisplayMessage' : {
      'fields' : Array<[string, ConsentValue]>,
      'intent' : string,
    }
  } |
  { 'GenericDisplayMessage' : string };
/**
 * ICRC-21. Messages are in English; times in them are UTC.
 */
export interface ConsentMetadata {
  'utc_offset_minutes' : [] | [number],
  'language' : string,
}
export interface ConsentProblem { 'description' : string }
export interface ConsentRequest {
  'arg' : Uint8Array,
  'method' : string,
  'user_preferences' : {
    'metadata' : ConsentMetadata,
    'device_spec' : [] | [
      { 'GenericDisplay' : null } |
        { 'FieldsDisplay' : null }
    ],
  },
}
export type ConsentResponse = {
    'Ok' : { 'metadata' : ConsentMetadata, 'consent_message' : ConsentMessage }
  } |
  { 'Err' : ConsentError };
export type ConsentValue = { 'Text' : { 'content' : string } } |
  {
    'TokenAmount' : {
      'decimals' : number,
      'amount' : bigint,
      'symbol' : string,
    }
  } |
  { 'TimestampSeconds' : { 'amount' : bigint } } |
  { 'DurationSeconds' : { 'amount' : bigint } };
/**
 * from_subaccount: swept from the owner's own subaccount of this canister, else pulled from the owner's ledger account by allowance.
 */
export interface Deposit {
  'id' : bigint,
  'request_id' : string,
  'owner' : Principal,
  'created_ns' : bigint,
  'from_subaccount' : boolean,
  'state' : DepositState,
  'target' : DepositTarget,
  'amount_sats' : bigint,
}
/**
 * in_transit: the ledger has not answered clearly; the same call is repeated until it does. needs_review: repeating can't tell any more
 * whether it happened; it takes two operators who look the transfer up in the ledger's blocks, by its memo and created_ns.
 */
export type DepositState = { 'in_transit' : null } |
  { 'needs_review' : { 'error' : string } } |
  { 'credited' : { 'block' : bigint } } |
  { 'failed' : { 'error' : string } };
export type DepositTarget = { 'account' : null } |
  { 'migration' : null } |
  { 'treasury' : null };
export type Direction = { 'put' : null } |
  { 'call' : null };
/**
 * reason: a sentence a trader can read.
 */
export type Entry = { 'closed' : { 'reason' : string } } |
  { 'open' : null };
/**
 * message is for people: it says what was wrong and what would be right. code is opt so that a newer canister can add one.
 */
export interface Error {
  'code' : [] | [ErrorCode],
  'kind' : ErrorKind,
  'retry_after_s' : [] | [bigint],
  'message' : string,
}
export type ErrorCode = {
    'insufficient_balance' : { 'available' : bigint, 'required' : bigint }
  } |
  { 'invalid' : { 'field' : string } } |
  { 'busy' : null } |
  { 'forbidden' : { 'needs' : string } } |
  { 'no_price_yet' : { 'minute_ns' : bigint } } |
  { 'not_found' : null } |
  { 'not_due' : { 'due_ns' : bigint } } |
  { 'strike_off_grid' : { 'grid_e8' : bigint } } |
  { 'too_late' : null } |
  { 'already_final' : null } |
  {
    /**
     * the same id was used before with other content
     */
    'id_reused' : null
  } |
  { 'above_maximum' : { 'maximum' : bigint } } |
  { 'anonymous' : null } |
  { 'price_stale' : null } |
  { 'unknown_tenor' : null } |
  { 'ledger' : { 'error' : string } } |
  { 'legacy' : { 'error' : string } } |
  { 'treasury_cannot_cover' : { 'available' : bigint } } |
  { 'strike_out_of_range' : null } |
  { 'too_early' : { 'from_ns' : bigint } } |
  { 'entry_closed' : { 'reason' : string } } |
  {
    /**
     * it takes another operator than the one who proposed it
     */
    'needs_other_operator' : null
  } |
  {
    /**
     * limit: trader, expiry or total (sats of payout), pending orders (of one trader, a number), pending orders together (sats of payout),
     * cancelled orders of a day, withdrawals of a day (of one trader, a number), reports of a position, reports of a day (of one caller)
     */
    'limit_reached' : { 'limit' : string, 'maximum' : bigint }
  } |
  { 'below_minimum' : { 'minimum' : bigint } };
/**
 * request: the input is wrong, don't retry it. temporary: retry later. internal: report it.
 */
export type ErrorKind = { 'internal' : null } |
  { 'request' : null } |
  { 'temporary' : null };
/**
 * What is at risk at one expiry, pending and open positions together. open: how many are filled and not settled. set_aside: how many of those could not
 * be settled and wait for an operator.
 */
export interface ExpiryRow {
  'expiry_ns' : bigint,
  'open' : bigint,
  'set_aside' : bigint,
  'at_risk_sats' : bigint,
}
export interface FairRequest {
  'strike_e8' : bigint,
  'seconds' : bigint,
  'sigma_ppm' : bigint,
  'spot_e8' : bigint,
  'cap_e8' : bigint,
}
/**
 * Times 10^18: digitals as shares of their payout, capped options of their notional.
 */
export interface FairValues {
  'capped_put_e18' : bigint,
  'digital_call_e18' : bigint,
  'capped_call_e18' : bigint,
  'digital_put_e18' : bigint,
}
export interface Fill {
  'strike_e8' : bigint,
  'spread_sats' : bigint,
  'fair_sats' : bigint,
  'sigma_ppm' : bigint,
  'filled_ns' : bigint,
  'skew_sats' : bigint,
  'price_e8' : bigint,
  'premium_sats' : bigint,
}
/**
 * Switches of the app's enhanced services: off means that it uses the legacy platform.
 */
export interface Flags {
  'admin' : boolean,
  'balances' : boolean,
  'settlement' : boolean,
}
/**
 * premium_sats = fair_sats + spread_sats + skew_sats, each rounded up:
 * fair: digital payout * N(d1) (call) or payout * N(-d1) (put); capped call notional * (C(K) - C(K + cap)) / S, capped put
 * notional * (P(K) - (K / L) * P(L)) / S with L = K - cap; with the tenor's volatility sigma_ppm. Dearest: the largest of the values at
 * sigma, sigma * (1 - band) and sigma * (1 + band).
 * skew: dearest * max_skew_ppm * utilisation, where utilisation is what open positions hold back of the treasury's money after this fill;
 * spread: dearest - fair plus the larger of dearest * spread_ppm and min_spread_sats, or what is missing to min_premium_sats or to
 * max_payout * premium_floor_ppm.
 * A quote is for the newest price; the order fills at the price of its fill minute.
 * greeks: changes of the fair value in micro-satoshi. delta: for a price one basis point (0.01 %) higher. gamma: of that delta for one basis
 * point more. vega: for a volatility one percentage point higher. theta: for one minute that passes.
 */
export interface Greeks {
  'theta' : bigint,
  'vega' : bigint,
  'gamma' : bigint,
  'delta' : bigint,
}
/**
 * What an HTTP gateway sends and gets.
 */
export interface HttpRequest {
  'url' : string,
  'method' : string,
  'body' : Uint8Array,
  'headers' : Array<[string, string]>,
}
export interface HttpResponse {
  'body' : Uint8Array,
  'headers' : Array<[string, string]>,
  'status_code' : number,
}
/**
 * seen: users. imported, skipped, differing: rows of list_imports. dust_e12: what was left there below one satoshi by those imported, in 10^-12 sats.
 * migration_sats: what is there to pay the next ones. finished: every user was looked at and none is open.
 */
export interface ImportReport {
  'imported' : bigint,
  'skipped' : bigint,
  'migration_sats' : bigint,
  'seen' : bigint,
  'taken_sats' : bigint,
  'dust_e12' : bigint,
  'differing_sats' : bigint,
  'finished' : boolean,
  'imported_sats' : bigint,
  'differing' : bigint,
}
export interface ImportRow {
  'at_ns' : bigint,
  'owner' : Principal,
  'state' : ImportState,
  'amount_sats' : bigint,
}
/**
 * One account of the legacy platform on its way here. taking: asked for there, not yet known to be taken. taken: taken there, not yet paid here.
 * skipped: nothing to move, not a person's account, or not taken; looked at again with the next pass. differing: what the platform says and shows does
 * not tell whether it was taken, for instance when the balance is gone but no answer ever came: two operators must look (resolve_import).
 */
export type ImportState = { 'taken' : null } |
  { 'imported' : null } |
  { 'skipped' : { 'reason' : string } } |
  { 'taking' : null } |
  { 'differing' : { 'reason' : string } };
/**
 * digital: pays a fixed amount of bitcoin if the settlement price is above (call) or below (put) the strike.
 * capped: on notional_sats of bitcoin, pays min(max(S - K, 0), cap) USD a bitcoin (put: min(max(K - S, 0), cap)), in sats at the settlement
 * price S, rounded down. The cap lies below the strike. The most it can pay: call notional * cap / (K + cap), put notional * cap / (K - cap).
 */
export type Instrument = {
    'capped' : {
      'direction' : Direction,
      'notional_sats' : bigint,
      'cap_e8' : bigint,
    }
  } |
  { 'digital' : { 'direction' : Direction, 'payout_sats' : bigint } };
/**
 * profit_cents: what a win pays beyond the stake, else 0, as the legacy platform counts it.
 */
export interface LegacyReceipt {
  'price_minute_ns' : bigint,
  'profit_cents' : bigint,
  'payout_cents' : bigint,
  'already_settled' : boolean,
  'price_e8' : bigint,
  'outcome' : Outcome,
  'settled_ns' : bigint,
  'position_id' : bigint,
}
/**
 * price: the newest of the price book. utilisation_ppm: the share of the treasury's money that open positions hold back.
 */
export interface Market {
  'flags' : Flags,
  'now_ns' : bigint,
  'entry' : Entry,
  'version' : string,
  'settings' : Settings,
  'utilisation_ppm' : bigint,
  'price' : [] | [PriceEntry],
  'tenors' : Array<TenorNow>,
  'treasury_available_sats' : bigint,
}
/**
 * amount: signed from the account's view. balance_after: available + reserved. reference: the id of the deposit, withdrawal or position.
 */
export interface Movement {
  'id' : bigint,
  'at_ns' : bigint,
  'kind' : [] | [MovementKind],
  'balance_after_sats' : bigint,
  'reference' : [] | [bigint],
  'amount_sats' : bigint,
}
export type MovementKind = { 'treasury_withdrawal' : null } |
  { 'void_refund' : null } |
  { 'legacy_import' : null } |
  { 'premium' : null } |
  { 'withdrawal_refund' : null } |
  { 'deposit' : null } |
  { 'withdrawal' : null } |
  { 'treasury_funding' : null } |
  { 'payout' : null };
export interface OrderError {
  'code' : [] | [
    { 'insufficient_balance' : { 'available' : bigint, 'required' : bigint } } |
      { 'invalid' : { 'field' : string } } |
      { 'strike_off_grid' : { 'grid_e8' : bigint } } |
      { 'id_reused' : null } |
      { 'above_maximum' : { 'maximum' : bigint } } |
      { 'anonymous' : null } |
      { 'price_stale' : null } |
      { 'unknown_tenor' : null } |
      { 'treasury_cannot_cover' : { 'available' : bigint } } |
      { 'strike_out_of_range' : null } |
      { 'entry_closed' : { 'reason' : string } } |
      { 'limit_reached' : { 'limit' : string, 'maximum' : bigint } } |
      { 'below_minimum' : { 'minimum' : bigint } }
  ],
  'kind' : ErrorKind,
  'retry_after_s' : [] | [bigint],
  'message' : string,
}
/**
 * client_order_id: 1 to 64 characters, unique per trader; sending an order again with the same id returns the first one.
 * max_premium_sats: held back until the fill; at least the premium at the newest price, at most the largest payout. An order whose premium is
 * higher at its fill is cancelled.
 * max_payout_sats: of a capped option, what the treasury is to reserve: at least the most it can pay at the strike as it is now, at most twice
 * that; an order that needs more at its fill is cancelled. Null for a digital.
 */
export interface OrderRequest {
  'tenor' : string,
  'strike' : StrikeChoice,
  'instrument' : Instrument,
  'max_premium_sats' : bigint,
  'max_payout_sats' : [] | [bigint],
  'client_order_id' : string,
}
/**
 * tie: of a digital only, the settlement price is the strike to the cent (rounded half-up); the premium comes back.
 */
export type Outcome = { 'tie' : null } |
  { 'win' : null } |
  { 'loss' : null };
/**
 * deposits_sats, withdrawals_sats: of traders, credited and paid since the beginning. premiums_sats, payouts_sats: likewise.
 * due_unsettled: positions past their expiry. set_aside: positions and minutes that wait for an operator.
 */
export interface Overview {
  'money' : {
    'open_premium_sats' : bigint,
    'traders_reserved_sats' : bigint,
    'migration_sats' : bigint,
    'treasury_reserved_sats' : bigint,
    'withdrawals_sats' : bigint,
    'traders_available_sats' : bigint,
    'premiums_sats' : bigint,
    'treasury_available_sats' : bigint,
    'payouts_sats' : bigint,
    'deposits_sats' : bigint,
  },
  'oracle' : {
    'last_error' : string,
    'calls' : bigint,
    'newest_ns' : bigint,
    'cycles' : bigint,
  },
  'entry' : Entry,
  'version' : string,
  'cycles' : { 'alert' : boolean, 'balance' : bigint, 'burned_24h' : bigint },
  'as_of_ns' : bigint,
  'users' : bigint,
  'utilisation_ppm' : bigint,
  'positions' : {
    'cancelled' : bigint,
    'settled' : bigint,
    'pending' : bigint,
    'open' : bigint,
    'ties' : bigint,
    'wins' : bigint,
    'voided' : bigint,
    'losses' : bigint,
    'due_unsettled' : bigint,
  },
  'waiting' : {
    'set_aside' : bigint,
    'transfers_in_review' : bigint,
    'large_withdrawals' : bigint,
  },
}
/**
 * Rows with id > after (for lists that are newest first: id < after); limit 1 to 200. `next` of an answer is the `after` of the page that
 * follows, null at the end. A filtered page may be short although more follow.
 */
export interface Page { 'after' : [] | [bigint], 'limit' : bigint }
/**
 * An order and the position it becomes share one id. fill_minute_ns: the first whole minute after the order was accepted;
 * expiry_ns: known when the order is accepted. max_payout_sats: what the order let the treasury reserve. reserved_payout_sats: what the treasury
 * holds back for it, after the fill the most it can pay, 0 once it is final.
 */
export interface Position {
  'id' : bigint,
  'tenor' : string,
  'strike' : StrikeChoice,
  'expiry_ns' : bigint,
  'placed_ns' : bigint,
  'owner' : Principal,
  'instrument' : Instrument,
  'max_premium_sats' : bigint,
  'max_payout_sats' : bigint,
  'reserved_payout_sats' : bigint,
  'state' : PositionState,
  'fill_minute_ns' : bigint,
  'client_order_id' : string,
}
/**
 * active: pending or open. finished: cancelled or settled.
 */
export type PositionFilter = { 'all' : null } |
  { 'active' : null } |
  { 'finished' : null };
export type PositionState = {
    'cancelled' : { 'cancelled_ns' : bigint, 'reason' : [] | [CancelReason] }
  } |
  { 'settled' : { 'receipt' : Receipt, 'fill' : Fill } } |
  { 'pending' : null } |
  { 'open' : Fill } |
  {
    /**
     * The expiry got no price within 24 hours and two operators gave the premium back.
     */
    'voided' : { 'fill' : Fill, 'voided_ns' : bigint }
  };
/**
 * sources: 0 when two operators chose the price among the answers for a minute that was set aside.
 */
export interface PriceEntry {
  'recorded_ns' : bigint,
  'sources' : bigint,
  'price_e8' : bigint,
  'minute_ns' : bigint,
}
/**
 * approvable_ns: from here on.
 */
export interface Proposal {
  'id' : bigint,
  'action' : Action,
  'approvable_ns' : bigint,
  'state' : ProposalState,
  'proposed_by' : Principal,
  'proposed_ns' : bigint,
}
/**
 * expired: not approved within 7 days.
 */
export type ProposalState = { 'expired' : null } |
  { 'open' : null } |
  { 'approved' : { 'by' : Principal, 'at_ns' : bigint } } |
  { 'withdrawn' : null };
export interface Quote {
  'strike_e8' : bigint,
  'greeks' : Greeks,
  'price_minute_ns' : bigint,
  'expiry_ns' : bigint,
  'spread_sats' : bigint,
  'fair_sats' : bigint,
  'max_payout_sats' : bigint,
  'fill_minute_ns' : bigint,
  'sigma_ppm' : bigint,
  'skew_sats' : bigint,
  'price_e8' : bigint,
  'premium_sats' : bigint,
}
export interface QuoteRequest {
  'tenor' : string,
  'strike' : StrikeChoice,
  'instrument' : Instrument,
}
/**
 * price_e8: the price book's entry of the minute price_minute_ns (the expiry); for tenors of 4 hours and more, daily and weekly the mean
 * of the ten minutes up to it, rounded down. profit_sats = payout_sats - premium_sats.
 */
export interface Receipt {
  'price_minute_ns' : bigint,
  'payout_sats' : bigint,
  'profit_sats' : bigint,
  'price_e8' : bigint,
  'outcome' : Outcome,
  'premium_sats' : bigint,
  'settled_ns' : bigint,
  'position_id' : bigint,
}
/**
 * Books and ledger at one moment, ledger_checked_ns. unattributed = ledger - (accounts + treasury + migration + withdrawals in transit): a surplus is
 * what was sent here unasked or a deposit on its way. in_flight: withdrawals the ledger may have made before the books knew, and deposits booked while it was
 * asked. So unattributed below zero by up to in_flight is no alarm; by more, it is.
 */
export interface Reserves {
  'unattributed_sats' : bigint,
  'migration_sats' : bigint,
  'treasury_reserved_sats' : bigint,
  'withdrawals_in_transit_sats' : bigint,
  'in_flight_sats' : bigint,
  'ledger_sats' : bigint,
  'accounts_sats' : bigint,
  'ledger_checked_ns' : bigint,
  'treasury_available_sats' : bigint,
}
/**
 * An owner may do what an operator may, an operator may read what an auditor may. The canister's controllers are owners.
 */
export type Role = { 'owner' : null } |
  { 'operator' : null } |
  { 'auditor' : null };
/**
 * When an option expires that fills at a minute. minutes: so much later (1 to 43,200). daily: the first 08:00 UTC at least an hour after it.
 * weekly: the first Friday 08:00 UTC at least 24 hours after it.
 */
export type Schedule = { 'minutes' : bigint } |
  { 'daily' : null } |
  { 'weekly' : null };
/**
 * What waits for an operator, with the reason. A minute is set aside when answers for it disagree: answers_e8 are what the exchange rate canister said,
 * newest last.
 */
export type SetAside = {
    'minute' : {
      'answers_e8' : Array<bigint>,
      'minute_ns' : bigint,
      'reason' : string,
    }
  } |
  { 'position' : { 'id' : bigint, 'reason' : string } };
export interface Settings {
  'premium_floor_ppm' : bigint,
  /**
   * The weight of the past in the measured variance after one more minute.
   */
  'volatility_lambda_ppm' : bigint,
  'max_total_payout_sats' : bigint,
  'min_share_ppm' : bigint,
  'spread_ppm' : bigint,
  'max_dispersion_ppm' : bigint,
  'max_jump_ppm' : bigint,
  /**
   * No premium is below premium_floor_ppm of the payout; a strike whose fair value is below min_share_ppm of it is not sold.
   */
  'min_premium_sats' : bigint,
  /**
   * A price needs this many sources, whose standard deviation is at most max_dispersion_ppm of it; a change of more than max_jump_ppm
   * against the minute before needs a second answer that agrees, and so does a price without another one in the hour before it.
   */
  'min_sources' : bigint,
  'max_skew_ppm' : bigint,
  'max_trader_payout_sats' : bigint,
  /**
   * Payouts at risk, pending and open together: of one position, trader, expiry, and overall.
   */
  'max_position_payout_sats' : bigint,
  /**
   * A trader's withdrawals of more than large_withdrawal_sats within 24 hours, one or several, wait for an operator.
   */
  'min_deposit_sats' : bigint,
  'min_withdrawal_sats' : bigint,
  'min_payout_sats' : bigint,
  'large_withdrawal_sats' : bigint,
  'max_expiry_payout_sats' : bigint,
  'min_spread_sats' : bigint,
  /**
   * With fewer cycles no orders are taken, so that settlements and withdrawals stay funded.
   * With fewer than alert_cycles operators are warned.
   */
  'min_cycles' : bigint,
  'alert_cycles' : bigint,
}
/**
 * `at`: a strike on the tenor's grid. `offset`: that far above (or, negative, below) the price at the fill.
 * Either way it must lie between half and twice the price, and the option be worth at least min_share_ppm of its payout.
 */
export type StrikeChoice = { 'at' : bigint } |
  { 'offset' : bigint };
/**
 * strike_grid_e8: a whole number of cents. band_ppm: see Quote.
 */
export interface Tenor {
  'strike_grid_e8' : bigint,
  'volatility' : Volatility,
  'name' : string,
  'band_ppm' : bigint,
  'enabled' : boolean,
  'schedule' : Schedule,
}
/**
 * As it stands now: the volatility in force and the expiry of an order placed now.
 */
export interface TenorNow {
  'tenor' : Tenor,
  'expiry_ns' : bigint,
  'settles_at_mean' : boolean,
  'sigma_ppm' : bigint,
}
export interface UserRow {
  'owner' : Principal,
  'created_ns' : bigint,
  'reserved_sats' : bigint,
  'available_sats' : bigint,
  'volume_premium_sats' : bigint,
  'positions' : bigint,
  'payouts_sats' : bigint,
}
/**
 * schema: the shape of the canister's memory, raised by every migration. upgraded_ns: the last upgrade, or the installation.
 */
export interface Version {
  'installed_ns' : bigint,
  'schema' : bigint,
  'version' : string,
  'upgraded_ns' : bigint,
}
/**
 * Volatility a year, 100,000 to 3,000,000 ppm. measured: that of the price book's last one-minute returns (an exponentially weighted mean of
 * their squares) times scale_ppm, kept between floor and ceiling.
 */
export type Volatility = { 'fixed' : { 'sigma_ppm' : bigint } } |
  {
    'measured' : {
      'scale_ppm' : bigint,
      'floor_ppm' : bigint,
      'ceiling_ppm' : bigint,
    }
  };
/**
 * amount_sats leaves the account; the recipient gets amount_sats - fee_sats. While it waits for approval, fee_sats is the fee of now.
 * from_treasury: the house's, from the treasury or the migration account.
 */
export interface Withdrawal {
  'id' : bigint,
  'to' : Account,
  'request_id' : string,
  'from_treasury' : boolean,
  'owner' : Principal,
  'created_ns' : bigint,
  'state' : WithdrawalState,
  'amount_sats' : bigint,
  'fee_sats' : bigint,
}
/**
 * awaiting_approval: large, held until an operator other than its owner decides.
 */
export type WithdrawalState = { 'paid' : { 'block' : bigint } } |
  { 'in_transit' : null } |
  { 'refunded' : { 'error' : string } } |
  { 'needs_review' : { 'error' : string } } |
  { 'awaiting_approval' : null };
/**
 * The init argument counts at the first installation only; an upgrade keeps everything.
 */
export interface _SERVICE {
  /**
   * By another operator than the one who proposed it. Does it at once; voiding goes on by itself.
   */
  'approve' : ActorMethod<[bigint], { 'ok' : Proposal } | { 'err' : Error }>,
  /**
   * A trader's large withdrawal, not one's own. Approving sends it, at the ledger's fee of now; declining gives the amount back. reason: 1 to 200
   * characters, for its owner.
   */
  'approve_withdrawal' : ActorMethod<
    [bigint],
    { 'ok' : Withdrawal } |
      { 'err' : Error }
  >,
  /**
   * Own. Until the order's fill minute begins; one that was set aside, at any time. Errors: not_found, too_late, already_final.
   */
  'cancel_order' : ActorMethod<
    [bigint],
    { 'ok' : Position } |
      { 'err' : Error }
  >,
  /**
   * One that waits for an operator: the amount is back in the account. Errors: not_found, already_final.
   */
  'cancel_withdrawal' : ActorMethod<
    [string],
    { 'ok' : Withdrawal } |
      { 'err' : Error }
  >,
  /**
   * Asks the ledger now. Errors: ledger.
   */
  'check_reserves' : ActorMethod<[], { 'ok' : Reserves } | { 'err' : Error }>,
  'decline_withdrawal' : ActorMethod<
    [bigint, string],
    { 'ok' : Withdrawal } |
      { 'err' : Error }
  >,
  /**
   * Approve the amount plus the ledger's fee for this canister first (ICRC-2). The whole amount is credited. request_id: 1 to 64
   * characters, unique per caller; sending it again returns the same deposit. The error `ledger` says that nothing was moved: the first attempt leaves no
   * deposit behind then, and the same request_id may be sent again. Errors: invalid, id_reused, below_minimum, above_maximum, busy, ledger.
   * Ids that begin with "subaccount" are the exchange's.
   */
  'deposit' : ActorMethod<
    [{ 'request_id' : string, 'amount_sats' : bigint }],
    { 'ok' : Deposit } |
      { 'err' : Error }
  >,
  /**
   * Fair values by the exchange's own formulas, row for row, at most 500 rows. spot_e8: 1,000 to 1,000,000 USD; strike_e8: half to twice that, give or take a cent; cap_e8: more than
   * 0, less than the strike; seconds: 60 to 2,592,000; sigma_ppm: 100,000 to 3,000,000 a year. The error names the first row (from 1) that isn't so.
   */
  'fair_values' : ActorMethod<
    [Array<FairRequest>],
    { 'ok' : Array<FairValues> } |
      { 'err' : Error }
  >,
  /**
   * What pays for balances that come from the legacy platform; as fund_treasury.
   */
  'fund_migration' : ActorMethod<
    [{ 'request_id' : string, 'amount_sats' : bigint }],
    { 'ok' : Deposit } |
      { 'err' : Error }
  >,
  /**
   * From the caller's ledger account, as `deposit`.
   */
  'fund_treasury' : ActorMethod<
    [{ 'request_id' : string, 'amount_sats' : bigint }],
    { 'ok' : Deposit } |
      { 'err' : Error }
  >,
  /**
   * Own; zeros for somebody who never had a deposit credited.
   */
  'get_account' : ActorMethod<[], { 'ok' : AccountView } | { 'err' : Error }>,
  /**
   * Own. Errors: not_found.
   */
  'get_deposit' : ActorMethod<[string], { 'ok' : Deposit } | { 'err' : Error }>,
  /**
   * Where sats can be sent instead: the caller's own subaccount of this canister (its length, the principal's bytes, zeros up to 32). They are in
   * no account until notify_deposit has swept them.
   */
  'get_deposit_account' : ActorMethod<
    [],
    { 'ok' : Account } |
      { 'err' : Error }
  >,
  /**
   * The switches of the app's enhanced services.
   */
  'get_flags' : ActorMethod<[], Flags>,
  /**
   * The move of accounts from the legacy platform: the reconciliation, and every step of it, oldest first.
   */
  'get_import_report' : ActorMethod<
    [],
    { 'ok' : ImportReport } |
      { 'err' : Error }
  >,
  /**
   * The newest price, whether orders are taken, the tenors as they stand now, parameters and switches.
   */
  'get_market' : ActorMethod<[], Market>,
  /**
   * Own, newest first.
   */
  'get_movements' : ActorMethod<
    [Page],
    { 'ok' : { 'next' : [] | [bigint], 'rows' : Array<Movement> } } |
      { 'err' : Error }
  >,
  /**
   * Figures that are kept up to date with every change.
   */
  'get_overview' : ActorMethod<
    [],
    { 'ok' : Overview } |
      { 'err' : AccessError }
  >,
  /**
   * Own; auditors see everybody's. Errors: not_found.
   */
  'get_position' : ActorMethod<
    [bigint],
    { 'ok' : Position } |
      { 'err' : Error }
  >,
  /**
   * Own. Errors: not_found.
   */
  'get_position_by_client_id' : ActorMethod<
    [string],
    { 'ok' : Position } |
      { 'err' : Error }
  >,
  /**
   * Own, newest first.
   */
  'get_positions' : ActorMethod<
    [{ 'page' : Page, 'filter' : PositionFilter }],
    { 'ok' : { 'next' : [] | [bigint], 'rows' : Array<Position> } } |
      { 'err' : Error }
  >,
  /**
   * An entry never changes once it is there. Called as an update the answer is certified.
   */
  'get_price' : ActorMethod<[bigint], [] | [PriceEntry]>,
  /**
   * Oldest first, at most 1,500 entries.
   */
  'get_prices' : ActorMethod<
    [{ 'from_minute_ns' : bigint, 'limit' : bigint }],
    Array<PriceEntry>
  >,
  /**
   * Proof of reserves, as of the last time the ledger was asked: every 10 minutes, and by check_reserves.
   */
  'get_reserves' : ActorMethod<[], { 'ok' : Reserves } | { 'err' : Error }>,
  'get_version' : ActorMethod<[], Version>,
  /**
   * Own. Errors: not_found.
   */
  'get_withdrawal' : ActorMethod<
    [string],
    { 'ok' : Withdrawal } |
      { 'err' : Error }
  >,
  /**
   * Own, newest first.
   */
  'get_withdrawals' : ActorMethod<
    [Page],
    { 'ok' : { 'next' : [] | [bigint], 'rows' : Array<Withdrawal> } } |
      { 'err' : Error }
  >,
  /**
   * Errors: invalid (the anonymous identity, or more than 200 holders).
   */
  'grant_role' : ActorMethod<
    [Principal, Role],
    { 'ok' : null } |
      { 'err' : Error }
  >,
  /**
   * GET or HEAD /metrics (Prometheus text format 0.0.4) and /health (200 `ok`, or 503 with one line a reason). Aggregates only. Not certified: a gateway
   * serves it on its raw domain.
   */
  'http_request' : ActorMethod<[HttpRequest], HttpResponse>,
  /**
   * ICRC-10.
   */
  'icrc10_supported_standards' : ActorMethod<
    [],
    Array<{ 'url' : string, 'name' : string }>
  >,
  /**
   * ICRC-21 (its version of July 2025), for place_order, cancel_order, settle, settle_legacy, deposit, notify_deposit, withdraw, cancel_withdrawal and what funds or
   * empties treasury and migration account. A question of at most 1,500 bytes. Errors: ConsentMessageUnavailable (another method of this canister),
   * UnsupportedCanisterCall (no method of it, or an argument that can't be read or is out of range).
   */
  'icrc21_canister_call_consent_message' : ActorMethod<
    [ConsentRequest],
    ConsentResponse
  >,
  /**
   * Moves the balances of the next users of the legacy platform, at most `limit` (1 to 100): taken there first, then paid here from the migration
   * account. It ends before a user whose balance that account can't pay. An error says why it ended early; the next batch goes on from there. After
   * the last user it begins again with the first: a position that is settled there later leaves a balance.
   */
  'import_legacy' : ActorMethod<
    [bigint],
    { 'ok' : ImportReport } |
      { 'err' : Error }
  >,
  /**
   * Oldest first.
   */
  'list_audit' : ActorMethod<
    [Page],
    { 'ok' : { 'next' : [] | [bigint], 'rows' : Array<AuditEntry> } } |
      { 'err' : Error }
  >,
  /**
   * Those that wait for an operator.
   */
  'list_awaiting_withdrawals' : ActorMethod<
    [Page],
    { 'ok' : { 'next' : [] | [bigint], 'rows' : Array<Withdrawal> } } |
      { 'err' : Error }
  >,
  /**
   * Oldest first.
   */
  'list_deposits' : ActorMethod<
    [Page],
    { 'ok' : { 'next' : [] | [bigint], 'rows' : Array<Deposit> } } |
      { 'err' : Error }
  >,
  /**
   * The expiries with something at risk, oldest first, at most 500.
   */
  'list_expiries' : ActorMethod<
    [],
    { 'ok' : Array<ExpiryRow> } |
      { 'err' : Error }
  >,
  'list_imports' : ActorMethod<
    [Page],
    { 'ok' : { 'next' : [] | [bigint], 'rows' : Array<ImportRow> } } |
      { 'err' : Error }
  >,
  /**
   * Oldest first.
   */
  'list_positions' : ActorMethod<
    [{ 'page' : Page, 'filter' : PositionFilter }],
    { 'ok' : { 'next' : [] | [bigint], 'rows' : Array<Position> } } |
      { 'err' : Error }
  >,
  /**
   * The open positions of one expiry, in the order of their fills; `after` is a row's place there, no id.
   */
  'list_positions_at' : ActorMethod<
    [{ 'expiry_ns' : bigint, 'page' : Page }],
    { 'ok' : { 'next' : [] | [bigint], 'rows' : Array<Position> } } |
      { 'err' : Error }
  >,
  'list_proposals' : ActorMethod<
    [Page],
    { 'ok' : { 'next' : [] | [bigint], 'rows' : Array<Proposal> } } |
      { 'err' : Error }
  >,
  /**
   * Roles that were granted; controllers are owners without a row.
   */
  'list_roles' : ActorMethod<
    [],
    { 'ok' : Array<[Principal, Role]> } |
      { 'err' : Error }
  >,
  /**
   * Positions and minutes that wait for an operator, at most 500 of each.
   */
  'list_set_aside' : ActorMethod<
    [],
    { 'ok' : Array<SetAside> } |
      { 'err' : Error }
  >,
  /**
   * Oldest first; `after` is the row's index. A user is whoever had a deposit credited.
   */
  'list_users' : ActorMethod<
    [Page],
    { 'ok' : { 'next' : [] | [bigint], 'rows' : Array<UserRow> } } |
      { 'err' : Error }
  >,
  /**
   * Oldest first.
   */
  'list_withdrawals' : ActorMethod<
    [Page],
    { 'ok' : { 'next' : [] | [bigint], 'rows' : Array<Withdrawal> } } |
      { 'err' : Error }
  >,
  /**
   * The roles the caller may act in.
   */
  'my_roles' : ActorMethod<[], Array<Role>>,
  /**
   * Credits what lies in the caller's deposit account, less the ledger's fee, if it is at least min_deposit_sats and the fee. One at a time: while
   * one is in transit, it is the answer. Its request_id is the exchange's; get_deposit("subaccount") answers the newest.
   */
  'notify_deposit' : ActorMethod<[], { 'ok' : Deposit } | { 'err' : Error }>,
  /**
   * Closes entry: pending orders are cancelled and released. Settlement and withdrawals go on. reason: 1 to 200 characters, shown to traders.
   * Errors: invalid.
   */
  'pause_entry' : ActorMethod<[string], { 'ok' : null } | { 'err' : Error }>,
  /**
   * Holds back the maximum premium of the trader and the largest payout of the treasury until the fill minute. Errors: those of quote, id_reused,
   * insufficient_balance, limit_reached. A trader who has cancelled 100 orders in a day (of UTC) places no more until the next.
   */
  'place_order' : ActorMethod<
    [OrderRequest],
    { 'ok' : Position } |
      { 'err' : OrderError }
  >,
  /**
   * See Action. What is the same as an open proposal is refused.
   */
  'propose' : ActorMethod<[Action], { 'ok' : Proposal } | { 'err' : Error }>,
  /**
   * What an order would cost at the newest price. Errors: entry_closed, price_stale, unknown_tenor, above_maximum, below_minimum, invalid,
   * strike_off_grid, strike_out_of_range, treasury_cannot_cover.
   */
  'quote' : ActorMethod<
    [QuoteRequest],
    { 'ok' : Quote } |
      { 'err' : OrderError }
  >,
  /**
   * As report_mismatch, of a receipt that settle_legacy has answered. Own, as the legacy platform named the owner then; operators, anybody's. A position that
   * settle_legacy has never settled or found settled is not known here: ask it first, which anybody may. Of those that version 0.1.0 settled the owner
   * isn't known: operators only. Such positions can cost nothing on that platform, so besides the 10 a caller and day, which count together with
   * report_mismatch's, all traders together have 50 a day. Errors: not_found, invalid (also of a position without a receipt yet), limit_reached.
   */
  'report_legacy_mismatch' : ActorMethod<
    [{ 'expected' : string, 'received' : string, 'position_id' : bigint }],
    { 'ok' : null } |
      { 'err' : Error }
  >,
  /**
   * A receipt that differs from the caller's own calculation, for the audit trail: who, expected (as `before`), received (as `after`). Own; operators,
   * anybody's. expected, received: 1 to 200 visible characters. One report a position; the same again is answered ok and changes nothing. Errors: not_found,
   * invalid (also of a position that was never filled), limit_reached (another report of this position; 10 a caller and day of UTC).
   */
  'report_mismatch' : ActorMethod<
    [{ 'expected' : string, 'received' : string, 'position_id' : bigint }],
    { 'ok' : null } |
      { 'err' : Error }
  >,
  /**
   * For the day prices, fills and settlements stand still after a stop and a start (a stop in the moment a timer is due takes it along): what happens by
   * itself begins again. Harmless otherwise.
   */
  'restart_timers' : ActorMethod<[], { 'ok' : null } | { 'err' : Error }>,
  /**
   * Takes orders again.
   */
  'resume_entry' : ActorMethod<[], { 'ok' : null } | { 'err' : Error }>,
  /**
   * Errors: not_found.
   */
  'revoke_role' : ActorMethod<
    [Principal, Role],
    { 'ok' : null } |
      { 'err' : Error }
  >,
  /**
   * The switches of the app's enhanced services: a rollback without a deploy.
   */
  'set_flags' : ActorMethod<[Flags], { 'ok' : Flags } | { 'err' : Error }>,
  /**
   * All of them at once, each within its bounds. Errors: invalid (the first field that isn't).
   */
  'set_settings' : ActorMethod<
    [Settings],
    { 'ok' : Settings } |
      { 'err' : Error }
  >,
  /**
   * Adds or replaces the tenor of that name. Open positions keep their terms. Errors: invalid.
   */
  'set_tenor' : ActorMethod<[Tenor], { 'ok' : Tenor } | { 'err' : Error }>,
  /**
   * Anybody's position: settles it if it is due and answers with its receipt, the same one every time. Errors: not_found, not_due, no_price_yet,
   * already_final.
   */
  'settle' : ActorMethod<[bigint], { 'ok' : Receipt } | { 'err' : Error }>,
  /**
   * A position of the legacy platform: computes its result from the price of the first whole minute at or after its expiry, and
   * records it there, once. Errors: not_found, not_due, no_price_yet, busy, legacy.
   */
  'settle_legacy' : ActorMethod<
    [bigint],
    { 'ok' : LegacyReceipt } |
      { 'err' : Error }
  >,
  /**
   * The ledger's fee comes out of the amount. request_id as above. If the ledger refuses, the amount is back in the account.
   * At least min_withdrawal_sats, or all that is available. More than large_withdrawal_sats, together with what
   * left in the 24 hours before without an operator, waits for one. Errors: invalid, id_reused,
   * below_minimum, above_maximum, insufficient_balance, limit_reached (200 within 24 hours), busy, ledger.
   */
  'withdraw' : ActorMethod<
    [{ 'to' : Account, 'request_id' : string, 'amount_sats' : bigint }],
    { 'ok' : Withdrawal } |
      { 'err' : Error }
  >,
  /**
   * What is left in the migration account beyond the balances that are on their way here.
   */
  'withdraw_migration' : ActorMethod<
    [{ 'to' : Account, 'request_id' : string, 'amount_sats' : bigint }],
    { 'ok' : Withdrawal } |
      { 'err' : Error }
  >,
  /**
   * One's own; an owner, anybody's.
   */
  'withdraw_proposal' : ActorMethod<
    [bigint],
    { 'ok' : Proposal } |
      { 'err' : Error }
  >,
  /**
   * Only what is not held back for payouts. Otherwise as `withdraw`.
   */
  'withdraw_treasury' : ActorMethod<
    [{ 'to' : Account, 'request_id' : string, 'amount_sats' : bigint }],
    { 'ok' : Withdrawal } |
      { 'err' : Error }
  >,
}
export declare const idlFactory: IDL.InterfaceFactory;
export declare const init: (args: { IDL: typeof IDL }) => IDL.Type[];