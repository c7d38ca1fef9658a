/// Deposits, of two kinds. The ledger moves approved sats from the trader's ledger account to this canister's (ICRC-2 transfer_from), and
/// the whole amount is credited; the trader pays the ledger's fee on the ledger. Funding the house's accounts works the same way. Or the
/// trader has sent sats to a subaccount of this canister, and they are swept from there to its main account: what arrives is credited.
/// One in needs-review takes two operators with the ledger's blocks, as a withdrawal does.

import Errors "Errors";
import Ledger "Ledger";
import Limits "Limits";
import Iter "mo:core/Iter";
import Map "mo:core/Map";
import Money "Money";
import Names "Names";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Principal "mo:core/Principal";
import Set "mo:core/Set";
import State "State";
import Statement "Statement";
import Subaccounts "Subaccounts";
import Text "mo:core/Text";
import Traders "Traders";
import Transfers "Transfers";
import Types "Types";

module {
  type State = State.State;

  /// What a request means: a deposit known from an earlier request, or a new one, journaled and ready for the ledger.
  public type Opened = { #known : State.Deposit; #new : State.Deposit };

  /// Checks a request and journals it.
  public func open(
    state : State,
    caller : Principal,
    request : Types.DepositRequest,
    target : Types.DepositTarget,
    now : Nat64,
  ) : Types.Answer<Opened> {
    switch (Limits.clientId("request_id", request.request_id)) {
      case (?error) return #err error;
      case null {};
    };
    if (request.request_id.startsWith(#text SWEEP)) {
      return #err(Errors.invalid("request_id", "Ids that begin with \"" # SWEEP # "\" are given by the exchange; choose another."));
    };
    switch (named(state, caller, request.request_id)) {
      case (#known id) {
        let ?earlier = state.deposits.get(id) else return #err(Errors.internal("A deposit is missing."));
        let same = earlier.amount == request.amount_sats and earlier.target == target;
        return if same #ok(#known earlier) else #err(Errors.idReused("request_id"));
      };
      case (#crowded) return #err(Errors.idsAlike("request_id"));
      case (#new) {};
    };
    switch (Limits.amount("A deposit", request.amount_sats, state.settings.min_deposit_sats)) {
      case (?error) return #err error;
      case null {};
    };
    #ok(#new(journal(state, caller, request.request_id, request.amount_sats, target, #allowance, now)));
  };

  func journal(
    state : State,
    owner : Principal,
    requestId : Text,
    amount : Nat64,
    target : Types.DepositTarget,
    source : { #allowance; #subaccount : { fee : Nat64 } },
    now : Nat64,
  ) : State.Deposit {
    let deposit : State.Deposit = {
      id = state.nextDeposit;
      owner;
      requestId;
      amount;
      created = now;
      target;
      source;
      attempts = Transfers.newAttempts();
      var state = #in_transit;
      var credited = 0;
      var balanceAfter = 0;
    };
    state.nextDeposit += 1;
    state.deposits.add(deposit.id, deposit);
    let requests = Transfers.requestsOrNew(state, owner);
    requests.deposits := Names.add(requests.deposits, Names.hash(requestId), deposit.id);
    state.depositsInTransit.add(deposit.id);
    deposit;
  };

  /// The request id of a principal's newest sweep; each has one of its own too, `subaccount ` and its number.
  public let SWEEP : Text = "subaccount";

  /// The sweep of a principal's subaccount that is in transit: nothing else may be swept meanwhile, since the balance may still contain it.
  public func sweepInTransit(state : State, owner : Principal) : ?State.Deposit {
    let ?deposit = find(state, owner, SWEEP) else return null;
    if (deposit.state == #in_transit) ?deposit else null;
  };

  /// What must lie in a subaccount at least to be swept, sats.
  public func leastToSweep(state : State, fee : Nat64) : Nat64 = state.settings.min_deposit_sats + fee;

  /// Journals the sweep of a subaccount in which the ledger found `balance` sats; or the one that is in transit already. Fee, memo and time of
  /// the transfer are fixed by it.
  public func openSweep(state : State, owner : Principal, balance : Nat, fee : Nat64, now : Nat64) : Types.Answer<State.Deposit> {
    switch (sweepInTransit(state, owner)) {
      case (?earlier) return #ok earlier;
      case null {};
    };
    // No ledger of bitcoin holds more than fits; one that says so is refused below.
    let held = if (balance > Nat64.maxValue.toNat()) Nat64.maxValue else Nat64.fromNat(balance);
    switch (Limits.amount("What was sent to your deposit account", held, leastToSweep(state, fee))) {
      case (?error) return #err error;
      case null {};
    };
    let requestId = SWEEP # " " # state.nextDeposit.toText();
    let deposit = journal(state, owner, requestId, held - fee, #account, #subaccount { fee }, now);
    Transfers.requestsOrNew(state, owner).sweep := ?deposit.id;
    #ok deposit;
  };

  public func find(state : State, owner : Principal, requestId : Text) : ?State.Deposit {
    let id = if (requestId == SWEEP) {
      let ?requests = Transfers.requests(state, owner) else return null;
      let ?newest = requests.sweep else return null;
      newest;
    } else {
      let #known found = named(state, owner, requestId) else return null;
      found;
    };
    state.deposits.get(id);
  };

  func named(state : State, owner : Principal, name : Text) : Names.Found {
    let ?requests = Transfers.requests(state, owner) else return #new;
    Names.find(
      requests.deposits,
      Names.hash(name),
      func(id) = switch (state.deposits.get(id)) {
        case (?deposit) deposit.requestId == name;
        case null false;
      },
    );
  };

  /// The ledger call of a sweep: the same for every attempt. The fee is named, since what is credited depends on it.
  func sweepArgument(deposit : State.Deposit, fee : Nat64, self : Principal) : Ledger.TransferArg = {
    from_subaccount = ?Subaccounts.of(deposit.owner);
    to = { owner = self; subaccount = null };
    amount = deposit.amount.toNat();
    fee = ?fee.toNat();
    memo = ?Transfers.memo("satstrike sweep", deposit.id);
    created_at_time = ?deposit.created;
  };

  /// The ledger call of a deposit by allowance: the same for every attempt. No fee is named, so a changed fee can't make a repetition differ.
  func argument(deposit : State.Deposit, self : Principal) : Ledger.TransferFromArg = {
    spender_subaccount = null;
    from = { owner = deposit.owner; subaccount = null };
    to = { owner = self; subaccount = null };
    amount = deposit.amount.toNat();
    fee = null;
    memo = ?Transfers.memo("satstrike deposit", deposit.id);
    created_at_time = ?deposit.created;
  };

  /// The first attempt. One that certainly moved nothing ends the deposit and leaves no trace, so that whoever has no money on the
  /// ledger can't fill this canister's memory; the caller may use the request id again. The answer is the deposit, or why there is none.
  public func start(state : State, deposit : State.Deposit, self : Principal, now : () -> Nat64) : async* ?Types.Error {
    let verdict = await* ask(state, deposit, self, now);
    switch verdict {
      case (#again { error; unclear = false }) {
        forget(state, deposit);
        ?Errors.depositNotMade(error);
      };
      case (#refused error) {
        forget(state, deposit);
        ?Errors.depositRefused(error);
      };
      case _ {
        apply(state, deposit, verdict, now());
        null;
      };
    };
  };

  func forget(state : State, deposit : State.Deposit) {
    state.deposits.remove(deposit.id);
    state.depositsInTransit.remove(deposit.id);
    let ?requests = Transfers.requests(state, deposit.owner) else return;
    Names.remove(requests.deposits, Names.hash(deposit.requestId), deposit.id);
    if (requests.sweep == ?deposit.id) requests.sweep := null;
    if (Names.isEmpty(requests.deposits) and Names.isEmpty(requests.withdrawals)) state.requests.remove(deposit.owner);
  };

  /// Asks the ledger once more for a deposit in transit and applies the answer.
  public func attempt(state : State, deposit : State.Deposit, self : Principal, now : () -> Nat64) : async* () {
    if (deposit.state == #in_transit) apply(state, deposit, await* ask(state, deposit, self, now), now());
  };

  func ask(state : State, deposit : State.Deposit, self : Principal, now : () -> Nat64) : async* Ledger.Verdict {
    Transfers.begin(deposit.attempts, now());
    try {
      let ledger = Transfers.ledger(state);
      switch (deposit.source) {
        case (#allowance) {
          let result = await (with timeout = 30) ledger.icrc2_transfer_from(argument(deposit, self));
          Ledger.judge(result, deposit.attempts.unclear);
        };
        case (#subaccount { fee }) {
          let result = await (with timeout = 30) ledger.icrc1_transfer(sweepArgument(deposit, fee, self));
          Transfers.learnFee(state, result);
          Ledger.judge(result, deposit.attempts.unclear);
        };
      };
    } catch (error) { Ledger.judgeReject(error) };
  };

  /// Books what an attempt came to.
  public func apply(state : State, deposit : State.Deposit, verdict : Ledger.Verdict, now : Nat64) {
    Transfers.answered(deposit.attempts, verdict);
    if (deposit.state != #in_transit) return;
    switch verdict {
      case (#again _) return;
      case (#done block) {
        credit(state, deposit, now);
        deposit.state := #credited { block };
      };
      case (#refused error) deposit.state := #failed { error };
      case (#review error) {
        deposit.state := #needs_review { error };
        state.totals.depositsInReview += deposit.amount;
        Transfers.enterReview(state);
      };
    };
    state.depositsInTransit.remove(deposit.id);
  };

  /// Ends a deposit in review by what the ledger's blocks say; null: it never happened.
  public func resolve(state : State, deposit : State.Deposit, block : ?Nat64, now : Nat64) {
    state.totals.depositsInReview -= deposit.amount;
    Transfers.leaveReview(state);
    switch block {
      case (?index) {
        credit(state, deposit, now);
        deposit.state := #credited { block = index.toNat() };
      };
      case null deposit.state := #failed { error = "the ledger's blocks show that it never happened" };
    };
  };

  public func isInReview(deposit : State.Deposit) : Bool = switch (deposit.state) {
    case (#needs_review _) true;
    case _ false;
  };

  /// Sats that deposits in transit or in review may have brought to the ledger without being in the books.
  public func possiblyArrived(state : State) : Nat64 {
    var sum = state.totals.depositsInReview;
    for (id in state.depositsInTransit.values()) {
      switch (state.deposits.get(id)) {
        case (?deposit) sum += deposit.amount;
        case null {};
      };
    };
    sum;
  };

  func credit(state : State, deposit : State.Deposit, now : Nat64) {
    let { amount } = deposit;
    let signed : Int = amount.toNat();
    deposit.credited := now;
    switch (deposit.target) {
      case (#treasury) {
        Money.move(state, #outside, #treasury, amount);
        Money.noteTreasury(state, now, #treasury_funding, signed, deposit.id);
      };
      case (#migration) Money.move(state, #outside, #migration, amount);
      case (#account) {
        let trader = Traders.findOrCreate(state, deposit.owner, now);
        Money.move(state, #outside, #available trader, amount);
        deposit.balanceAfter := Statement.balance(trader);
        Statement.add(trader, #deposit, deposit.id);
        state.totals.deposits += amount;
      };
    };
  };

  /// Deposits whose ledger call is to be repeated now, at most `limit`.
  public func dueForRetry(state : State, now : Nat64, limit : Nat) : [Nat] {
    func attempts(id : Nat) : ?(Nat, State.Attempts) = switch (state.deposits.get(id)) {
      case (?deposit) ?(id, deposit.attempts);
      case null null;
    };
    Transfers.dueOf(state.depositsInTransit.values().filterMap(attempts), now, limit);
  };
};
