/// Filling: pending orders meet the price of their fill minute, in order of id, each with the skew that the fills before it
/// have caused. Orders that can't be filled are cancelled with the reason and everything they held is released.

import Iter "mo:core/Iter";
import Limits "Limits";
import List "mo:core/List";
import Map "mo:core/Map";
import Market "Market";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Positions "Positions";
import PriceBook "PriceBook";
import Pricing "Pricing";
import Set "mo:core/Set";
import State "State";
import Text "mo:core/Text";
import Types "Types";
import Units "Units";

module {
  type State = State.State;

  /// An order whose minute has no price this long after it began is cancelled.
  public let NO_PRICE_AFTER_NS : Nat64 = 180_000_000_000;

  /// A fill with what the treasury must keep for it, or the reason why not.
  public type Decision = { #fill : (State.Fill, Nat64); #cancel : Types.CancelReason };

  /// The fill of one pending order at the price of its fill minute, or the reason why not. Changes nothing.
  public func decide(state : State, position : State.Position, price : Nat, now : Nat64) : Decision {
    if (isPaused(state, position)) return #cancel(#entry_paused);
    let strike = switch (Market.strikeAt(position.strike, price, null)) {
      case (#ok value) value;
      case (#err _) return #cancel(#limit_reached); // the price has moved too far from the strike since
    };
    let ?tenor = state.tenors.get(position.tenor) else return #cancel(#limit_reached);
    let seconds = ((position.expiry - position.fillMinute) / Units.SECOND_NS).toNat();
    let payout = position.payout.toNat();
    let cost = Market.digitalPremium(state, position.direction, payout, price, strike, tenor.sigma_ppm, seconds);
    if (Pricing.isTooFar(cost.fair, payout, state.settings)) return #cancel(#limit_reached); // likewise
    if (cost.premium > position.maxPremium.toNat() or cost.premium >= payout) return #cancel(#premium_above_maximum);
    let premium = Nat64.fromNat(cost.premium);
    let needed = if (position.payout > premium) position.payout else premium;
    if (needed > position.reserve) return #cancel(#payout_above_reserve);
    // The limits may have been lowered since it was placed; its own reserve is already counted.
    if (payout > state.settings.max_position_payout_sats) return #cancel(#limit_reached);
    if (Limits.reached(state, position.trader, position.expiry, 0) != null) return #cancel(#limit_reached);
    #fill(
      {
        price = Nat64.fromNat(price);
        strike = Nat64.fromNat(strike);
        sigmaPpm = tenor.sigma_ppm;
        fair = Nat64.fromNat(cost.fair);
        spread = Nat64.fromNat(cost.spread);
        skew = Nat64.fromNat(cost.skew);
        premium;
        at = now;
      },
      needed,
    );
  };

  func isPaused(state : State, position : State.Position) : Bool = state.paused != null or position.id < state.cancelBelow;

  /// Fills or cancels one order if it can be decided now; answers whether it was.
  public func process(state : State, id : Nat, now : Nat64) : Bool {
    let ?position = Positions.find(state, id) else return false;
    if (position.state != #pending) return false;
    if (isPaused(state, position)) {
      Positions.cancel(state, position, #entry_paused, now);
      return true;
    };
    switch (PriceBook.at(state, position.fillMinute)) {
      case (?entry) {
        switch (decide(state, position, entry.price_e8, now)) {
          case (#fill(fill, reserve)) Positions.open(state, position, fill, reserve);
          case (#cancel reason) Positions.cancel(state, position, reason, now);
        };
        true;
      };
      case null {
        let overdue = now >= position.fillMinute + NO_PRICE_AFTER_NS;
        if (overdue) Positions.cancel(state, position, #no_price, now);
        overdue;
      };
    };
  };

  /// Up to `limit` pending orders that can be decided now, in the order they must be.
  public func due(state : State, now : Nat64, limit : Nat) : [Nat] {
    let ids = List.empty<Nat>();
    label minutes for ((minute, orders) in state.pendingByMinute.entries()) {
      let decidable = PriceBook.at(state, minute) != null or now >= minute + NO_PRICE_AFTER_NS;
      if (not decidable and state.paused == null and state.cancelBelow == 0) continue minutes;
      for (id in orders.values()) {
        if (ids.size() >= limit) break minutes;
        let decided = decidable or state.paused != null or id < state.cancelBelow;
        if (decided and not state.setAside.containsKey(id)) ids.add(id);
      };
    };
    ids.toArray();
  };

  /// Ends the effect of an earlier pause once none of the orders it was to cancel is left, so that nobody looks for them any more.
  public func forgetPause(state : State) {
    if (state.cancelBelow == 0 or state.paused != null) return;
    for (orders in state.pendingByMinute.values()) {
      switch (orders.min()) {
        case (?oldest) if (oldest < state.cancelBelow) return;
        case null {};
      };
    };
    state.cancelBelow := 0;
  };

  /// The fill minutes that still need a price.
  public func minutesNeeded(state : State, now : Nat64) : [Nat64] = state.pendingByMinute.keys().filter(
    func(minute) = minute <= now and PriceBook.at(state, minute) == null
  ).toArray();
};
