/// What takes two operators. One proposes an action, another approves it; it is checked both times, since the world may have changed, and
/// what approving does happens at once. Who may call is checked before (Access.mo).

import Access "Access";
import Array "mo:core/Array";
import Audit "Audit";
import Deposits "Deposits";
import Errors "Errors";
import ImportJournal "ImportJournal";
import List "mo:core/List";
import Map "mo:core/Map";
import Money "Money";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import PriceBook "PriceBook";
import Principal "mo:core/Principal";
import Set "mo:core/Set";
import State "State";
import Types "Types";
import Units "Units";
import Views "Views";
import Voids "Voids";
import Withdrawals "Withdrawals";

module {
  type State = State.State;
  type Proposal = State.Proposal;

  /// A proposal that nobody has approved by then has expired.
  public let LIFETIME_NS : Nat64 = 604_800_000_000_000;
  /// Voiding ends contracts, so there is time for others to object, and for a late price to come.
  public let VOID_DELAY_NS : Nat64 = 3_600_000_000_000;
  /// Open at once; more is a mistake.
  public let MAX_OPEN : Nat = 100;

  /// What a proposal is now: an open one ends by itself.
  public func stateAt(proposal : Proposal, now : Nat64) : Types.ProposalState {
    if (proposal.state == #open and now >= proposal.proposed + LIFETIME_NS) #expired else proposal.state;
  };

  public func find(state : State, id : Nat) : ?Proposal = if (id < state.proposals.size()) ?state.proposals.at(id) else null;

  public func propose(state : State, caller : Principal, action : Types.Action, now : Nat64) : Types.Answer<Proposal> {
    let open = stillOpen(state, now);
    for (earlier in open.values()) {
      if (earlier.action == action) {
        return #err(Errors.invalid("action", "Proposal " # earlier.id.toText() # " is the same and still open: approve or withdraw that one."));
      };
    };
    if (open.size() >= MAX_OPEN) return #err(Errors.invalid("action", "There are 100 open proposals; withdraw some first."));
    switch (problem(state, action, now)) {
      case (?error) return #err error;
      case null {};
    };
    let delay = switch action {
      case (#void _) VOID_DELAY_NS;
      case _ 0 : Nat64;
    };
    let proposal : Proposal = {
      id = state.proposals.size();
      action;
      proposedBy = caller;
      proposed = now;
      approvable = now + delay;
      var state = #open;
    };
    state.proposals.add(proposal);
    Audit.record(state, caller, now, "propose", describe(state, action), text(proposal, now));
    #ok proposal;
  };

  /// Those that can still be approved. Looks at the proposals of one lifetime only.
  func stillOpen(state : State, now : Nat64) : List.List<Proposal> {
    let found = List.empty<Proposal>();
    var left = state.proposals.size();
    while (left > 0 and now < state.proposals.at(left - 1 : Nat).proposed + LIFETIME_NS) {
      left -= 1;
      let proposal = state.proposals.at(left);
      if (proposal.state == #open) found.add(proposal);
    };
    found;
  };

  public func withdraw(state : State, caller : Principal, id : Nat, now : Nat64) : Types.Answer<Proposal> {
    let ?proposal = find(state, id) else return #err(Errors.notFound("proposal with this number"));
    if (proposal.proposedBy != caller and not Access.has(state, caller, #owner)) return #err(Errors.forbidden("owner"));
    switch (closed(proposal, now)) {
      case (?error) return #err error;
      case null {};
    };
    let before = text(proposal, now);
    proposal.state := #withdrawn;
    Audit.record(state, caller, now, "withdraw_proposal", before, text(proposal, now));
    #ok proposal;
  };

  func closed(proposal : Proposal, now : Nat64) : ?Types.Error = switch (stateAt(proposal, now)) {
    case (#open) null;
    case (#approved _) ?Errors.proposalClosed("approved");
    case (#withdrawn) ?Errors.proposalClosed("withdrawn");
    case (#expired) ?Errors.proposalClosed("expired");
  };

  /// The proposal, if `caller` may approve it now and its action makes sense now.
  public func approvable(state : State, caller : Principal, id : Nat, now : Nat64) : Types.Answer<Proposal> {
    let ?proposal = find(state, id) else return #err(Errors.notFound("proposal with this number"));
    switch (closed(proposal, now)) {
      case (?error) return #err error;
      case null {};
    };
    // Whoever is no operator any more is not one of the two.
    if (proposal.proposedBy == caller or not Access.has(state, proposal.proposedBy, #operator)) return #err(Errors.needsOtherOperator());
    if (now < proposal.approvable) {
      let seconds = (proposal.approvable - now) / Units.SECOND_NS;
      return #err(Errors.tooEarly(proposal.approvable, seconds.toNat() + 1));
    };
    if (isOutdated(state, proposal)) return #err(Errors.proposalClosed("about an earlier import of this account"));
    switch (problem(state, proposal.action, now)) {
      case (?error) #err error;
      case null #ok proposal;
    };
  };

  /// An account may differ again after it was resolved. What was seen before says nothing of that; a proposal about the row there is now can't have
  /// been made before it could be resolved.
  func isOutdated(state : State, proposal : Proposal) : Bool = switch (proposal.action) {
    case (#resolve_import { owner }) switch (ImportJournal.differing(state, owner)) {
      case (?entry) proposal.proposed < ImportJournal.resolvableFrom(entry);
      case null false;
    };
    case _ false;
  };

  /// What must be true for an action to make sense; null when it is.
  func problem(state : State, action : Types.Action, now : Nat64) : ?Types.Error = switch action {
    case (#void { expiry_ns }) {
      if (Voids.unpriced(state, expiry_ns) == null) return ?Errors.notFound("open position of this expiry that lacks its price");
      let from = expiry_ns + Voids.AFTER_NS;
      if (now >= from) null else ?Errors.tooEarly(from, ((from - now) / Units.SECOND_NS).toNat() + 1);
    };
    case (#accept_price { minute_ns; price_e8 }) {
      let ?{ answers } = state.oracle.setAside.get(minute_ns) else return ?Errors.notFound("minute set aside that begins then");
      if (answers.find(func(answer) = answer == price_e8) != null) return null;
      ?Errors.invalid("price_e8", "It must be one of the exchange rate canister's own answers for this minute.");
    };
    case (#resolve_deposit { id }) {
      let ?deposit = state.deposits.get(id.toNat()) else return ?Errors.notFound("deposit with this number");
      if (Deposits.isInReview(deposit)) null else ?Errors.notInReview("deposit");
    };
    case (#resolve_withdrawal { id }) {
      let ?withdrawal = Withdrawals.byId(state, id.toNat()) else return ?Errors.notFound("withdrawal with this number");
      if (Withdrawals.isInReview(withdrawal)) null else ?Errors.notInReview("withdrawal");
    };
    case (#resolve_import { owner; taken }) ImportJournal.problem(state, owner, taken, now);
  };

  /// What the ledger must hold beyond the books for an action, sats; null: it says nothing of money that may not be there. Crediting a deposit
  /// puts its amount into the books. Refunding a withdrawal leaves the books as they are, but claims that they are still covered.
  public func needsSurplus(state : State, action : Types.Action) : ?Nat64 = switch action {
    case (#resolve_deposit { id; block = ?_ }) switch (state.deposits.get(id.toNat())) {
      case (?deposit) ?deposit.amount;
      case null null;
    };
    case (#resolve_withdrawal { block = null }) ?0;
    case _ null;
  };

  /// Null when the ledger, which holds `held` sats, covers an action. What other deposits may have brought is theirs: only the rest counts.
  public func uncovered(state : State, action : Types.Action, held : Nat) : ?Types.Error {
    let ?needed = needsSurplus(state, action) else return null;
    // The deposit in question, if it is one, is among those in review.
    let others = Deposits.possiblyArrived(state) - needed;
    let surplus : Int = (held : Int) - Money.total(state).toNat() - others.toNat();
    if (surplus >= needed.toNat()) null else ?Errors.notBacked(surplus, needed.toNat());
  };

  /// What changes when a transfer out is booked as paid: while the ledger is asked for its balance, nothing of it may change, or balance and
  /// books are not of one moment. A deposit booked meanwhile only makes the surplus look smaller.
  public type Outflow = { paid : Nat64; house : Nat64; opened : Nat };
  public func outflow(state : State) : Outflow = {
    paid = state.totals.withdrawals;
    house = state.treasury.withdrawing;
    opened = state.withdrawals.size();
  };

  /// Does what an approvable proposal says.
  public func carryOut(state : State, caller : Principal, proposal : Proposal, now : Nat64) {
    let { action } = proposal;
    let before = describe(state, action);
    switch action {
      case (#void { expiry_ns }) switch (Voids.unpriced(state, expiry_ns)) {
        case (?queues) Voids.begin(state, expiry_ns, queues);
        case null {};
      };
      case (#accept_price { minute_ns; price_e8 }) {
        ignore PriceBook.record(state, { minute = minute_ns; price = price_e8; sources = 0; recorded = now });
      };
      case (#resolve_deposit { id; block }) switch (state.deposits.get(id.toNat())) {
        case (?deposit) Deposits.resolve(state, deposit, block, now);
        case null {};
      };
      case (#resolve_withdrawal { id; block }) switch (Withdrawals.byId(state, id.toNat())) {
        case (?withdrawal) Withdrawals.resolve(state, withdrawal, block, now);
        case null {};
      };
      case (#resolve_import { owner; taken }) switch (ImportJournal.differing(state, owner)) {
        case (?entry) ImportJournal.resolve(state, entry, taken, now);
        case null {};
      };
    };
    proposal.state := #approved { by = caller; at_ns = now };
    Audit.record(state, caller, now, "approve", before, text(proposal, now) # "; " # describe(state, action));
  };

  /// What an action is about, as it stands now.
  func describe(state : State, action : Types.Action) : Text = switch action {
    case (#void { expiry_ns }) switch (state.voiding.get(expiry_ns)) {
      case (?queues) "being voided: " # debug_show queues;
      case null "open without a price: " # debug_show (Voids.unpriced(state, expiry_ns));
    };
    case (#accept_price { minute_ns }) switch (PriceBook.at(state, minute_ns), state.oracle.setAside.get(minute_ns)) {
      case (?price, _) "price " # debug_show (PriceBook.view(price));
      case (null, ?{ answers }) "set aside, answers " # debug_show answers;
      case (null, null) "no price";
    };
    case (#resolve_deposit { id }) switch (state.deposits.get(id.toNat())) {
      case (?deposit) debug_show (Views.deposit(deposit));
      case null "no deposit";
    };
    case (#resolve_withdrawal { id }) switch (Withdrawals.byId(state, id.toNat())) {
      case (?withdrawal) debug_show (Views.withdrawal(withdrawal));
      case null "no withdrawal";
    };
    case (#resolve_import { owner }) switch (state.imports.byOwner.get(owner)) {
      case (?entry) debug_show (ImportJournal.row(entry));
      case null "no import";
    };
  };

  func text(proposal : Proposal, now : Nat64) : Text = debug_show (view(proposal, now));

  public func view(proposal : Proposal, now : Nat64) : Types.Proposal = {
    id = proposal.id;
    action = proposal.action;
    proposed_by = proposal.proposedBy;
    proposed_ns = proposal.proposed;
    approvable_ns = proposal.approvable;
    state = stateAt(proposal, now);
  };
};
