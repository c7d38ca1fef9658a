/// What operators and owners may change. Every change leaves an audit entry with the value before and after.

import Access "../Access";
import Audit "../Audit";
import Control "../Control";
import State "../State";
import Types "../Types";
import Units "../Units";

mixin (state : State.State) {
  public shared ({ caller }) func set_settings(settings : Types.Settings) : async Types.Answer<Types.Settings> {
    switch (Access.refusal(state, caller, #operator)) {
      case (?error) #err error;
      case null Control.setSettings(state, caller, settings, Units.now());
    };
  };

  public shared ({ caller }) func set_tenor(tenor : Types.Tenor) : async Types.Answer<Types.Tenor> {
    switch (Access.refusal(state, caller, #operator)) {
      case (?error) #err error;
      case null Control.setTenor(state, caller, tenor, Units.now());
    };
  };

  public shared ({ caller }) func set_flags(flags : Types.Flags) : async Types.Answer<Types.Flags> {
    switch (Access.refusal(state, caller, #operator)) {
      case (?error) #err error;
      case null #ok(Control.setFlags(state, caller, flags, Units.now()));
    };
  };

  public shared ({ caller }) func pause_entry(reason : Text) : async Types.Answer<()> {
    switch (Access.refusal(state, caller, #operator)) {
      case (?error) #err error;
      case null Control.pause(state, caller, reason, Units.now());
    };
  };

  public shared ({ caller }) func resume_entry() : async Types.Answer<()> {
    switch (Access.refusal(state, caller, #operator)) {
      case (?error) #err error;
      case null Control.resume(state, caller, Units.now());
    };
  };

  public shared ({ caller }) func grant_role(who : Principal, role : Types.Role) : async Types.Answer<()> {
    switch (Access.refusal(state, caller, #owner)) {
      case (?error) #err error;
      case null Control.grant(state, caller, who, role, Units.now());
    };
  };

  public shared ({ caller }) func revoke_role(who : Principal, role : Types.Role) : async Types.Answer<()> {
    switch (Access.refusal(state, caller, #owner)) {
      case (?error) #err error;
      case null Control.revoke(state, caller, who, role, Units.now());
    };
  };
};
