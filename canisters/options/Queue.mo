/// Positions in the order they came, worked through from the front. See State.Queue.

import List "mo:core/List";
import Nat "mo:core/Nat";
import Option "mo:core/Option";
import State "State";

module {
  type Queue = State.Queue;

  public func empty() : Queue = { ids = List.empty(); var next = 0; var waiting = 0 };

  public func add(queue : Queue, id : Nat) {
    queue.ids.add(id);
    queue.waiting += 1;
  };

  /// To be called when a position of the queue is done, in or out of turn.
  public func done(queue : Queue) { queue.waiting -= 1 };

  /// Up to `limit` that are waiting, oldest first. `isWaiting`: still to be done at all; `isLeftOut`: to be done, but not now.
  public func front(
    state : State.State,
    queue : Queue,
    limit : Nat,
    isWaiting : State.Position -> Bool,
    isLeftOut : State.Position -> Bool,
  ) : [State.Position] {
    let { ids } = queue;
    let size = ids.size();
    func waiting(index : Nat) : ?State.Position = switch (state.positions.at(ids.at(index))) {
      case (#kept position) if (isWaiting(position)) ?position else null;
      case (#archived) null;
    };
    // What is done at the front is passed over once and for all.
    while (queue.next < size and Option.isNull(waiting(queue.next))) queue.next += 1;
    let found = List.empty<State.Position>();
    var index = queue.next;
    while (index < size and found.size() < limit) {
      switch (waiting(index)) {
        case (?next) if (not isLeftOut(next)) found.add(next);
        case null {};
      };
      index += 1;
    };
    found.toArray();
  };
};
