/// Settlement at expiry: win, tie or loss, and what is paid. Exactly once: a settled position keeps its receipt for ever.

import Errors "Errors";
import Iter "mo:core/Iter";
import List "mo:core/List";
import Map "mo:core/Map";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Positions "Positions";
import PriceBook "PriceBook";
import Set "mo:core/Set";
import State "State";
import Tenors "Tenors";
import Types "Types";
import Units "Units";

module {
  type State = State.State;

  /// The outcome of a digital. A tie is decided at cent precision, rounded half-up; everything else at full precision.
  public func outcome(direction : Types.Direction, strike : Nat64, price : Nat64) : Types.Outcome {
    if (Units.centsHalfUp(price) == Units.centsHalfUp(strike)) return #tie;
    let above = price > strike;
    switch direction {
      case (#call) if above #win else #loss;
      case (#put) if above #loss else #win;
    };
  };

  /// What an outcome pays, sats: the payout, in a tie the premium back, or nothing.
  public func payout(result : Types.Outcome, full : Nat64, premium : Nat64) : Nat64 = switch result {
    case (#win) full;
    case (#tie) premium;
    case (#loss) 0;
  };

  /// Settles one position that is due, or answers the receipt it has already. Synchronous: nothing can come between the
  /// decision and the payment.
  public func settle(state : State, position : State.Position, now : Nat64) : Types.Answer<State.Receipt> {
    let fill = switch (position.state) {
      case (#settled { receipt }) return #ok receipt;
      case (#cancelled _) return #err(Errors.alreadyFinal("cancelled"));
      case (#pending) return #err(notDue(position, now));
      case (#open fill) fill;
    };
    if (now < position.expiry) return #err(notDue(position, now));
    let mean = Tenors.settlesAtMean(position.fillMinute, position.expiry);
    switch (PriceBook.settlement(state, position.expiry, mean)) {
      case (#missing minute) #err(Errors.noPriceYet(minute));
      case (#price price) {
        let result = outcome(position.direction, fill.strike, price);
        let receipt : State.Receipt = {
          price;
          minute = position.expiry;
          outcome = result;
          payout = payout(result, position.payout, fill.premium);
          at = now;
        };
        if (receipt.payout > position.reserve) {
          let problem = "The payout is more than was reserved.";
          state.setAside.add(position.id, problem);
          return #err(Errors.internal(problem));
        };
        Positions.settle(state, position, fill, receipt);
        #ok receipt;
      };
    };
  };

  func notDue(position : State.Position, now : Nat64) : Types.Error {
    let seconds = Units.minusOrZero(position.expiry, now) / Units.SECOND_NS;
    Errors.notDue(position.expiry, seconds.toNat() + 31);
  };

  /// Up to `limit` open positions whose settlement price is known, leaving out those set aside. The cost depends on what is due,
  /// not on how many positions are open.
  public func due(state : State, now : Nat64, limit : Nat) : [Nat] {
    let ids = List.empty<Nat>();
    func take(set : Set.Set<Nat>, expiry : Nat64, mean : Bool) {
      if (set.isEmpty()) return;
      switch (PriceBook.settlement(state, expiry, mean)) {
        case (#missing _) {};
        case (#price _) label taking for (id in set.values()) {
          if (ids.size() >= limit) break taking;
          if (not state.setAside.containsKey(id)) ids.add(id);
        };
      };
    };
    label expiries for ((expiry, bucket) in state.byExpiry.entries()) {
      if (expiry > now or ids.size() >= limit) break expiries;
      take(bucket.spot, expiry, false);
      take(bucket.mean, expiry, true);
    };
    ids.toArray();
  };

  /// The minutes whose price due positions still need.
  public func minutesNeeded(state : State, now : Nat64) : [Nat64] {
    let minutes = Set.empty<Nat64>();
    label expiries for ((expiry, bucket) in state.byExpiry.entries()) {
      // A ten-minute mean begins before the expiry.
      if (expiry > now + 9 * Units.MINUTE_NS) break expiries;
      if (not bucket.spot.isEmpty()) minutes.add(expiry);
      if (not bucket.mean.isEmpty()) {
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
      count += bucket.spot.size() + bucket.mean.size();
    };
    count;
  };
};
