/// Withdrawals: debited first, journaled, then sent. The ledger's fee comes out of the amount. Every one ends in exactly one of paid,
/// refunded or needs-review; the last takes two operators with the ledger's blocks, and is rare: an attempt without an answer, followed by
/// an answer that proves nothing about it (a changed fee, a day's outage). A trader's large one waits for an operator first. Withdrawals of the
/// house take only what is not held back: for payouts in the treasury, for balances on their way here in the migration account.

import Errors "Errors";
import Iter "mo:core/Iter";
import Ledger "Ledger";
import Limits "Limits";
import List "mo:core/List";
import Map "mo:core/Map";
import Money "Money";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Principal "mo:core/Principal";
import Set "mo:core/Set";
import State "State";
import Statement "Statement";
import Text "mo:core/Text";
import Traders "Traders";
import Transfers "Transfers";
import Types "Types";
import Units "Units";
import WithdrawalRequests "WithdrawalRequests";
import WithdrawalsOfADay "WithdrawalsOfADay";

module {
  type State = State.State;

  public type Opened = { #known : State.Withdrawal; #new : State.Withdrawal };
  public type Facts = { fee : Nat64; minter : ?Principal };
  /// Whose money is to leave.
  public type Purse = { #trader; #treasury; #migration };

  /// A withdrawal known from an earlier request with this id, or that there are too many whose ids look like it.
  public func resent(
    state : State,
    caller : Principal,
    request : Types.WithdrawalRequest,
    purse : Purse,
  ) : ?Types.Answer<State.Withdrawal> {
    let earlier = switch (WithdrawalRequests.named(state, caller, request.request_id)) {
      case (#known id) state.withdrawals.at(id);
      case (#crowded) return ?#err(Errors.idsAlike("request_id"));
      case (#new) return null;
    };
    let same = earlier.amount == request.amount_sats and earlier.to == request.to and purseOf(earlier) == purse;
    ?(if same #ok earlier else #err(Errors.idReused("request_id")));
  };

  /// Checks a request, debits the amount and journals the transfer, which is in transit or, a trader's large one, waits for an operator.
  public func open(
    state : State,
    caller : Principal,
    request : Types.WithdrawalRequest,
    purse : Purse,
    facts : Facts,
    self : Principal,
    now : Nat64,
  ) : Types.Answer<State.Withdrawal> {
    switch (Limits.clientId("request_id", request.request_id)) {
      case (?error) return #err error;
      case null {};
    };
    switch (resent(state, caller, request, purse)) {
      case (?answer) return answer;
      case null {};
    };
    let source = sourceOf(state, caller, purse);
    let available = switch source {
      case (?known) free(state, known);
      case null 0 : Nat64;
    };
    switch (problem(state, request, available, facts, self)) {
      case (?error) return #err error;
      case null {};
    };
    let ?from = source else return #err(Errors.insufficientBalance(0, request.amount_sats));
    if (request.amount_sats > available) return #err(Errors.insufficientBalance(available, request.amount_sats));
    let amount = request.amount_sats;
    let earlier = switch (if (purse == #trader) WithdrawalsOfADay.withoutOperator(state, caller, now) else #ok(0 : Nat64)) {
      case (#ok sats) sats;
      case (#err error) return #err error;
    };
    // In pieces it would be no less large.
    let waits = purse == #trader and amount + earlier > state.settings.large_withdrawal_sats;
    let withdrawal : State.Withdrawal = {
      id = state.withdrawals.size();
      owner = caller;
      source = from;
      requestId = request.request_id;
      amount;
      to = request.to;
      created = now;
      attempts = Transfers.newAttempts();
      var fee = facts.fee;
      var sent = now;
      var state = if waits #awaiting_approval else #in_transit;
      var balanceAfter = 0;
      var refunded = 0;
      var balanceAfterRefund = 0;
    };
    state.withdrawals.add(withdrawal);
    WithdrawalRequests.note(state, withdrawal);
    if waits state.withdrawalsAwaiting.add(withdrawal.id) else state.withdrawalsInTransit.add(withdrawal.id);
    Money.move(state, account(from), transit(from), amount);
    note(state, withdrawal, #debit, now);
    #ok withdrawal;
  };

  func sourceOf(state : State, caller : Principal, purse : Purse) : ?State.Source = switch purse {
    case (#treasury) ?#treasury;
    case (#migration) ?#migration;
    case (#trader) switch (Traders.find(state, caller)) {
      case (?trader) ?#trader trader;
      case null null;
    };
  };

  func purseOf(withdrawal : State.Withdrawal) : Purse = switch (withdrawal.source) {
    case (#trader _) #trader;
    case (#treasury) #treasury;
    case (#migration) #migration;
  };

  /// What may leave an account now, sats. The migration account keeps what accounts of the legacy platform bring that are on their way.
  func free(state : State, source : State.Source) : Nat64 {
    let held = Money.balance(state, account(source));
    switch source {
      case (#migration) {};
      case _ return held;
    };
    var needed : Nat64 = 0;
    for (index in state.imports.open.values()) needed += state.imports.order.at(index).amount;
    Units.minusOrZero(held, needed);
  };

  /// Lets a withdrawal that waits go to the ledger, with the fee and the time of now.
  public func approve(state : State, withdrawal : State.Withdrawal, fee : Nat64, now : Nat64) : Types.Answer<()> {
    if (withdrawal.state != #awaiting_approval) return #err(Errors.notAwaiting(stateName(withdrawal)));
    if (withdrawal.amount <= fee) return #err(Errors.belowMinimum("A withdrawal", withdrawal.amount, fee + 1));
    withdrawal.fee := fee;
    withdrawal.sent := now;
    withdrawal.state := #in_transit;
    state.withdrawalsAwaiting.remove(withdrawal.id);
    state.withdrawalsInTransit.add(withdrawal.id);
    #ok;
  };

  /// Ends a withdrawal that waits: the amount goes back. `reason`: a sentence part that its owner reads.
  public func giveBack(state : State, withdrawal : State.Withdrawal, reason : Text, now : Nat64) : Types.Answer<()> {
    if (withdrawal.state != #awaiting_approval) return #err(Errors.notAwaiting(stateName(withdrawal)));
    state.withdrawalsAwaiting.remove(withdrawal.id);
    refund(state, withdrawal, reason, now);
    #ok;
  };

  public func stateName(withdrawal : State.Withdrawal) : Text = switch (withdrawal.state) {
    case (#awaiting_approval) "waiting for an operator";
    case (#in_transit) "on its way";
    case (#paid _) "paid";
    case (#refunded _) "refunded";
    case (#needs_review _) "in review";
  };

  /// The withdrawal with an id. Ids count up from 0.
  public func byId(state : State, id : Nat) : ?State.Withdrawal = if (id < state.withdrawals.size()) ?state.withdrawals.at(id) else null;

  /// `available`: sats in the account. All of it can always be withdrawn, however little, if anything is left after the fee.
  func problem(state : State, request : Types.WithdrawalRequest, available : Nat64, facts : Facts, self : Principal) : ?Types.Error {
    let { to } = request;
    switch (to.subaccount) {
      case (?bytes) if (bytes.size() != 32) return ?Errors.invalid("to", "A subaccount has exactly 32 bytes.");
      case null {};
    };
    let lost = to.owner.isAnonymous() or to.owner == Principal.fromText("aaaaa-aa");
    if (lost or to.owner == self or to.owner == state.config.ledger or ?to.owner == facts.minter) {
      let rule = "Sats can't be withdrawn to this account: it belongs to the exchange, the ledger, its minter or nobody.";
      return ?Errors.invalid("to", rule);
    };
    let { fee } = facts;
    let configured = if (request.amount_sats == available) 0 : Nat64 else state.settings.min_withdrawal_sats;
    Limits.amount("A withdrawal", request.amount_sats, if (configured > fee) configured else fee + 1);
  };

  /// The ledger call of a withdrawal: the same for every attempt.
  public func argument(withdrawal : State.Withdrawal) : Ledger.TransferArg = {
    from_subaccount = null;
    to = withdrawal.to;
    amount = (withdrawal.amount - withdrawal.fee).toNat();
    fee = ?withdrawal.fee.toNat();
    memo = ?Transfers.memo("satstrike withdrawal", withdrawal.id);
    created_at_time = ?withdrawal.sent;
  };

  /// Asks the ledger once for a withdrawal in transit and applies the answer.
  public func attempt(state : State, withdrawal : State.Withdrawal, now : () -> Nat64) : async* () {
    if (withdrawal.state != #in_transit) return;
    Transfers.begin(withdrawal.attempts, now());
    let verdict = try {
      let result = await (with timeout = 30) Transfers.ledger(state).icrc1_transfer(argument(withdrawal));
      Transfers.learnFee(state, result);
      Ledger.judge(result, withdrawal.attempts.unclear);
    } catch (error) { Ledger.judgeReject(error) };
    apply(state, withdrawal, verdict, now());
  };

  /// Books what an attempt came to.
  public func apply(state : State, withdrawal : State.Withdrawal, verdict : Ledger.Verdict, now : Nat64) {
    Transfers.answered(withdrawal.attempts, verdict);
    if (withdrawal.state != #in_transit) return;
    switch verdict {
      case (#again _) return;
      case (#done block) pay(state, withdrawal, block);
      case (#refused error) refund(state, withdrawal, error, now);
      // The amount stays in transit until two operators have read the ledger's blocks: only they tell whether it left.
      case (#review error) {
        withdrawal.state := #needs_review { error };
        Transfers.enterReview(state);
      };
    };
    state.withdrawalsInTransit.remove(withdrawal.id);
  };

  func pay(state : State, withdrawal : State.Withdrawal, block : Nat) {
    Money.move(state, transit(withdrawal.source), #outside, withdrawal.amount);
    if (not isTheHouses(withdrawal)) state.totals.withdrawals += withdrawal.amount;
    withdrawal.state := #paid { block };
  };

  func refund(state : State, withdrawal : State.Withdrawal, error : Text, now : Nat64) {
    Money.move(state, transit(withdrawal.source), account(withdrawal.source), withdrawal.amount);
    note(state, withdrawal, #refund, now);
    withdrawal.state := #refunded { error };
  };

  /// Ends a withdrawal in review by what the ledger's blocks say; null: it never happened.
  public func resolve(state : State, withdrawal : State.Withdrawal, block : ?Nat64, now : Nat64) {
    Transfers.leaveReview(state);
    switch block {
      case (?index) pay(state, withdrawal, index.toNat());
      case null refund(state, withdrawal, "the ledger's blocks show that it never happened", now);
    };
  };

  public func isInReview(withdrawal : State.Withdrawal) : Bool = switch (withdrawal.state) {
    case (#needs_review _) true;
    case _ false;
  };

  public func isTheHouses(withdrawal : State.Withdrawal) : Bool = purseOf(withdrawal) != #trader;

  /// Where the amount is before it leaves, and while its transfer is open.
  func account(source : State.Source) : Money.Account = switch source {
    case (#treasury) #treasury;
    case (#migration) #migration;
    case (#trader trader) #available trader;
  };

  func transit(source : State.Source) : Money.Account = switch source {
    case (#treasury or #migration) #treasuryWithdrawing;
    case (#trader trader) #withdrawing trader;
  };

  func note(state : State, withdrawal : State.Withdrawal, direction : { #debit; #refund }, now : Nat64) {
    let amount : Int = withdrawal.amount.toNat();
    let signed = if (direction == #debit) -amount else amount;
    switch (withdrawal.source) {
      case (#treasury) Money.noteTreasury(state, now, #treasury_withdrawal, signed, withdrawal.id);
      case (#migration) {};
      case (#trader trader) switch direction {
        case (#debit) {
          withdrawal.balanceAfter := Statement.balance(trader);
          Statement.add(trader, #withdrawal, withdrawal.id);
        };
        case (#refund) {
          withdrawal.refunded := now;
          withdrawal.balanceAfterRefund := Statement.balance(trader);
          Statement.add(trader, #withdrawalRefund, withdrawal.id);
        };
      };
    };
  };

  /// Withdrawals whose ledger call is to be repeated now, at most `limit`.
  public func dueForRetry(state : State, now : Nat64, limit : Nat) : [Nat] {
    let open = state.withdrawalsInTransit.values().map<Nat, (Nat, State.Attempts)>(func(id) = (id, state.withdrawals.at(id).attempts));
    Transfers.dueOf(open, now, limit);
  };
};
