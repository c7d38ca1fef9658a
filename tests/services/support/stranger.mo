/// What a page meets whose canister has become another one: some methods answer with other types, some fail, most are gone.
import Runtime "mo:core/Runtime";

persistent actor {
  var called = 0;

  /// A record in the interface that the page knows.
  public query func get_market() : async Nat { called };

  public query func get_account() : async () { Runtime.trap("a query that traps") };

  /// A position in the interface that the page knows. Runs all the same.
  public func cancel_order(_id : Nat64) : async Text {
    called += 1;
    "cancelled";
  };

  public func settle(_id : Nat64) : async () {
    called += 1;
    Runtime.trap("an update that traps");
  };

  public query func icrc1_fee() : async Nat { called };
};
