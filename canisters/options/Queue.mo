/// Positions in the order they came, worked through from the front. See State.Queue.

import List "mo:core/List";
import Nat "mo:core/Nat";
import State "State";

module {
  type Queue = State.Queue;

  public func empty() : Queue = { positions = List.empty(); var next = 0; var waiting = 0 };

  public func add(queue : Queue, position : State.Position) {
    queue.positions.add(position);
    queue.waiting += 1;
  };

  /// To be called when a position of the queue is done, in or out of turn.
  public func done(queue : Queue) { queue.waiting -= 1 };

  /// Up to `limit` that are waiting, oldest first. `isWaiting`: still to be done at all; `isLeftOut`: to be done, but not now.
  public func front(
    queue : Queue,
    limit : Nat,
    isWaiting : State.Position -> Bool,
    isLeftOut : State.Position -> Bool,
  ) : [State.Position] {
    let { positions } = queue;
    let size = positions.size();
    // What is done at the front is passed over once and for all.
    while (queue.next < size and not isWaiting(positions.at(queue.next))) queue.next += 1;
    let found = List.empty<State.Position>();
    var index = queue.next;
    while (index < size and found.size() < limit) {
      let position = positions.at(index);
      if (isWaiting(position) and not isLeftOut(position)) found.add(position);
      index += 1;
    };
    found.toArray();
  };
};
