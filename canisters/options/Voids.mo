/// Positions whose expiry never got a price: what two operators may void, and the work that follows. An expiry has two queues of open
/// positions, by what settles them, and a price may be missing for only one of them.

import Iter "mo:core/Iter";
import List "mo:core/List";
import Map "mo:core/Map";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Positions "Positions";
import PriceBook "PriceBook";
import Queue "Queue";
import Settlement "Settlement";
import State "State";

module {
  type State = State.State;
  public type Queues = { spot : Bool; mean : Bool };

  /// So long after an expiry its positions may be voided: until then the oracle is asked for its price.
  public let AFTER_NS : Nat64 = 86_400_000_000_000;

  /// The queues of an expiry with open positions and without a settlement price, leaving out those that are being voided; null when there
  /// are none.
  public func unpriced(state : State, expiry : Nat64) : ?Queues {
    let ?bucket = Positions.bucket(state, expiry) else return null;
    func lacks(queue : State.Queue, mean : Bool) : Bool {
      if (queue.waiting == 0 or Settlement.isVoiding(state, expiry, mean)) return false;
      switch (PriceBook.settlement(state, expiry, mean)) {
        case (#missing _) true;
        case (#price _) false;
      };
    };
    let found = { spot = lacks(bucket.spot, false); mean = lacks(bucket.mean, true) };
    if (found.spot or found.mean) ?found else null;
  };

  /// From here on nothing settles these positions any more; they are voided in batches.
  public func begin(state : State, expiry : Nat64, queues : Queues) {
    let earlier = switch (state.voiding.get(expiry)) {
      case (?found) found;
      case null ({ spot = false; mean = false });
    };
    state.voiding.add(expiry, { spot = earlier.spot or queues.spot; mean = earlier.mean or queues.mean });
  };

  /// Up to `limit` open positions that are to be voided, leaving out those set aside.
  public func due(state : State, limit : Nat) : [State.Position] {
    func isSetAside(position : State.Position) : Bool = state.setAside.containsKey(position.id);
    for ((queue, _) in queuesOf(state).values()) {
      let positions = Queue.front(state, queue, limit, Positions.isOpen, isSetAside);
      if (positions.size() > 0) return positions;
    };
    [];
  };

  /// Voids a position if its queue is being voided; any other stays as it is.
  public func apply(state : State, position : State.Position, now : Nat64) {
    let isDue = Positions.isOpen(position) and Settlement.isVoiding(state, position.expiry, position.terms.settlesAtMean);
    if isDue ignore Positions.void(state, position, now);
  };

  /// Forgets the expiries that have nothing left to void.
  public func forgetDone(state : State) {
    if (state.voiding.isEmpty()) return;
    let left = List.empty<Nat64>();
    for ((queue, expiry) in queuesOf(state).values()) if (queue.waiting > 0) left.add(expiry);
    for (expiry in state.voiding.keys().toArray().values()) {
      if (not left.contains(expiry)) state.voiding.remove(expiry);
    };
  };

  /// The queues that are being voided, with their expiries. Few: each took two operators.
  func queuesOf(state : State) : List.List<(State.Queue, Nat64)> {
    let found = List.empty<(State.Queue, Nat64)>();
    for ((expiry, queues) in state.voiding.entries()) {
      switch (Positions.bucket(state, expiry)) {
        case (?bucket) {
          if (queues.spot) found.add((bucket.spot, expiry));
          if (queues.mean) found.add((bucket.mean, expiry));
        };
        case null {};
      };
    };
    found;
  };
};
