/// The move from the legacy platform, by operators: one batch at a time.

import Access "../Access";
import Audit "../Audit";
import Errors "../Errors";
import ImportJournal "../ImportJournal";
import LegacyImport "../LegacyImport";
import List "mo:core/List";
import Pages "../Pages";
import Principal "mo:core/Principal";
import State "../State";
import Types "../Types";
import Units "../Units";

mixin (state : State.State, self : () -> Principal) {
  /// Lost at an upgrade, as it must be: the batch is over then.
  transient var importing = false;

  public shared ({ caller }) func import_legacy(limit : Nat64) : async Types.Answer<Types.ImportReport> {
    switch (Access.refusal(state, caller, #operator)) {
      case (?error) return #err error;
      case null {};
    };
    if (limit < 1 or limit > LegacyImport.MAX_LIMIT) return #err(Errors.invalid("limit", "A batch looks at 1 to 100 users."));
    if importing return #err(Errors.busy());
    importing := true;
    let before = debug_show (ImportJournal.report(state));
    // Also when the batch traps after it has moved something.
    try { await* LegacyImport.batch(state, self(), limit, Units.now) } finally {
      importing := false;
      Audit.record(state, caller, Units.now(), "import_legacy", before, debug_show (ImportJournal.report(state)));
    };
  };

  public shared query ({ caller }) func get_import_report() : async Types.Answer<Types.ImportReport> {
    switch (Access.refusal(state, caller, #auditor)) {
      case (?error) #err error;
      case null #ok(ImportJournal.report(state));
    };
  };

  public shared query ({ caller }) func list_imports(page : Types.Page) : async Types.Answer<Types.Rows<Types.ImportRow>> {
    switch (Access.refusal(state, caller, #auditor)) {
      case (?error) #err error;
      case null Pages.oldestFirst<Types.ImportRow>(
        state.imports.order.size(),
        page,
        func(index) = ?ImportJournal.row(state.imports.order.at(index)),
      );
    };
  };
};
