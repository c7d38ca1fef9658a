/// The canister's records as the interface shows them.

import Archive "Archive";
import List "mo:core/List";
import Int64 "mo:core/Int64";
import Nat64 "mo:core/Nat64";
import Positions "Positions";
import State "State";
import Types "Types";
import Withdrawals "Withdrawals";

module {
  func fill(position : State.Position) : Types.Fill = {
    price_e8 = position.price.toNat();
    strike_e8 = position.strike.toNat();
    sigma_ppm = position.sigmaPpm.toNat();
    fair_sats = position.fair.toNat();
    spread_sats = position.spread.toNat();
    skew_sats = position.skew.toNat();
    premium_sats = Positions.premium(position).toNat();
    filled_ns = position.filled;
  };

  /// Of a settled position.
  public func receipt(position : State.Position) : Types.Receipt {
    let premium = Positions.premium(position).toNat();
    let payout = position.payout.toNat();
    {
      position_id = position.id;
      price_e8 = position.settlementPrice.toNat();
      price_minute_ns = position.expiry;
      outcome = position.outcome;
      premium_sats = premium;
      payout_sats = payout;
      profit_sats = (payout : Int) - premium;
      settled_ns = position.ended;
    };
  };

  func instrument({ terms; size; cap } : State.Position) : Types.Instrument = switch (terms.kind) {
    case (#digital) #digital { direction = terms.direction; payout_sats = size };
    case (#capped) #capped { direction = terms.direction; notional_sats = size; cap_e8 = cap };
  };

  func strike({ terms; strikeOrdered } : State.Position) : Types.StrikeChoice = switch (terms.strike) {
    case (#at) #at(strikeOrdered.toNat64());
    case (#offset) #offset strikeOrdered;
  };

  public func position(position : State.Position) : Types.Position = {
    id = position.id;
    owner = position.trader.owner;
    client_order_id = position.clientOrderId;
    instrument = instrument(position);
    tenor = position.terms.tenor;
    strike = strike(position);
    max_premium_sats = position.maxPremium.toNat();
    max_payout_sats = position.maxPayout.toNat();
    reserved_payout_sats = position.reserve.toNat();
    placed_ns = position.placed;
    fill_minute_ns = Positions.fillMinute(position);
    expiry_ns = position.expiry;
    state = switch (position.status) {
      case (#pending) #pending;
      case (#cancelled) #cancelled { reason = ?position.reason; cancelled_ns = position.ended };
      case (#open) #open(fill(position));
      case (#settled) #settled { fill = fill(position); receipt = receipt(position) };
      case (#voided) #voided { fill = fill(position); voided_ns = position.ended };
    };
  };

  func isActive(position : State.Position) : Bool = Positions.isPending(position) or Positions.isOpen(position);

  func matches(position : State.Position, filter : Types.PositionFilter) : Bool = switch filter {
    case (#all) true;
    case (#active) isActive(position);
    case (#finished) not isActive(position);
  };

  /// The row of a position there is, if it matches.
  public func matching(state : State.State, id : Nat, filter : Types.PositionFilter) : ?Types.Position {
    switch (state.positions.at(id), filter) {
      case (#kept kept, _) if (matches(kept, filter)) ?position(kept) else null;
      // What is in the archive is final.
      case (#archived, #active) null;
      case (#archived, _) ?position(Archive.at(state, id));
    };
  };

  public func account(trader : State.Trader, now : Nat64) : Types.AccountView = {
    owner = trader.owner;
    available_sats = trader.available.toNat();
    reserved_sats = trader.reserved.toNat();
    withdrawing_sats = trader.withdrawing.toNat();
    open_premium_sats = trader.openPremium.toNat();
    open_max_payout_sats = trader.openPayout.toNat();
    as_of_ns = now;
  };

  /// The account of somebody who never had one.
  public func noAccount(owner : Principal, now : Nat64) : Types.AccountView = {
    owner;
    available_sats = 0;
    reserved_sats = 0;
    withdrawing_sats = 0;
    open_premium_sats = 0;
    open_max_payout_sats = 0;
    as_of_ns = now;
  };

  public func deposit(deposit : State.Deposit) : Types.Deposit = {
    id = deposit.id;
    owner = deposit.owner;
    request_id = deposit.requestId;
    amount_sats = deposit.amount.toNat();
    created_ns = deposit.created;
    state = deposit.state;
    target = deposit.target;
    from_subaccount = switch (deposit.source) {
      case (#subaccount _) true;
      case (#allowance) false;
    };
  };

  public func withdrawal(withdrawal : State.Withdrawal) : Types.Withdrawal = {
    id = withdrawal.id;
    owner = withdrawal.owner;
    request_id = withdrawal.requestId;
    amount_sats = withdrawal.amount.toNat();
    fee_sats = withdrawal.fee.toNat();
    to = withdrawal.to;
    created_ns = withdrawal.created;
    state = withdrawal.state;
    from_treasury = Withdrawals.isTheHouses(withdrawal);
  };

  public func user(trader : State.Trader) : Types.UserRow = {
    owner = trader.owner;
    available_sats = trader.available.toNat();
    reserved_sats = trader.reserved.toNat();
    positions = trader.positions.size();
    volume_premium_sats = trader.volumePremium.toNat();
    payouts_sats = trader.payouts.toNat();
    created_ns = trader.created;
  };
};
