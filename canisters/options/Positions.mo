/// The life of a position - pending, then cancelled or open, then settled - with the money that moves at each step and the
/// indexes that make every answer independent of how much history there is. What should happen is decided elsewhere
/// (Orders, Fills, Settlement); this module does it, completely or not at all.

import Int "mo:core/Int";
import List "mo:core/List";
import Map "mo:core/Map";
import Money "Money";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Set "mo:core/Set";
import State "State";
import Tenors "Tenors";
import Text "mo:core/Text";
import Types "Types";

module {
  type State = State.State;
  type Position = State.Position;

  /// What a new order is made of; amounts in sats.
  public type Draft = {
    trader : State.Trader;
    clientOrderId : Text;
    direction : Types.Direction;
    payout : Nat64;
    tenor : Text;
    strike : Types.StrikeChoice;
    maxPremium : Nat64;
    placed : Nat64;
    fillMinute : Nat64;
    expiry : Nat64;
    reserve : Nat64;
  };

  /// The size is compared first: an id from outside can be larger than any index.
  public func find(state : State, id : Nat) : ?Position = if (id < state.positions.size()) ?state.positions.at(id) else null;

  public func bucket(state : State, expiry : Nat64) : ?State.ExpiryBucket = state.byExpiry.get(expiry);

  /// Takes an order in: holds the maximum premium back from the trader and the worst-case payout from the treasury.
  /// The caller has checked that both are there.
  public func place(state : State, draft : Draft) : Position {
    let { trader; reserve } = draft;
    Money.move(state, #available trader, #reserved trader, draft.maxPremium);
    Money.move(state, #treasury, #treasuryReserved, reserve);
    let position : Position = { draft with id = state.positions.size(); var reserve = reserve; var state = #pending };
    state.positions.add(position);
    state.active.add(position.id);
    trader.positions.add(position.id);
    trader.active.add(position.id);
    trader.clientOrderIds.add(position.clientOrderId, position.id);
    trader.atRisk += reserve;
    trader.pending += 1;
    bucketOrNew(state, position.expiry).atRisk += reserve;
    pendingSet(state, position.fillMinute).add(position.id);
    state.totals.pending += 1;
    position;
  };

  /// Ends a pending order and releases everything it held.
  public func cancel(state : State, position : Position, reason : Types.CancelReason, now : Nat64) {
    let { trader } = position;
    Money.move(state, #reserved trader, #available trader, position.maxPremium);
    releaseReserve(state, position, position.reserve);
    position.state := #cancelled { reason; at = now };
    dropPending(state, position);
    deactivate(state, position);
    state.totals.pending -= 1;
    state.totals.cancelled += 1;
  };

  /// Turns a pending order into an open position: the premium goes to the treasury, the rest of the maximum premium back to
  /// the trader, and the treasury keeps `reserveNeeded` (at most what it held) for the payout.
  public func open(state : State, position : Position, fill : State.Fill, reserveNeeded : Nat64) {
    let { trader } = position;
    let { totals } = state;
    Money.move(state, #reserved trader, #treasury, fill.premium);
    Money.move(state, #reserved trader, #available trader, position.maxPremium - fill.premium);
    releaseReserve(state, position, position.reserve - reserveNeeded);
    state.treasury.openReserve += position.reserve;
    position.state := #open fill;
    dropPending(state, position);
    openSet(state, position).add(position.id);
    trader.openPremium += fill.premium;
    trader.openPayout += position.payout;
    trader.volumePremium += fill.premium;
    totals.pending -= 1;
    totals.open += 1;
    totals.premiums += fill.premium;
    totals.openPremium += fill.premium;
    let amount : Int = fill.premium.toNat();
    Money.note(trader, fill.at, #premium, -amount, position.id);
    Money.noteTreasury(state, fill.at, #premium, amount, position.id);
  };

  /// Pays an open position out, from what the treasury held for it, and releases the rest. `receipt.payout` is at most the reserve.
  public func settle(state : State, position : Position, fill : State.Fill, receipt : State.Receipt) {
    let { trader } = position;
    let { totals } = state;
    state.treasury.openReserve -= position.reserve;
    let { payout } = receipt;
    if (payout > 0) {
      takeReserve(state, position, payout);
      Money.move(state, #treasuryReserved, #available trader, payout);
      let amount : Int = payout.toNat();
      Money.note(trader, receipt.at, #payout, amount, position.id);
      Money.noteTreasury(state, receipt.at, #payout, -amount, position.id);
    };
    releaseReserve(state, position, position.reserve);
    openSet(state, position).remove(position.id);
    position.state := #settled { fill; receipt };
    deactivate(state, position);
    trader.openPremium -= fill.premium;
    trader.openPayout -= position.payout;
    trader.payouts += payout;
    totals.open -= 1;
    totals.settled += 1;
    totals.openPremium -= fill.premium;
    totals.payouts += payout;
    switch (receipt.outcome) {
      case (#win) totals.wins += 1;
      case (#tie) totals.ties += 1;
      case (#loss) totals.losses += 1;
    };
  };

  func takeReserve(state : State, position : Position, amount : Nat64) {
    position.reserve -= amount;
    position.trader.atRisk -= amount;
    bucketOrNew(state, position.expiry).atRisk -= amount;
  };

  func releaseReserve(state : State, position : Position, amount : Nat64) {
    takeReserve(state, position, amount);
    Money.move(state, #treasuryReserved, #treasury, amount);
  };

  func deactivate(state : State, position : Position) {
    state.active.remove(position.id);
    position.trader.active.remove(position.id);
    state.setAside.remove(position.id);
    switch (bucket(state, position.expiry)) {
      case (?found) if (found.atRisk == 0 and found.spot.isEmpty() and found.mean.isEmpty()) state.byExpiry.remove(position.expiry);
      case null {};
    };
  };

  func bucketOrNew(state : State, expiry : Nat64) : State.ExpiryBucket = switch (bucket(state, expiry)) {
    case (?found) found;
    case null {
      let made : State.ExpiryBucket = { var atRisk = 0; spot = Set.empty(); mean = Set.empty() };
      state.byExpiry.add(expiry, made);
      made;
    };
  };

  func openSet(state : State, position : Position) : Set.Set<Nat> {
    let found = bucketOrNew(state, position.expiry);
    if (Tenors.settlesAtMean(position.fillMinute, position.expiry)) found.mean else found.spot;
  };

  func pendingSet(state : State, minute : Nat64) : Set.Set<Nat> = switch (state.pendingByMinute.get(minute)) {
    case (?found) found;
    case null {
      let made = Set.empty<Nat>();
      state.pendingByMinute.add(minute, made);
      made;
    };
  };

  func dropPending(state : State, position : Position) {
    position.trader.pending -= 1;
    let set = pendingSet(state, position.fillMinute);
    set.remove(position.id);
    if (set.isEmpty()) state.pendingByMinute.remove(position.fillMinute);
  };
};
