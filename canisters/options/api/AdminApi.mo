/// What auditors, operators and owners may read.

import Access "../Access";
import Errors "../Errors";
import List "mo:core/List";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Pages "../Pages";
import Reports "../Reports";
import Reserves "../Reserves";
import Result "mo:core/Result";
import State "../State";
import Transfers "../Transfers";
import Types "../Types";
import Units "../Units";
import Views "../Views";

mixin (state : State.State, self : () -> Principal) {
  public shared query ({ caller }) func my_roles() : async [Types.Role] { Access.rolesOf(state, caller) };

  public shared query ({ caller }) func get_overview() : async Result.Result<Types.Overview, Types.AccessError> {
    switch (Access.refusal(state, caller, #auditor)) {
      case (?error) #err error;
      case null #ok(Reports.overview(state, Units.now()));
    };
  };

  /// The books and the ledger's balance as they stood together when the ledger was last asked: for everybody, whose money it is.
  public query func get_reserves() : async Types.Answer<Types.Reserves> {
    switch (state.reserves) {
      case (?checked) #ok checked;
      case null #err(Errors.ledger("it has not answered since the canister was installed"));
    };
  };

  public shared ({ caller }) func check_reserves() : async Types.Answer<Types.Reserves> {
    switch (Access.refusal(state, caller, #auditor)) {
      case (?error) #err error;
      case null await* compareWithLedger();
    };
  };

  /// Asks the ledger what it holds for this canister.
  func compareWithLedger() : async* Types.Answer<Types.Reserves> {
    let question = Reserves.ask(state);
    switch (await* Transfers.balanceOf(state, { owner = self(); subaccount = null })) {
      case (#err error) #err error;
      case (#ok held) {
        let reserves = Reserves.compare(state, question, held, Units.now());
        state.reserves := ?reserves;
        #ok reserves;
      };
    };
  };

  public shared query ({ caller }) func list_users(page : Types.Page) : async Types.Answer<Types.Rows<Types.UserRow>> {
    switch (Access.refusal(state, caller, #auditor)) {
      case (?error) #err error;
      case null Pages.oldestFirst<Types.UserRow>(state.traders.size(), page, func(index) = ?Views.user(state.traders.at(index)));
    };
  };

  public shared query ({ caller }) func list_positions(arg : Types.PositionsRequest) : async Types.Answer<Types.Rows<Types.Position>> {
    switch (Access.refusal(state, caller, #auditor)) {
      case (?error) #err error;
      case null Pages.oldestFirst<Types.Position>(
        state.positions.size(),
        arg.page,
        func(id) = Views.matching(state, id, arg.filter),
      );
    };
  };

  public shared query ({ caller }) func list_deposits(page : Types.Page) : async Types.Answer<Types.Rows<Types.Deposit>> {
    switch (Access.refusal(state, caller, #auditor)) {
      case (?error) #err error;
      case null Pages.fromMap<State.Deposit, Types.Deposit>(state.deposits, page, Views.deposit);
    };
  };

  public shared query ({ caller }) func list_withdrawals(page : Types.Page) : async Types.Answer<Types.Rows<Types.Withdrawal>> {
    switch (Access.refusal(state, caller, #auditor)) {
      case (?error) #err error;
      case null Pages.oldestFirst<Types.Withdrawal>(
        state.withdrawals.size(),
        page,
        func(index) = ?Views.withdrawal(state.withdrawals.at(index)),
      );
    };
  };

  public shared query ({ caller }) func list_audit(page : Types.Page) : async Types.Answer<Types.Rows<Types.AuditEntry>> {
    switch (Access.refusal(state, caller, #auditor)) {
      case (?error) #err error;
      case null Pages.oldestFirst<Types.AuditEntry>(state.audit.size(), page, func(index) = state.audit.get(index));
    };
  };

  public shared query ({ caller }) func list_roles() : async Types.Answer<[(Principal, Types.Role)]> {
    switch (Access.refusal(state, caller, #auditor)) {
      case (?error) #err error;
      case null #ok(Access.list(state));
    };
  };
};
