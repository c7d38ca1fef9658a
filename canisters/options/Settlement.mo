/// Settlement at expiry: win, tie or loss, and what is paid. Exactly once: a settled position keeps its receipt for ever.

import Contracts "Contracts";
import Errors "Errors";
import Iter "mo:core/Iter";
import List "mo:core/List";
import Map "mo:core/Map";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Positions "Positions";
import PriceBook "PriceBook";
import Queue "Queue";
import Set "mo:core/Set";
import State "State";
import Types "Types";
import Units "Units";

module {
  type State = State.State;

  /// Positions that one price settles.
  public type Due = { price : Nat64; positions : [State.Position] };

  /// Settles one position that is due and answers it as it is then; one that is settled already stays as it is. Synchronous: nothing can
  /// come between the decision and the payment.
  public func settle(state : State, position : State.Position, now : Nat64) : Types.Answer<State.Position> {
    switch (position.status) {
      case (#settled) return #ok position;
      case (#cancelled) return #err(Errors.alreadyFinal("cancelled"));
      case (#voided) return #err(Errors.alreadyFinal("voided"));
      case (#pending) return #err(notDue(position, now));
      case (#open) {};
    };
    if (now < position.expiry) return #err(notDue(position, now));
    let mean = position.terms.settlesAtMean;
    if (isVoiding(state, position.expiry, mean)) return #err(Errors.alreadyFinal("being voided"));
    switch (PriceBook.settlement(state, position.expiry, mean)) {
      case (#missing minute) #err(Errors.noPriceYet(minute));
      case (#price price) settleAt(state, position, price, now);
    };
  };

  /// Settles an open position at its settlement price.
  public func settleAt(state : State, position : State.Position, price : Nat64, now : Nat64) : Types.Answer<State.Position> {
    let (outcome, payout) = Contracts.settle(position, price);
    if (payout > position.reserve) {
      let problem = "The payout is more than was reserved.";
      state.setAside.add(position.id, problem);
      return #err(Errors.internal(problem));
    };
    #ok(Positions.settle(state, position, price, outcome, payout, now));
  };

  func notDue(position : State.Position, now : Nat64) : Types.Error {
    let seconds = Units.minusOrZero(position.expiry, now) / Units.SECOND_NS;
    Errors.notDue(position.expiry, seconds.toNat() + 31);
  };

  public func isVoiding(state : State, expiry : Nat64, mean : Bool) : Bool = switch (state.voiding.get(expiry)) {
    case (?queues) if mean queues.mean else queues.spot;
    case null false;
  };

  /// Up to `limit` open positions of one expiry whose settlement price is known, leaving out those set aside; null when there are none.
  /// The cost depends on what is due, not on how many positions are open.
  public func due(state : State, now : Nat64, limit : Nat) : ?Due {
    for ((expiry, bucket) in state.byExpiry.entries()) {
      if (expiry > now) return null;
      for ((queue, mean) in [(bucket.spot, false), (bucket.mean, true)].values()) {
        if (queue.waiting > 0 and not isVoiding(state, expiry, mean)) {
          switch (PriceBook.settlement(state, expiry, mean)) {
            case (#missing _) {};
            case (#price price) {
              let positions = Queue.front(state, queue, limit, Positions.isOpen, func(position) = isSetAside(state, position));
              if (positions.size() > 0) return ?{ price; positions };
            };
          };
        };
      };
    };
    null;
  };

  /// Whether any position can be settled now.
  public func isDue(state : State, now : Nat64) : Bool = switch (due(state, now, 1)) {
    case (?_) true;
    case null false;
  };

  func isSetAside(state : State, position : State.Position) : Bool = not state.setAside.isEmpty() and state.setAside.containsKey(position.id);

  /// The minutes whose price due positions still need.
  public func minutesNeeded(state : State, now : Nat64) : [Nat64] {
    let minutes = Set.empty<Nat64>();
    label expiries for ((expiry, bucket) in state.byExpiry.entries()) {
      // A ten-minute mean begins before the expiry.
      if (expiry > now + 9 * Units.MINUTE_NS) break expiries;
      if (bucket.spot.waiting > 0 and not isVoiding(state, expiry, false)) minutes.add(expiry);
      if (bucket.mean.waiting > 0 and not isVoiding(state, expiry, true)) {
        for (back in Nat64.rangeInclusive(0, 9)) minutes.add(expiry - back * Units.MINUTE_NS);
      };
    };
    minutes.values().filter(func(minute) = minute <= now and PriceBook.at(state, minute) == null).toArray();
  };

  /// How many open positions are past their expiry.
  public func dueCount(state : State, now : Nat64) : Nat {
    var count = 0;
    label expiries for ((expiry, bucket) in state.byExpiry.entries()) {
      if (expiry > now) break expiries;
      count += bucket.spot.waiting + bucket.mean.waiting;
    };
    count;
  };
};
