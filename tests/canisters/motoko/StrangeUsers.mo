/// A legacy platform with balances as floats, dust and all, that refuses, loses requests and answers, says yes without doing it, and does something
/// else than it was asked for.
import LegacyBorder "../../../canisters/shared/LegacyBorder";
import Iter "mo:core/Iter";
import Map "mo:core/Map";
import Principal "mo:core/Principal";

persistent actor {
  public type Mode = {
    #obey;
    #refuse;
    #lose_request;
    #lose_answer;
    /// The request is lost, and the user spends just that much: from outside the same as a lost answer.
    #lose_and_spend;
    #say_yes_only;
    #answer_nonsense;
    #take_half;
    #refuse_but_take;
    /// The user wins a trade right after.
    #win_after;
    #unreadable;
  };
  var mode : Mode = #obey;
  var asked = 0;
  let balances = Map.empty<Principal, Float>();
  /// The truth, which nobody can ask the real platform for: what was taken from each user by request, and what else changed a balance.
  let taken = Map.empty<Principal, Float>();
  let otherwise = Map.empty<Principal, Float>();

  public func set_mode(next : Mode) : async () { mode := next };
  public func set_balance(user : Principal, btc : Float) : async () { balances.add(user, btc) };
  public query func balance(user : Principal) : async Float { held(user) };
  public query func taken_from(user : Principal) : async Float { sum(taken, user) };
  public query func changed_otherwise(user : Principal) : async Float { sum(otherwise, user) };
  /// How often a balance was to be changed.
  public query func times_asked() : async Nat { asked };

  func sum(amounts : Map.Map<Principal, Float>, user : Principal) : Float = switch (amounts.get(user)) { case (?btc) btc; case null 0.0 };

  func held(user : Principal) : Float = sum(balances, user);

  func data(balance : Float) : LegacyBorder.UserData = { balance; total_wins = 0.0; total_losses = 0.0; net_pnl = 0.0; created_at = 0 };

  public query func get_all_users() : async [(Principal, LegacyBorder.UserData)] {
    balances.entries().map<(Principal, Float), (Principal, LegacyBorder.UserData)>(func(user, btc) = (user, data btc)).toArray();
  };

  public query func get_user(user : Principal) : async { #ok : LegacyBorder.UserData; #err : Text } {
    // Only what follows a change can't be read.
    assert not (mode == #unreadable and asked > 0);
    switch (balances.get(user)) { case (?btc) #ok(data btc); case null #err "User not found." };
  };

  /// What was done before an await stays done when the code after it traps.
  func commit() : async () {};

  public func admin_credit_user_balance(user : Principal, btc : Float) : async { #ok : Text; #err : Text; #nonsense : Nat } {
    asked += 1;
    func change(amount : Float) = balances.add(user, held(user) + amount);
    func add(amount : Float) {
      change(amount);
      taken.add(user, sum(taken, user) - amount);
    };
    func happen(amount : Float) {
      change(amount);
      otherwise.add(user, sum(otherwise, user) + amount);
    };
    switch mode {
      case (#obey or #unreadable) add(btc);
      case (#refuse) return #err "no";
      case (#lose_request) {
        await commit();
        assert false;
      };
      case (#lose_answer) {
        add(btc);
        await commit();
        assert false;
      };
      case (#lose_and_spend) {
        happen(btc);
        await commit();
        assert false;
      };
      case (#say_yes_only) {};
      case (#answer_nonsense) {
        add(btc);
        return #nonsense 1;
      };
      case (#take_half) add(btc / 2.0);
      case (#refuse_but_take) {
        add(btc);
        return #err "no";
      };
      case (#win_after) {
        add(btc);
        happen(0.001);
      };
    };
    #ok "done";
  };
};
