/// A legacy platform that loses answers and requests, says yes without doing it, or answers in another shape; it counts what it was sent.
import LegacyBorder "../../../canisters/shared/LegacyBorder";
import Map "mo:core/Map";
import Nat "mo:core/Nat";
import Principal "mo:core/Principal";
import Time "mo:core/Time";

persistent actor {
  public type Mode = { #obey; #lose_answer; #lose_request; #say_yes_only; #refuse; #answer_nonsense };
  var mode : Mode = #obey;
  var hidden = false;
  var sentCount = 0;
  var paidCount = 0;
  let positions = Map.empty<Nat, LegacyBorder.Position>();

  public func set_mode(next : Mode) : async () { mode := next };
  /// While hidden, positions can't be read once something was sent.
  public func set_hidden(value : Bool) : async () { hidden := value };
  public query func sent() : async Nat { sentCount };
  public query func paid() : async Nat { paidCount };

  /// A call of one contract, five dollars above 28,000, at five seconds.
  public func open(id : Nat, opened_ns : Int) : async () {
    positions.add(
      id,
      {
        id;
        user = Principal.anonymous();
        option_type = #Call;
        strike_price = 28_005.0;
        entry_price = 28_000.0;
        expiry = "5s";
        size = 1.0;
        entry_premium = 1.0;
        current_value = 1.0;
        pnl = 0.0;
        status = #Active;
        opened_at = opened_ns;
        settled_at = null;
        settlement_price = null;
      },
    );
  };

  public func get_position(id : Nat) : async { #ok : LegacyBorder.Position; #err : Text } {
    assert not (hidden and sentCount > 0);
    switch (positions.get(id)) {
      case (?position) #ok position;
      case null #err "none";
    };
  };

  func pay(id : Nat) {
    let ?position = positions.get(id) else return;
    paidCount += 1;
    positions.add(id, { position with status = #Settled; settled_at = ?Time.now(); settlement_price = ?28_000.0 });
  };

  /// Settles a position as the old browser code did.
  public func settle_by_browser(id : Nat) : async () { pay(id) };

  /// What was done before an await stays done when the code after it traps.
  func commit() : async () {};

  public func recordSettlement(id : Nat, _ : Text, _ : Nat64, _ : Nat64, _ : Nat64) : async { #ok; #err : Text; #nonsense : Nat } {
    sentCount += 1;
    switch mode {
      case (#obey) pay(id);
      case (#answer_nonsense) {
        pay(id);
        return #nonsense 1;
      };
      case (#lose_answer) {
        pay(id);
        await commit();
        assert false;
      };
      case (#lose_request) {
        await commit();
        assert false;
      };
      case (#say_yes_only) {};
      case (#refuse) return #err "no";
    };
    #ok;
  };
};
