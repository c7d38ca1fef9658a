/// The life of a position - pending, then cancelled or open, then settled or voided - with the money that moves at each step and the
/// indexes that make every answer independent of how much history there is. What should happen is decided elsewhere
/// (Orders, Fills, Settlement, Proposals); this module does it, completely or not at all.

import Int64 "mo:core/Int64";
import List "mo:core/List";
import Map "mo:core/Map";
import Money "Money";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Queue "Queue";
import State "State";
import Statement "Statement";
import Text "mo:core/Text";
import Types "Types";
import Units "Units";

module {
  type State = State.State;
  type Position = State.Position;

  /// What a new order is made of; amounts in sats.
  public type Draft = {
    trader : State.Trader;
    clientOrderId : Text;
    terms : State.Terms;
    size : Nat64;
    cap : Nat64;
    strikeOrdered : Int64;
    maxPremium : Nat64;
    maxPayout : Nat64;
    placed : Nat64;
    expiry : Nat64;
  };
  /// What a fill is made of; sats and USD x 10^8. `reserve`: what the treasury must keep for it.
  public type Fill = {
    price : Nat64;
    strike : Nat64;
    sigmaPpm : Nat64;
    fair : Nat64;
    spread : Nat64;
    skew : Nat64;
    reserve : Nat64;
  };

  /// The position with an id. Ids count up from 0.
  public func find(state : State, id : Nat) : ?Position = if (id < state.positions.size()) ?state.positions.at(id) else null;

  public func fillMinute(position : Position) : Nat64 = Units.minuteAfter(position.placed);
  public func premium(position : Position) : Nat64 = position.fair + position.spread + position.skew;
  public func bucket(state : State, expiry : Nat64) : ?State.ExpiryBucket = state.byExpiry.get(expiry);

  public func isPending(position : Position) : Bool = position.status == #pending;
  public func isOpen(position : Position) : Bool = position.status == #open;

  /// Takes an order in: holds the maximum premium back from the trader and the worst-case payout from the treasury.
  /// The caller has checked that both are there.
  public func place(state : State, draft : Draft) : Position {
    let { trader; maxPremium; maxPayout } = draft;
    Money.move(state, #available trader, #reserved trader, maxPremium);
    Money.move(state, #treasury, #treasuryReserved, maxPayout);
    let position : Position = {
      draft with
      id = state.positions.size();
      var reserve = maxPayout;
      var status = #pending;
      var reason = #by_trader;
      var price = 0;
      var strike = 0;
      var sigmaPpm = 0;
      var fair = 0;
      var spread = 0;
      var skew = 0;
      var filled = 0;
      var balanceAfterFill = 0;
      var ended = 0;
      var settlementPrice = 0;
      var outcome = #loss;
      var payout = 0;
      var balanceAfterEnd = 0;
    };
    state.positions.add(position);
    trader.positions.add(position);
    trader.clientOrderIds.add(position.clientOrderId, position);
    trader.atRisk += maxPayout;
    trader.pending += 1;
    bucketOrNew(state, position.expiry).atRisk += maxPayout;
    Queue.add(pendingQueue(state, fillMinute(position)), position);
    state.totals.pending += 1;
    position;
  };

  /// Ends a pending order and releases everything it held.
  public func cancel(state : State, position : Position, reason : Types.CancelReason, now : Nat64) {
    let { trader } = position;
    Money.move(state, #reserved trader, #available trader, position.maxPremium);
    releaseReserve(state, position, position.reserve);
    position.status := #cancelled;
    position.reason := reason;
    position.ended := now;
    dropPending(state, position);
    forget(state, position);
    state.totals.pending -= 1;
    state.totals.cancelled += 1;
  };

  /// Turns a pending order into an open position: the premium goes to the treasury, the rest of the maximum premium back to
  /// the trader, and the treasury keeps `fill.reserve` (at most what it held) for the payout.
  public func open(state : State, position : Position, fill : Fill, now : Nat64) {
    let { trader } = position;
    let { totals } = state;
    let paid = fill.fair + fill.spread + fill.skew;
    Money.move(state, #reserved trader, #treasury, paid);
    Money.move(state, #reserved trader, #available trader, position.maxPremium - paid);
    releaseReserve(state, position, position.reserve - fill.reserve);
    state.treasury.openReserve += position.reserve;
    position.status := #open;
    position.price := fill.price;
    position.strike := fill.strike;
    position.sigmaPpm := fill.sigmaPpm;
    position.fair := fill.fair;
    position.spread := fill.spread;
    position.skew := fill.skew;
    position.filled := now;
    position.balanceAfterFill := Statement.balance(trader);
    dropPending(state, position);
    Queue.add(openQueue(state, position), position);
    trader.openPremium += paid;
    trader.openPayout += position.reserve;
    trader.volumePremium += paid;
    totals.pending -= 1;
    totals.open += 1;
    totals.premiums += paid;
    totals.openPremium += paid;
    Statement.add(trader, #premium, position.id);
  };

  /// Pays an open position out, from what the treasury held for it (at least `payout`), and releases the rest.
  public func settle(state : State, position : Position, price : Nat64, outcome : Types.Outcome, payout : Nat64, now : Nat64) {
    let { trader } = position;
    let { totals } = state;
    close(state, position, payout, now);
    position.status := #settled;
    position.settlementPrice := price;
    position.outcome := outcome;
    if (payout > 0) Statement.add(trader, #payout, position.id);
    trader.payouts += payout;
    totals.settled += 1;
    totals.payouts += payout;
    switch outcome {
      case (#win) totals.wins += 1;
      case (#tie) totals.ties += 1;
      case (#loss) totals.losses += 1;
    };
  };

  /// Gives the premium of an open position back. The reserve covers it: no position is filled whose premium reaches its largest payout.
  public func void(state : State, position : Position, now : Nat64) {
    let refund = premium(position);
    close(state, position, refund, now);
    position.status := #voided;
    Statement.add(position.trader, #voidRefund, position.id);
    state.totals.voided += 1;
    state.totals.voidRefunds += refund;
  };

  /// What settling and voiding have in common: `paid` goes to the trader, the rest of the reserve back to the treasury.
  func close(state : State, position : Position, paid : Nat64, now : Nat64) {
    let { trader } = position;
    let { totals } = state;
    let cost = premium(position);
    state.treasury.openReserve -= position.reserve;
    trader.openPayout -= position.reserve;
    if (paid > 0) {
      takeReserve(state, position, paid);
      Money.move(state, #treasuryReserved, #available trader, paid);
    };
    releaseReserve(state, position, position.reserve);
    Queue.done(openQueue(state, position));
    position.payout := paid;
    position.ended := now;
    position.balanceAfterEnd := Statement.balance(trader);
    trader.openPremium -= cost;
    totals.open -= 1;
    totals.openPremium -= cost;
    forget(state, position);
  };

  func takeReserve(state : State, position : Position, amount : Nat64) {
    position.reserve -= amount;
    position.trader.atRisk -= amount;
    bucketOrNew(state, position.expiry).atRisk -= amount;
  };

  func releaseReserve(state : State, position : Position, amount : Nat64) {
    if (amount == 0) return;
    takeReserve(state, position, amount);
    Money.move(state, #treasuryReserved, #treasury, amount);
  };

  /// What is final is in no list of work any more, and an expiry without work has no bucket.
  func forget(state : State, position : Position) {
    if (not state.setAside.isEmpty()) state.setAside.remove(position.id);
    switch (bucket(state, position.expiry)) {
      case (?found) if (found.atRisk == 0 and found.spot.waiting == 0 and found.mean.waiting == 0) state.byExpiry.remove(position.expiry);
      case null {};
    };
  };

  func bucketOrNew(state : State, expiry : Nat64) : State.ExpiryBucket = switch (bucket(state, expiry)) {
    case (?found) found;
    case null {
      let made : State.ExpiryBucket = { var atRisk = 0; spot = Queue.empty(); mean = Queue.empty() };
      state.byExpiry.add(expiry, made);
      made;
    };
  };

  func openQueue(state : State, position : Position) : State.Queue {
    let found = bucketOrNew(state, position.expiry);
    if (position.terms.settlesAtMean) found.mean else found.spot;
  };

  func pendingQueue(state : State, minute : Nat64) : State.Queue = switch (state.pendingByMinute.get(minute)) {
    case (?found) found;
    case null {
      let made = Queue.empty();
      state.pendingByMinute.add(minute, made);
      made;
    };
  };

  func dropPending(state : State, position : Position) {
    position.trader.pending -= 1;
    let minute = fillMinute(position);
    let queue = pendingQueue(state, minute);
    Queue.done(queue);
    if (queue.waiting == 0) state.pendingByMinute.remove(minute);
  };
};
