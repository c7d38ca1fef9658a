/// Receipts that somebody's own calculation does not agree with. Either side may be wrong, so each becomes an entry of the audit trail that an operator
/// can't overlook or lose: who says so, what was expected, what was received. Which positions were reported outlives an upgrade with it.

import Audit "Audit";
import Errors "Errors";
import Format "Format";
import List "mo:core/List";
import Map "mo:core/Map";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Positions "Positions";
import Principal "mo:core/Principal";
import State "State";
import Text "mo:core/Text";
import Types "Types";
import Units "Units";

module {
  type State = State.State;

  public type Report = { position_id : Nat64; expected : Text; received : Text };

  /// Characters of either text.
  let MAX_TEXT : Nat = 200;
  /// Entries one caller may add in a day (of UTC). The memory keeps each for ever, and an honest page never sees one.
  public let MAX_A_DAY : Nat = 10;
  let DAY_NS : Nat64 = 86_400_000_000_000;

  /// How many each caller has made in `day`. Forgotten at an upgrade, which only means counting anew.
  public type Today = { var day : Nat64; counts : Map.Map<Principal, Nat> };

  public func none() : Today = { var day = 0; counts = Map.empty() };

  /// Adds the audit entry, once a position: the same report again is fine. Only a position that was filled has a receipt; it cost its premium, so the audit
  /// trail can't be filled for free. The caller has been found to own the position or to be an operator.
  public func report(state : State, today : Today, caller : Principal, position : State.Position, { expected; received } : Report, now : Nat64) : Types.Answer<()> {
    if (not isText(expected)) return #err(badText("expected"));
    if (not isText(received)) return #err(badText("received"));
    if (position.filled == 0) return #err(Errors.invalid("position_id", "This position was never filled, so it has no receipt."));
    switch (state.mismatches.get(position.id)) {
      case (?id) {
        let entry = state.audit.at(id);
        let same = entry.who == caller and entry.before == expected and entry.after == received;
        return if same #ok else #err(Errors.alreadyReported());
      };
      case null {};
    };
    let made = count(today, caller, now);
    if (made >= MAX_A_DAY) return #err(Errors.tooManyReports(MAX_A_DAY, ((DAY_NS - now % DAY_NS) / Units.SECOND_NS).toNat() + 1));
    today.counts.add(caller, made + 1);
    state.mismatches.add(position.id, state.audit.size());
    Audit.record(state, caller, now, "report_mismatch of position " # position.id.toText(), expected, received);
    #ok;
  };

  func count(today : Today, caller : Principal, now : Nat64) : Nat {
    if (today.day != now / DAY_NS) {
      today.day := now / DAY_NS;
      today.counts.clear();
    };
    switch (today.counts.get(caller)) {
      case (?made) made;
      case null 0;
    };
  };

  func isText(text : Text) : Bool {
    let length = text.size();
    length >= 1 and length <= MAX_TEXT and text == Format.plain(text);
  };

  func badText(field : Text) : Types.Error = Errors.invalid(field, "What was " # field # " has 1 to 200 characters that can be seen: operators read it.");
};
