/// The traders' records: found by principal, made when their first deposit is credited.

import List "mo:core/List";
import Names "Names";
import Principal "mo:core/Principal";
import State "State";

module {
  type State = State.State;

  public func find(state : State, owner : Principal) : ?State.Trader {
    let ?index = Names.find(state.owners, Names.hashOf(owner), func(index) = state.traders.at(index).owner == owner) else return null;
    ?state.traders.at(index);
  };

  public func findOrCreate(state : State, owner : Principal, now : Nat64) : State.Trader {
    switch (find(state, owner)) {
      case (?trader) trader;
      case null {
        let trader = newTrader(owner, state.traders.size(), now);
        add(state, trader);
        trader;
      };
    };
  };

  /// Takes in a trader whose index is the next one.
  public func add(state : State, trader : State.Trader) {
    state.traders.add(trader);
    state.owners := Names.add(state.owners, Names.hashOf(trader.owner), trader.index);
  };

  func newTrader(owner : Principal, index : Nat, created : Nat64) : State.Trader = {
    owner;
    index;
    created;
    var available = 0;
    var reserved = 0;
    var withdrawing = 0;
    var openPremium = 0;
    var openPayout = 0;
    var atRisk = 0;
    var pending = 0;
    var volumePremium = 0;
    var payouts = 0;
    statement = List.empty();
    positions = List.empty();
    var names = Names.none();
  };
};
