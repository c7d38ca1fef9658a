import List "mo:core/List";
import VarArray "mo:core/VarArray";

/// A small update and a small query on a heap of any size.
persistent actor class Ballast() {
  let ballast = List.empty<[var Nat]>();
  var count = 0;

  /// Adds a million words of 8 bytes.
  public func grow() : async () {
    List.add(ballast, VarArray.repeat<Nat>(1, 1_000_000));
  };

  public func increment() : async Nat {
    count += 1;
    count;
  };

  public query func get() : async Nat { count };

  /// Changes state, which is undone.
  public query func getAfterWriting() : async Nat {
    count += 1;
    count;
  };
};
