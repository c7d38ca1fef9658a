/// Who may do what. Owners are the canister's controllers and those they grant it to; an owner may do what an operator may,
/// and an operator may read what an auditor may.

import Array "mo:core/Array";
import Errors "Errors";
import List "mo:core/List";
import Map "mo:core/Map";
import Principal "mo:core/Principal";
import State "State";
import Types "Types";

module {
  type State = State.State;

  /// Grants are kept by hand: more than this is a mistake.
  public let MAX_GRANTS : Nat = 200;

  /// The roles given to `who` directly.
  public func granted(state : State, who : Principal) : [Types.Role] = switch (state.roles.get(who)) {
    case (?roles) roles;
    case null [];
  };

  func holds(roles : [Types.Role], role : Types.Role) : Bool = roles.find(func(held) = held == role) != null;

  /// Whether `who` may act in a role, given directly or by a higher one.
  public func has(state : State, who : Principal, role : Types.Role) : Bool {
    if (who.isAnonymous()) return false;
    if (who.isController()) return true;
    let roles = granted(state, who);
    if (holds(roles, #owner) or holds(roles, role)) return true;
    role == #auditor and holds(roles, #operator);
  };

  /// The roles `who` may act in.
  public func rolesOf(state : State, who : Principal) : [Types.Role] = ([#owner, #operator, #auditor] : [Types.Role]).filter(
    func(role) = has(state, who, role)
  );

  /// Null when `who` may act in a role.
  public func refusal(state : State, who : Principal, role : Types.Role) : ?Types.AccessError {
    if (who.isAnonymous()) return ?Errors.anonymous();
    if (has(state, who, role)) null else ?Errors.forbidden(name(role));
  };

  /// Null for everybody who is logged in.
  public func refusalAnonymous(who : Principal) : ?Types.ErrorOf<{ #anonymous }> = if (who.isAnonymous()) ?Errors.anonymous() else null;

  public func name(role : Types.Role) : Text = switch role {
    case (#owner) "owner";
    case (#operator) "operator";
    case (#auditor) "auditor";
  };

  public func grant(state : State, who : Principal, role : Types.Role) : Types.Answer<()> {
    if (who.isAnonymous()) return #err(Errors.invalid("principal", "The anonymous identity can't have a role."));
    let roles = granted(state, who);
    if (holds(roles, role)) return #ok;
    if (roles.size() == 0 and state.roles.size() >= MAX_GRANTS) return #err(Errors.invalid("principal", "There are 200 role holders already; revoke one first."));
    state.roles.add(who, roles.concat([role]));
    #ok;
  };

  public func revoke(state : State, who : Principal, role : Types.Role) : Types.Answer<()> {
    let roles = granted(state, who);
    if (not holds(roles, role)) return #err(Errors.notFound("such role of this principal"));
    let left = roles.filter(func(held) = held != role);
    if (left.size() == 0) state.roles.remove(who) else state.roles.add(who, left);
    #ok;
  };

  public func list(state : State) : [(Principal, Types.Role)] {
    let rows = List.empty<(Principal, Types.Role)>();
    for ((who, roles) in state.roles.entries()) {
      for (role in roles.values()) rows.add((who, role));
    };
    rows.toArray();
  };
};
