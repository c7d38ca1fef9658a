/// Money in and out: a trader's own account, and the house's for those who run it. One deposit or withdrawal of a caller at a time.

import Access "../Access";
import Audit "../Audit";
import Deposits "../Deposits";
import Errors "../Errors";
import Format "../Format";
import List "mo:core/List";
import Map "mo:core/Map";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Pages "../Pages";
import Principal "mo:core/Principal";
import Set "mo:core/Set";
import State "../State";
import Statement "../Statement";
import Subaccounts "../Subaccounts";
import Text "mo:core/Text";
import Traders "../Traders";
import Transfers "../Transfers";
import Types "../Types";
import Units "../Units";
import Views "../Views";
import WithdrawalRequests "../WithdrawalRequests";
import Withdrawals "../Withdrawals";

mixin (state : State.State, self : () -> Principal) {
  /// Callers whose request is being worked on, and transfers whose ledger call is out. Lost at an upgrade, as they must be.
  transient let busyCallers = Set.empty<Principal>();
  transient let depositsInFlight = Set.empty<Nat>();
  transient let withdrawalsInFlight = Set.empty<Nat>();

  public shared query ({ caller }) func get_account() : async Types.Answer<Types.AccountView> {
    switch (Access.refusalAnonymous(caller), Traders.find(state, caller)) {
      case (?error, _) #err error;
      case (null, ?trader) #ok(Views.account(trader, Units.now()));
      case (null, null) #ok(Views.noAccount(caller, Units.now()));
    };
  };

  public shared query ({ caller }) func get_movements(page : Types.Page) : async Types.Answer<Types.Rows<Types.Movement>> {
    switch (Access.refusalAnonymous(caller), Traders.find(state, caller)) {
      case (?error, _) #err error;
      case (null, null) #ok { rows = []; next = null };
      case (null, ?trader) Pages.newestFirst<Types.Movement>(
        trader.statement.size(),
        func(index) = index,
        page,
        func(index) = Statement.line(state, trader, index),
      );
    };
  };

  public shared query ({ caller }) func get_deposit(request_id : Text) : async Types.Answer<Types.Deposit> {
    switch (Access.refusalAnonymous(caller), Deposits.find(state, caller, request_id)) {
      case (?error, _) #err error;
      case (null, ?deposit) #ok(Views.deposit(deposit));
      case (null, null) #err(Errors.notFound("deposit of yours with this request_id"));
    };
  };

  public shared query ({ caller }) func get_withdrawal(request_id : Text) : async Types.Answer<Types.Withdrawal> {
    switch (Access.refusalAnonymous(caller), WithdrawalRequests.find(state, caller, request_id)) {
      case (?error, _) #err error;
      case (null, ?withdrawal) #ok(Views.withdrawal(withdrawal));
      case (null, null) #err(Errors.notFound("withdrawal of yours with this request_id"));
    };
  };

  public shared query ({ caller }) func get_withdrawals(page : Types.Page) : async Types.Answer<Types.Rows<Types.Withdrawal>> {
    switch (Access.refusalAnonymous(caller), WithdrawalRequests.ids(state, caller)) {
      case (?error, _) #err error;
      case (null, null) #ok { rows = []; next = null };
      case (null, ?ids) Pages.newestFirst<Types.Withdrawal>(
        ids.size(),
        func(index) = ids.at(index),
        page,
        func(id) = ?Views.withdrawal(state.withdrawals.at(id)),
      );
    };
  };

  public shared ({ caller }) func deposit(request : Types.DepositRequest) : async Types.Answer<Types.Deposit> {
    switch (Access.refusalAnonymous(caller)) {
      case (?error) #err error;
      case null await* takeDeposit(caller, request, #account);
    };
  };

  public shared ({ caller }) func fund_treasury(request : Types.DepositRequest) : async Types.Answer<Types.Deposit> {
    switch (Access.refusal(state, caller, #operator)) {
      case (?error) #err error;
      case null await* takeDeposit(caller, request, #treasury);
    };
  };

  public shared ({ caller }) func withdraw(request : Types.WithdrawalRequest) : async Types.Answer<Types.Withdrawal> {
    switch (Access.refusalAnonymous(caller)) {
      case (?error) #err error;
      case null await* makeWithdrawal(caller, request, #trader);
    };
  };

  /// Takes back a large withdrawal that still waits for an operator.
  public shared ({ caller }) func cancel_withdrawal(request_id : Text) : async Types.Answer<Types.Withdrawal> {
    switch (Access.refusalAnonymous(caller), WithdrawalRequests.find(state, caller, request_id)) {
      case (?error, _) #err error;
      case (null, null) #err(Errors.notFound("withdrawal of yours with this request_id"));
      case (null, ?withdrawal) switch (Withdrawals.giveBack(state, withdrawal, "you cancelled it", Units.now())) {
        case (#err error) #err error;
        case (#ok) #ok(Views.withdrawal(withdrawal));
      };
    };
  };

  public shared query ({ caller }) func get_deposit_account() : async Types.Answer<Types.Account> {
    switch (Access.refusalAnonymous(caller)) {
      case (?error) #err error;
      case null #ok { owner = self(); subaccount = ?Subaccounts.of(caller) };
    };
  };

  /// Credits what lies in the caller's subaccount. While a sweep is in transit, it is the answer: the ledger's balance may still contain it.
  public shared ({ caller }) func notify_deposit() : async Types.Answer<Types.Deposit> {
    switch (Access.refusalAnonymous(caller), Deposits.sweepInTransit(state, caller)) {
      case (?error, _) return #err error;
      case (null, ?deposit) return answerDeposit(deposit);
      case (null, null) {};
    };
    if (busyCallers.contains(caller)) return #err(Errors.busy());
    busyCallers.add(caller);
    try {
      let { fee } = switch (await* Transfers.learnFacts(state)) {
        case (#ok known) known;
        case (#err error) return #err error;
      };
      let balance = switch (await* Transfers.balanceOf(state, { owner = self(); subaccount = ?Subaccounts.of(caller) })) {
        case (#ok sats) sats;
        case (#err error) return #err error;
      };
      switch (Deposits.openSweep(state, caller, balance, fee, Units.now())) {
        case (#err error) #err error;
        case (#ok deposit) {
          await* runDeposit(deposit);
          answerDeposit(deposit);
        };
      };
    } finally { busyCallers.remove(caller) };
  };

  public shared ({ caller }) func withdraw_treasury(request : Types.WithdrawalRequest) : async Types.Answer<Types.Withdrawal> {
    switch (Access.refusal(state, caller, #owner)) {
      case (?error) #err error;
      case null await* makeWithdrawal(caller, request, #treasury);
    };
  };

  public shared ({ caller }) func fund_migration(request : Types.DepositRequest) : async Types.Answer<Types.Deposit> {
    switch (Access.refusal(state, caller, #operator)) {
      case (?error) #err error;
      case null await* takeDeposit(caller, request, #migration);
    };
  };

  public shared ({ caller }) func withdraw_migration(request : Types.WithdrawalRequest) : async Types.Answer<Types.Withdrawal> {
    switch (Access.refusal(state, caller, #owner)) {
      case (?error) #err error;
      case null await* makeWithdrawal(caller, request, #migration);
    };
  };

  func takeDeposit(caller : Principal, request : Types.DepositRequest, target : Types.DepositTarget) : async* Types.Answer<Types.Deposit> {
    if (busyCallers.contains(caller)) return #err(Errors.busy());
    switch (Deposits.open(state, caller, request, target, Units.now())) {
      case (#err error) #err error;
      case (#ok(#known deposit)) answerDeposit(deposit);
      case (#ok(#new deposit)) {
        switch target {
          case (#account) {};
          case (#treasury) auditHouse(caller, "fund_treasury", state.treasury.available, request.request_id, request.amount_sats);
          case (#migration) auditHouse(caller, "fund_migration", state.migration, request.request_id, request.amount_sats);
        };
        busyCallers.add(caller);
        depositsInFlight.add(deposit.id);
        try {
          switch (await* Deposits.start(state, deposit, self(), Units.now)) {
            case (?error) #err error;
            case null answerDeposit(deposit);
          };
        } finally {
          busyCallers.remove(caller);
          depositsInFlight.remove(deposit.id);
        };
      };
    };
  };

  func makeWithdrawal(caller : Principal, request : Types.WithdrawalRequest, purse : Withdrawals.Purse) : async* Types.Answer<Types.Withdrawal> {
    if (busyCallers.contains(caller)) return #err(Errors.busy());
    switch (Withdrawals.resent(state, caller, request, purse)) {
      case (?#ok earlier) return answerWithdrawal(earlier);
      case (?#err error) return #err error;
      case null {};
    };
    busyCallers.add(caller);
    try {
      let facts = switch (await* Transfers.learnFacts(state)) {
        case (#ok known) known;
        case (#err error) return #err error;
      };
      let house = (state.treasury.available, state.migration);
      switch (Withdrawals.open(state, caller, request, purse, facts, self(), Units.now())) {
        case (#err error) #err error;
        case (#ok withdrawal) {
          switch purse {
            case (#trader) {};
            case (#treasury) auditHouse(caller, "withdraw_treasury", house.0, request.request_id, request.amount_sats);
            case (#migration) auditHouse(caller, "withdraw_migration", house.1, request.request_id, request.amount_sats);
          };
          await* runWithdrawal(withdrawal);
          answerWithdrawal(withdrawal);
        };
      };
    } finally { busyCallers.remove(caller) };
  };

  func auditHouse(caller : Principal, action : Text, available : Nat64, requestId : Text, amount : Nat64) {
    let before = Format.sats(available.toNat()) # " available";
    Audit.record(state, caller, Units.now(), action, before, Format.sats(amount.toNat()) # ", request " # requestId);
  };

  /// A refusal of the ledger after an earlier attempt is an error for the caller at every resend; the journal keeps it.
  func answerDeposit(deposit : State.Deposit) : Types.Answer<Types.Deposit> = switch (deposit.state) {
    case (#failed { error }) switch (deposit.source) {
      case (#allowance) #err(Errors.depositRefused(error));
      case (#subaccount _) #err(Errors.sweepRefused(error));
    };
    case _ #ok(Views.deposit(deposit));
  };

  func answerWithdrawal(withdrawal : State.Withdrawal) : Types.Answer<Types.Withdrawal> = switch (withdrawal.state) {
    case (#refunded { error }) #err(if (withdrawal.attempts.count == 0) Errors.withdrawalNotMade(error) else Errors.withdrawalRefused(error));
    case _ #ok(Views.withdrawal(withdrawal));
  };

  /// One ledger call for a deposit, unless one is out already.
  func runDeposit(deposit : State.Deposit) : async* () {
    if (depositsInFlight.contains(deposit.id)) return;
    depositsInFlight.add(deposit.id);
    try { await* Deposits.attempt(state, deposit, self(), Units.now) } finally { depositsInFlight.remove(deposit.id) };
  };

  func runWithdrawal(withdrawal : State.Withdrawal) : async* () {
    if (withdrawalsInFlight.contains(withdrawal.id)) return;
    withdrawalsInFlight.add(withdrawal.id);
    try { await* Withdrawals.attempt(state, withdrawal, Units.now) } finally { withdrawalsInFlight.remove(withdrawal.id) };
  };

  /// Repeated ledger calls of each kind in one round.
  transient let RETRIES = 50;

  /// Repeats ledger calls whose outcome is still open. Each is a message of its own, so none waits for another.
  func retryTransfers() : async () {
    for (id in Deposits.dueForRetry(state, Units.now(), RETRIES).values()) ignore retryDeposit(id);
    for (id in Withdrawals.dueForRetry(state, Units.now(), RETRIES).values()) ignore retryWithdrawal(id);
  };

  func retryDeposit(id : Nat) : async () {
    switch (state.deposits.get(id)) {
      case (?deposit) await* runDeposit(deposit);
      case null {};
    };
  };
  func retryWithdrawal(id : Nat) : async () { await* runWithdrawal(state.withdrawals.at(id)) };
};
