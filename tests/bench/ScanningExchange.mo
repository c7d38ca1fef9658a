/// The design that the exchange is measured against, as the platform it replaces has it: one list of all positions that every answer reads
/// through. No pricing and no money: only what finding things costs.
import List "mo:core/List";
import Principal "mo:core/Principal";

persistent actor {
  type Position = { id : Nat; owner : Principal; strike : Nat; payout : Nat; premium : Nat; expiry : Nat64; var settled : Bool };
  let positions = List.empty<Position>();

  /// Positions that are settled already, of this many owners in turn.
  public shared ({ caller }) func fill(count : Nat, owners : [Principal]) : async () {
    var index = 0;
    while (index < count) {
      let owner = if (owners.size() == 0) caller else owners[index % owners.size()];
      positions.add({ id = positions.size(); owner; strike = 28_000; payout = 10_000; premium = 5_000; expiry = 0 : Nat64; var settled = true });
      index += 1;
    };
  };

  public shared ({ caller }) func place(expiry : Nat64) : async Nat {
    let id = positions.size();
    positions.add({ id; owner = caller; strike = 28_000; payout = 10_000; premium = 5_000; expiry; var settled = false });
    id;
  };

  /// Settles all that is due; answers how many.
  public func settleDue(now : Nat64) : async Nat {
    var count = 0;
    for (position in positions.values()) {
      if (not position.settled and position.expiry <= now) {
        position.settled := true;
        count += 1;
      };
    };
    count;
  };

  /// How many positions the caller has: a page of them begins with finding them.
  public shared query ({ caller }) func countMine() : async Nat {
    var count = 0;
    for (position in positions.values()) if (position.owner == caller) count += 1;
    count;
  };

  /// Open and settled, counted.
  public query func overview() : async (Nat, Nat) {
    var open = 0;
    var settled = 0;
    for (position in positions.values()) if (position.settled) settled += 1 else open += 1;
    (open, settled);
  };
};
