/// The withdrawals of each principal: by the name they gave them, and in order.

import List "mo:core/List";
import Map "mo:core/Map";
import Names "Names";
import Principal "mo:core/Principal";
import State "State";
import Text "mo:core/Text";
import Transfers "Transfers";

module {
  type State = State.State;

  /// Notes a new withdrawal.
  public func note(state : State, { owner; requestId; id } : State.Withdrawal) {
    let requests = Transfers.requestsOrNew(state, owner);
    requests.withdrawals := Names.add(requests.withdrawals, Names.hash(requestId), id);
    switch (requests.withdrawalIds) {
      case (?earlier) earlier.add(id);
      case null requests.withdrawalIds := ?List.singleton(id);
    };
  };

  /// The ids of a principal's withdrawals, oldest first; null if there are none.
  public func ids(state : State, owner : Principal) : ?List.List<Nat> {
    let ?requests = Transfers.requests(state, owner) else return null;
    requests.withdrawalIds;
  };

  /// The withdrawal that a principal has called so.
  public func find(state : State, owner : Principal, requestId : Text) : ?State.Withdrawal {
    let #known id = named(state, owner, requestId) else return null;
    ?state.withdrawals.at(id);
  };

  /// Looks for what a principal has called so.
  public func named(state : State, owner : Principal, name : Text) : Names.Found {
    let ?requests = Transfers.requests(state, owner) else return #new;
    Names.find(requests.withdrawals, Names.hash(name), func(id) = state.withdrawals.at(id).requestId == name);
  };
};
