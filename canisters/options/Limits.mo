/// Limits: how much may be at risk, and how long texts from outside may be.

import Errors "Errors";
import Money "Money";
import State "State";
import Text "mo:core/Text";
import Types "Types";
import Units "Units";

module {
  type State = State.State;

  /// Null when an id chosen by a client has 1 to 64 characters.
  public func clientId(field : Text, id : Text) : ?Types.OrderError {
    let length = id.size();
    if (length >= 1 and length <= 64) null else ?Errors.invalid(field, "The " # field # " must have 1 to 64 characters.");
  };

  /// Null when an amount is at least the minimum and no more than there is bitcoin.
  public func amount(what : Text, sats : Nat64, minimum : Nat64) : ?Types.Error {
    if (sats < minimum) return ?Errors.belowMinimum(what, sats, minimum);
    if (Units.isSats(sats)) null else ?Errors.aboveMaximum(what, Units.MAX_SATS);
  };

  /// Pending orders one trader may have at once.
  public let MAX_PENDING : Nat = 20;

  /// Null when a trader may have one more pending order, which holds back `more` sats. Pending orders together hold at most half of the
  /// treasury's money: they cost nothing until they fill, so they must not be able to close the exchange to others.
  public func pendingReached(state : State, trader : State.Trader, more : Nat64) : ?Types.OrderError {
    if (trader.pending >= MAX_PENDING) return ?Errors.tooManyPending(MAX_PENDING);
    let { treasury } = state;
    let half = Money.treasuryTotal(state) / 2;
    let held = treasury.reserved - treasury.openReserve;
    if (held + more > half) ?Errors.pendingReserve(half) else null;
  };

  /// Null when `more` sats of payout may be put at risk for a trader at the expiry whose bucket this is. Pending and open positions count
  /// alike, each with what the treasury reserves for it.
  public func reached(state : State, trader : State.Trader, bucket : ?State.ExpiryBucket, more : Nat64) : ?Types.OrderError {
    let settings = state.settings;
    let atExpiry = switch bucket {
      case (?found) found.atRisk;
      case null 0 : Nat64;
    };
    func passes(atRisk : Nat64, maximum : Nat64) : Bool = atRisk + more > maximum;
    let { max_trader_payout_sats = perTrader; max_expiry_payout_sats = perExpiry; max_total_payout_sats = overall } = settings;
    if (passes(trader.atRisk, perTrader)) return ?Errors.limitReached("trader", perTrader);
    if (passes(atExpiry, perExpiry)) return ?Errors.limitReached("expiry", perExpiry);
    if (passes(state.treasury.reserved, overall)) return ?Errors.limitReached("total", overall);
    null;
  };
};
