/// The canister's records as the interface shows them.

import Int "mo:core/Int";
import List "mo:core/List";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import State "State";
import Types "Types";
import Withdrawals "Withdrawals";

module {
  public func fill(fill : State.Fill) : Types.Fill = {
    price_e8 = fill.price.toNat();
    strike_e8 = fill.strike.toNat();
    sigma_ppm = fill.sigmaPpm;
    fair_sats = fill.fair.toNat();
    spread_sats = fill.spread.toNat();
    skew_sats = fill.skew.toNat();
    premium_sats = fill.premium.toNat();
    filled_ns = fill.at;
  };

  public func receipt(id : Nat, fill : State.Fill, receipt : State.Receipt) : Types.Receipt {
    let premium = fill.premium.toNat();
    let payout = receipt.payout.toNat();
    {
      position_id = id;
      price_e8 = receipt.price.toNat();
      price_minute_ns = receipt.minute;
      outcome = receipt.outcome;
      premium_sats = premium;
      payout_sats = payout;
      profit_sats = (payout : Int) - premium;
      settled_ns = receipt.at;
    };
  };

  public func position(position : State.Position) : Types.Position = {
    id = position.id;
    owner = position.trader.owner;
    client_order_id = position.clientOrderId;
    instrument = #digital { direction = position.direction; payout_sats = position.payout.toNat() };
    tenor = position.tenor;
    strike = position.strike;
    max_premium_sats = position.maxPremium.toNat();
    reserved_payout_sats = position.reserve.toNat();
    placed_ns = position.placed;
    fill_minute_ns = position.fillMinute;
    expiry_ns = position.expiry;
    state = switch (position.state) {
      case (#pending) #pending;
      case (#cancelled { reason; at }) #cancelled { reason = ?reason; cancelled_ns = at };
      case (#open filled) #open(fill(filled));
      case (#settled settled) #settled {
        fill = fill(settled.fill);
        receipt = receipt(position.id, settled.fill, settled.receipt);
      };
    };
  };

  public func isActive(position : State.Position) : Bool = switch (position.state) {
    case (#pending or #open _) true;
    case (#cancelled _ or #settled _) false;
  };

  public func matches(position : State.Position, filter : Types.PositionFilter) : Bool = switch filter {
    case (#all) true;
    case (#active) isActive(position);
    case (#finished) not isActive(position);
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

  public func movement(id : Nat, movement : State.Movement) : Types.Movement = {
    id;
    at_ns = movement.at;
    kind = ?movement.kind;
    amount_sats = movement.amount;
    balance_after_sats = movement.balanceAfter.toNat();
    reference = ?movement.reference;
  };

  public func deposit(deposit : State.Deposit) : Types.Deposit = {
    id = deposit.id;
    owner = deposit.owner;
    request_id = deposit.requestId;
    amount_sats = deposit.amount.toNat();
    created_ns = deposit.created;
    state = deposit.state;
    to_treasury = deposit.toTreasury;
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
    from_treasury = Withdrawals.isFromTreasury(withdrawal);
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
