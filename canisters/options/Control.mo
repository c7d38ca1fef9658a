/// The operators' and owners' changes, each checked, made and audited in one step. Who may call is checked before (Access.mo).

import Access "Access";
import Audit "Audit";
import Errors "Errors";
import Fills "Fills";
import Format "Format";
import List "mo:core/List";
import Map "mo:core/Map";
import Principal "mo:core/Principal";
import Settings "Settings";
import State "State";
import Tenors "Tenors";
import Text "mo:core/Text";
import Types "Types";

module {
  type State = State.State;

  /// Pending orders cancelled at once by a pause; the timer cancels the rest.
  let CANCEL_AT_ONCE : Nat = 500;

  public func setSettings(state : State, caller : Principal, settings : Types.Settings, now : Nat64) : Types.Answer<Types.Settings> {
    switch (Settings.problem(settings)) {
      case (?error) return #err error;
      case null {};
    };
    Audit.record(state, caller, now, "set_settings", debug_show (state.settings), debug_show settings);
    state.settings := settings;
    #ok settings;
  };

  public func setTenor(state : State, caller : Principal, tenor : Types.Tenor, now : Nat64) : Types.Answer<Types.Tenor> {
    let before = switch (state.tenors.get(tenor.name)) {
      case (?earlier) debug_show earlier;
      case null "none";
    };
    let answer = Tenors.put(state, tenor);
    switch answer {
      case (#ok _) Audit.record(state, caller, now, "set_tenor", before, debug_show tenor);
      case (#err _) {};
    };
    answer;
  };

  public func setFlags(state : State, caller : Principal, flags : Types.Flags, now : Nat64) : Types.Flags {
    Audit.record(state, caller, now, "set_flags", debug_show (state.flags), debug_show flags);
    state.flags := flags;
    flags;
  };

  /// Closes entry: pending orders are cancelled and released, settlement and withdrawals go on.
  public func pause(state : State, caller : Principal, reason : Text, now : Nat64) : Types.Answer<()> {
    let length = reason.size();
    if (length < 1 or length > 200 or reason != Format.plain(reason) or reason.trim(#char ' ') == "") return #err(Errors.invalid("reason", "The reason has 1 to 200 characters that can be seen: traders read it."));
    Audit.record(state, caller, now, "pause_entry", entryText(state), "paused: " # reason);
    state.paused := ?reason;
    state.cancelBelow := state.positions.size();
    for (order in Fills.due(state, now, CANCEL_AT_ONCE).values()) ignore Fills.process(state, order, now);
    #ok;
  };

  public func resume(state : State, caller : Principal, now : Nat64) : Types.Answer<()> {
    Audit.record(state, caller, now, "resume_entry", entryText(state), "open");
    state.paused := null;
    #ok;
  };

  func entryText(state : State) : Text = switch (state.paused) {
    case (?reason) "paused: " # reason;
    case null "open";
  };

  public func grant(state : State, caller : Principal, who : Principal, role : Types.Role, now : Nat64) : Types.Answer<()> {
    let before = rolesText(state, who);
    switch (Access.grant(state, who, role)) {
      case (#err error) #err error;
      case (#ok) {
        Audit.record(state, caller, now, "grant_role", before, rolesText(state, who));
        #ok;
      };
    };
  };

  public func revoke(state : State, caller : Principal, who : Principal, role : Types.Role, now : Nat64) : Types.Answer<()> {
    let before = rolesText(state, who);
    switch (Access.revoke(state, who, role)) {
      case (#err error) #err error;
      case (#ok) {
        Audit.record(state, caller, now, "revoke_role", before, rolesText(state, who));
        #ok;
      };
    };
  };

  func rolesText(state : State, who : Principal) : Text {
    var text = who.toText() # ":";
    for (role in Access.granted(state, who).values()) text #= " " # Access.name(role);
    text;
  };
};
