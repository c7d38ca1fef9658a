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
  /// Entries about legacy positions that all traders together may add in a day. Such a position costs nothing on the live platform, and neither does
  /// another identity, so the limit of each caller bounds nothing there; the page of whoever has to wait reports again by itself.
  public let MAX_LEGACY_A_DAY : Nat = 50;
  let DAY_NS : Nat64 = 86_400_000_000_000;

  /// How many each caller has made in `day`, and all traders about legacy positions. Forgotten at an upgrade, which only means counting anew.
  public type Today = { var day : Nat64; counts : Map.Map<Principal, Nat>; var legacy : Nat };

  public func none() : Today = { var day = 0; counts = Map.empty(); var legacy = 0 };

  /// Adds the audit entry, once a position: the same report again is fine. Only a position that was filled has a receipt; it cost its premium, so the audit
  /// trail can't be filled for free. The caller has been found to own the position or to be an operator.
  public func report(state : State, today : Today, caller : Principal, position : State.Position, report : Report, now : Nat64) : Types.Answer<()> {
    switch (unreadable(report)) {
      case (?error) return #err error;
      case null {};
    };
    if (position.filled == 0) return #err(Errors.invalid("position_id", "This position was never filled, so it has no receipt."));
    switch (earlier(state, state.mismatches.get(position.id), caller, report)) {
      case (?answer) return answer;
      case null {};
    };
    switch (counted(today, caller, now)) {
      case (?error) return #err error;
      case null {};
    };
    state.mismatches.add(position.id, state.audit.size());
    Audit.record(state, caller, now, "report_mismatch of position " # position.id.toText(), report.expected, report.received);
    #ok;
  };

  /// The same of a legacy position, which has a receipt once its settlement is recorded. An operator is not held up by what traders report.
  public func reportLegacy(
    state : State,
    today : Today,
    caller : Principal,
    isOperator : Bool,
    settlement : State.LegacySettlement,
    report : Report,
    now : Nat64,
  ) : Types.Answer<()> {
    switch (unreadable(report)) {
      case (?error) return #err error;
      case null {};
    };
    if (settlement.state != #recorded) return #err(Errors.invalid("position_id", "This position has no receipt yet: settle_legacy answers it."));
    let id = settlement.receipt.position_id;
    switch (earlier(state, state.legacyMismatches.get(id), caller, report)) {
      case (?answer) return answer;
      case null {};
    };
    turnPage(today, now);
    if (not isOperator and today.legacy >= MAX_LEGACY_A_DAY) return #err(Errors.tooManyLegacyReports(MAX_LEGACY_A_DAY, untilTomorrow(now)));
    switch (counted(today, caller, now)) {
      case (?error) return #err error;
      case null {};
    };
    if (not isOperator) today.legacy += 1;
    state.legacyMismatches.add(id, state.audit.size());
    Audit.record(state, caller, now, "report_mismatch of legacy position " # id.toText(), report.expected, report.received);
    #ok;
  };

  func unreadable({ expected; received } : Report) : ?Types.Error {
    if (not isText(expected)) return ?badText("expected");
    if (not isText(received)) return ?badText("received");
    null;
  };

  /// The answer to a report of a position that was reported before, `entry` being the audit entry of that.
  func earlier(state : State, entry : ?Nat, caller : Principal, { expected; received } : Report) : ?Types.Answer<()> {
    let ?id = entry else return null;
    let { who; before; after } = state.audit.at(id);
    ?(if (who == caller and before == expected and after == received) #ok else #err(Errors.alreadyReported()));
  };

  /// Counts one more of this caller's, or says why there can't be one.
  func counted(today : Today, caller : Principal, now : Nat64) : ?Types.Error {
    turnPage(today, now);
    let made = switch (today.counts.get(caller)) {
      case (?made) made;
      case null 0;
    };
    if (made >= MAX_A_DAY) return ?Errors.tooManyReports(MAX_A_DAY, untilTomorrow(now));
    today.counts.add(caller, made + 1);
    null;
  };

  func turnPage(today : Today, now : Nat64) {
    if (today.day == now / DAY_NS) return;
    today.day := now / DAY_NS;
    today.counts.clear();
    today.legacy := 0;
  };

  func untilTomorrow(now : Nat64) : Nat = ((DAY_NS - now % DAY_NS) / Units.SECOND_NS).toNat() + 1;

  func isText(text : Text) : Bool {
    let length = text.size();
    length >= 1 and length <= MAX_TEXT and text == Format.plain(text);
  };

  func badText(field : Text) : Types.Error = Errors.invalid(field, "What was " # field # " has 1 to 200 characters that can be seen: operators read it.");
};
