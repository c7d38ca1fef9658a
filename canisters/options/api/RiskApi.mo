/// What is at risk and what waits for a person, for auditors.

import Access "../Access";
import Risk "../Risk";
import State "../State";
import Types "../Types";

mixin (state : State.State) {
  public shared query ({ caller }) func list_expiries() : async Types.Answer<[Types.ExpiryRow]> {
    switch (Access.refusal(state, caller, #auditor)) {
      case (?error) #err error;
      case null #ok(Risk.expiries(state));
    };
  };

  public shared query ({ caller }) func list_positions_at(arg : { expiry_ns : Nat64; page : Types.Page }) : async Types.Answer<Types.Rows<Types.Position>> {
    switch (Access.refusal(state, caller, #auditor)) {
      case (?error) #err error;
      case null Risk.positionsAt(state, arg.expiry_ns, arg.page);
    };
  };

  public shared query ({ caller }) func list_set_aside() : async Types.Answer<[Types.SetAside]> {
    switch (Access.refusal(state, caller, #auditor)) {
      case (?error) #err error;
      case null #ok(Risk.setAside(state));
    };
  };
};
