/// Filling: pending orders meet the price of their fill minute, in order of id, each with the skew that the fills before it
/// have caused. Orders that can't be filled are cancelled with the reason and everything they held is released.

import Contracts "Contracts";
import Iter "mo:core/Iter";
import Limits "Limits";
import List "mo:core/List";
import Map "mo:core/Map";
import Market "Market";
import Nat "mo:core/Nat";
import Positions "Positions";
import PriceBook "PriceBook";
import Queue "Queue";
import State "State";
import Text "mo:core/Text";
import Types "Types";
import Units "Units";

module {
  type State = State.State;

  /// An order whose minute has no price this long after it began is cancelled.
  public let NO_PRICE_AFTER_NS : Nat64 = 180_000_000_000;

  /// A fill, or the reason why not.
  public type Decision = { #fill : Positions.Fill; #cancel : Types.CancelReason };

  /// The fill of one pending order at the price of its fill minute, or the reason why not. Changes nothing.
  public func decide(state : State, position : State.Position, entry : State.Price) : Decision {
    if (isPaused(state, position)) return #cancel(#entry_paused);
    let { terms; size; cap } = position;
    let { price } = entry;
    let ?strike = Market.strikeAt(terms.strike, position.strikeOrdered, price) else return #cancel(#limit_reached); // the price has moved too far from it
    let ?tenor = state.tenors.get(terms.tenor) else return #cancel(#limit_reached);
    let contract = { kind = terms.kind; direction = terms.direction; size; cap };
    if (contract.kind == #capped and cap >= strike) return #cancel(#limit_reached); // likewise
    let largest = Contracts.largest(contract, strike);
    if (largest > position.maxPayout) return #cancel(#payout_above_reserve);
    let cost = Market.cost(state, contract, tenor, entry, strike, (position.expiry - Positions.fillMinute(position)) / Units.SECOND_NS);
    if (cost.isTooFar) return #cancel(#limit_reached); // likewise
    let premium = cost.fair + cost.spread + cost.skew;
    if (premium > position.maxPremium or premium >= largest) return #cancel(#premium_above_maximum);
    // The limits may have been lowered since it was placed; its own reserve is already counted.
    if (largest > state.settings.max_position_payout_sats) return #cancel(#limit_reached);
    if (Limits.reached(state, position.trader, Positions.bucket(state, position.expiry), 0) != null) return #cancel(#limit_reached);
    #fill {
      price;
      strike;
      sigmaPpm = cost.sigmaPpm;
      fair = cost.fair;
      spread = cost.spread;
      skew = cost.skew;
      reserve = largest;
    };
  };

  func isPaused(state : State, position : State.Position) : Bool = state.paused != null or position.id < state.cancelBelow;

  /// Fills or cancels one order if it can be decided now; answers whether it was.
  public func process(state : State, position : State.Position, now : Nat64) : Bool {
    if (position.status != #pending) return false;
    if (isPaused(state, position)) {
      ignore Positions.cancel(state, position, #entry_paused, now);
      return true;
    };
    let minute = Positions.fillMinute(position);
    switch (PriceBook.at(state, minute)) {
      case (?entry) {
        switch (decide(state, position, entry)) {
          case (#fill fill) ignore Positions.open(state, position, fill, now);
          case (#cancel reason) ignore Positions.cancel(state, position, reason, now);
        };
        true;
      };
      case null {
        let overdue = now >= minute + NO_PRICE_AFTER_NS;
        if (overdue) ignore Positions.cancel(state, position, #no_price, now);
        overdue;
      };
    };
  };

  /// Up to `limit` pending orders that can be decided now, in the order they must be.
  public func due(state : State, now : Nat64, limit : Nat) : [State.Position] {
    let found = List.empty<State.Position>();
    label minutes for ((minute, queue) in state.pendingByMinute.entries()) {
      if (found.size() >= limit) break minutes;
      let decidable = PriceBook.at(state, minute) != null or now >= minute + NO_PRICE_AFTER_NS;
      if (not decidable and state.paused == null and state.cancelBelow == 0) continue minutes;
      let orders = Queue.front(
        state,
        queue,
        limit - found.size() : Nat,
        Positions.isPending,
        func(order) = not (decidable or isPaused(state, order)) or state.setAside.containsKey(order.id),
      );
      for (order in orders.values()) found.add(order);
    };
    found.toArray();
  };

  /// Ends the effect of an earlier pause once none of the orders it was to cancel is left, so that nobody looks for them any more.
  public func forgetPause(state : State) {
    if (state.cancelBelow == 0 or state.paused != null) return;
    for (queue in state.pendingByMinute.values()) {
      let oldest = Queue.front(state, queue, 1, Positions.isPending, func(_) = false);
      if (oldest.size() > 0 and oldest[0].id < state.cancelBelow) return;
    };
    state.cancelBelow := 0;
  };

  /// The fill minutes that still need a price.
  public func minutesNeeded(state : State, now : Nat64) : [Nat64] = state.pendingByMinute.keys().filter(
    func(minute) = minute <= now and PriceBook.at(state, minute) == null
  ).toArray();
};
