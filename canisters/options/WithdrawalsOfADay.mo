/// A trader's withdrawals of the last 24 hours, added up: a large one that is made in pieces is no less large.

import Errors "Errors";
import List "mo:core/List";
import Nat64 "mo:core/Nat64";
import State "State";
import Types "Types";
import Units "Units";
import WithdrawalRequests "WithdrawalRequests";

module {
  type State = State.State;

  let DAY_NS : Nat64 = 86_400_000_000_000;
  /// Withdrawals of one trader within 24 hours: each is kept for ever, and a large one that is cancelled costs nothing.
  public let MAX : Nat = 200;

  /// What they take out without an operator, sats; or that there are as many as there may be.
  public func withoutOperator(state : State, caller : Principal, now : Nat64) : Types.Answer<Nat64> {
    let ?ids = WithdrawalRequests.ids(state, caller) else return #ok 0;
    var sum : Nat64 = 0;
    var left = ids.size();
    var looked = 0;
    while (left > 0) {
      left -= 1;
      let withdrawal = state.withdrawals.at(ids.at(left));
      let until = withdrawal.created + DAY_NS;
      if (now >= until) return #ok sum;
      looked += 1;
      if (looked == MAX) return #err(Errors.tooManyWithdrawals(MAX, ((until - now) / Units.SECOND_NS).toNat() + 1));
      if (leftAlone(withdrawal)) sum += withdrawal.amount;
    };
    #ok sum;
  };

  /// Whether a trader's withdrawal left, or may have left, without an operator; one that an operator has approved was sent later than it was asked for.
  func leftAlone(withdrawal : State.Withdrawal) : Bool = switch (withdrawal.source, withdrawal.state) {
    case (#trader _, #in_transit or #paid _ or #needs_review _) withdrawal.sent == withdrawal.created;
    case _ false;
  };
};
