/// Receipts that somebody's own calculation does not agree with. Either side may be wrong, so each becomes an entry of the audit trail that an operator
/// can't overlook or lose: who says so, what was expected, what was received.
///
/// Nothing here outlives an upgrade but the audit trail itself, from which the rest is made again.

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
  let ACTION : Text = "report_mismatch of position ";

  /// `entries`: the audit entry of each position that was reported, by the entry's action. `counts`: how many each caller has made in `day`; forgotten at an
  /// upgrade, which only means counting anew.
  public type Reports = { entries : Map.Map<Text, Nat>; var day : Nat64; counts : Map.Map<Principal, Nat> };

  /// What the audit trail already holds.
  public func known(state : State) : Reports {
    let entries = Map.empty<Text, Nat>();
    for (entry in state.audit.values()) {
      if (entry.action.startsWith(#text ACTION)) entries.add(entry.action, entry.id);
    };
    { entries; var day = 0; counts = Map.empty() };
  };

  /// Adds the audit entry, once a position: the same report again is fine. Only a position that was filled has a receipt; it cost its premium, so the audit
  /// trail can't be filled for free. The caller has been found to own the position or to be an operator.
  public func report(state : State, reports : Reports, caller : Principal, position : State.Position, { expected; received } : Report, now : Nat64) : Types.Answer<()> {
    if (not isText(expected)) return #err(badText("expected"));
    if (not isText(received)) return #err(badText("received"));
    if (position.filled == 0) return #err(Errors.invalid("position_id", "This position was never filled, so it has no receipt."));
    let action = ACTION # position.id.toText();
    switch (reports.entries.get(action)) {
      case (?id) {
        let entry = state.audit.at(id);
        let same = entry.who == caller and entry.before == expected and entry.after == received;
        return if same #ok else #err(Errors.alreadyReported());
      };
      case null {};
    };
    let made = today(reports, caller, now);
    if (made >= MAX_A_DAY) return #err(Errors.tooManyReports(MAX_A_DAY, ((DAY_NS - now % DAY_NS) / Units.SECOND_NS).toNat() + 1));
    reports.counts.add(caller, made + 1);
    reports.entries.add(action, state.audit.size());
    Audit.record(state, caller, now, action, expected, received);
    #ok;
  };

  func today(reports : Reports, caller : Principal, now : Nat64) : Nat {
    if (reports.day != now / DAY_NS) {
      reports.day := now / DAY_NS;
      reports.counts.clear();
    };
    switch (reports.counts.get(caller)) {
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
