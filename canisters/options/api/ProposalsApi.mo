/// What takes two people: proposals of operators, and the decision about large withdrawals.

import Access "../Access";
import Audit "../Audit";
import Errors "../Errors";
import List "mo:core/List";
import Nat64 "mo:core/Nat64";
import Pages "../Pages";
import Principal "mo:core/Principal";
import Proposals "../Proposals";
import Set "mo:core/Set";
import State "../State";
import Text "mo:core/Text";
import Transfers "../Transfers";
import Types "../Types";
import Units "../Units";
import Views "../Views";
import Withdrawals "../Withdrawals";

/// `runWithdrawal`: one ledger call for a withdrawal in transit.
mixin (state : State.State, self : () -> Principal, runWithdrawal : State.Withdrawal -> async* ()) {
  /// How often the ledger is asked for its balance until nothing was paid meanwhile.
  transient let ASK_AT_MOST = 3;

  public shared ({ caller }) func propose(action : Types.Action) : async Types.Answer<Types.Proposal> {
    switch (Access.refusal(state, caller, #operator)) {
      case (?error) #err error;
      case null answerProposal(Proposals.propose(state, caller, action, Units.now()));
    };
  };

  public shared ({ caller }) func withdraw_proposal(id : Nat64) : async Types.Answer<Types.Proposal> {
    switch (Access.refusal(state, caller, #operator)) {
      case (?error) #err error;
      case null answerProposal(Proposals.withdraw(state, caller, id.toNat(), Units.now()));
    };
  };

  public shared ({ caller }) func approve(id : Nat64) : async Types.Answer<Types.Proposal> {
    var asked = 0;
    loop {
      // Everything is checked again after each question to the ledger: roles, proposals and transfers may have changed.
      switch (Access.refusal(state, caller, #operator)) {
        case (?error) return #err error;
        case null {};
      };
      let proposal = switch (Proposals.approvable(state, caller, id.toNat(), Units.now())) {
        case (#ok found) found;
        case (#err error) return #err error;
      };
      if (Proposals.needsSurplus(state, proposal.action) == null) return carryOut(caller, proposal);
      if (asked >= ASK_AT_MOST) return #err(Errors.booksMoved());
      asked += 1;
      let before = Proposals.outflow(state);
      let held = switch (await* Transfers.balanceOf(state, { owner = self(); subaccount = null })) {
        case (#ok sats) sats;
        case (#err error) return #err error;
      };
      if (Proposals.outflow(state) == before) {
        switch (Access.refusal(state, caller, #operator), Proposals.approvable(state, caller, id.toNat(), Units.now())) {
          case (?error, _) return #err error;
          case (null, #err error) return #err error;
          case (null, #ok(unchanged)) {
            switch (Proposals.uncovered(state, unchanged.action, held)) {
              case (?error) return #err error;
              case null return carryOut(caller, unchanged);
            };
          };
        };
      };
    };
  };

  func carryOut(caller : Principal, proposal : State.Proposal) : Types.Answer<Types.Proposal> {
    Proposals.carryOut(state, caller, proposal, Units.now());
    answerProposal(#ok proposal);
  };

  func answerProposal(answer : Types.Answer<State.Proposal>) : Types.Answer<Types.Proposal> = switch answer {
    case (#ok proposal) #ok(Proposals.view(proposal, Units.now()));
    case (#err error) #err error;
  };

  public shared query ({ caller }) func list_proposals(page : Types.Page) : async Types.Answer<Types.Rows<Types.Proposal>> {
    switch (Access.refusal(state, caller, #auditor)) {
      case (?error) #err error;
      case null Pages.oldestFirst<Types.Proposal>(
        state.proposals.size(),
        page,
        func(index) = ?Proposals.view(state.proposals.at(index), Units.now()),
      );
    };
  };

  public shared query ({ caller }) func list_awaiting_withdrawals(page : Types.Page) : async Types.Answer<Types.Rows<Types.Withdrawal>> {
    switch (Access.refusal(state, caller, #auditor)) {
      case (?error) #err error;
      case null Pages.fromSet<Types.Withdrawal>(state.withdrawalsAwaiting, page, func(id) = Views.withdrawal(state.withdrawals.at(id)));
    };
  };

  public shared ({ caller }) func approve_withdrawal(id : Nat64) : async Types.Answer<Types.Withdrawal> {
    switch (deciding(caller, id)) {
      case (#err error) return #err error;
      case (#ok _) {};
    };
    let { fee } = switch (await* Transfers.learnFacts(state)) {
      case (#ok known) known;
      case (#err error) return #err error;
    };
    // The owner may have cancelled it meanwhile, or another operator decided.
    let withdrawal = switch (deciding(caller, id)) {
      case (#ok found) found;
      case (#err error) return #err error;
    };
    let before = debug_show (Views.withdrawal(withdrawal));
    switch (Withdrawals.approve(state, withdrawal, fee, Units.now())) {
      case (#err error) return #err error;
      case (#ok) {};
    };
    Audit.record(state, caller, Units.now(), "approve_withdrawal", before, debug_show (Views.withdrawal(withdrawal)));
    await* runWithdrawal(withdrawal);
    #ok(Views.withdrawal(withdrawal));
  };

  public shared ({ caller }) func decline_withdrawal(id : Nat64, reason : Text) : async Types.Answer<Types.Withdrawal> {
    switch (deciding(caller, id)) {
      case (#err error) #err error;
      case (#ok withdrawal) {
        let length = reason.size();
        if (length < 1 or length > 200) return #err(Errors.invalid("reason", "The reason has 1 to 200 characters: the withdrawal's owner reads it."));
        let before = debug_show (Views.withdrawal(withdrawal));
        switch (Withdrawals.giveBack(state, withdrawal, "an operator declined it: " # reason, Units.now())) {
          case (#err error) return #err error;
          case (#ok) {};
        };
        Audit.record(state, caller, Units.now(), "decline_withdrawal", before, debug_show (Views.withdrawal(withdrawal)));
        #ok(Views.withdrawal(withdrawal));
      };
    };
  };

  /// The withdrawal, if `caller` may decide about it now: an operator, and not its owner.
  func deciding(caller : Principal, id : Nat64) : Types.Answer<State.Withdrawal> {
    switch (Access.refusal(state, caller, #operator), Withdrawals.byId(state, id.toNat())) {
      case (?error, _) #err error;
      case (null, null) #err(Errors.notFound("withdrawal with this number"));
      case (null, ?withdrawal) {
        if (withdrawal.state != #awaiting_approval) return #err(Errors.notAwaiting(Withdrawals.stateName(withdrawal)));
        if (withdrawal.owner == caller) #err(Errors.needsOtherOperator()) else #ok withdrawal;
      };
    };
  };
};
