/// The life of a position - pending, then cancelled or open, then settled or voided - with the money that moves at each step and the
/// indexes that make every answer independent of how much history there is. What should happen is decided elsewhere
/// (Orders, Fills, Settlement, Proposals); this module does it, completely or not at all.

import Archive "Archive";
import Int64 "mo:core/Int64";
import List "mo:core/List";
import Map "mo:core/Map";
import Money "Money";
import Names "Names";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Queue "Queue";
import Runtime "mo:core/Runtime";
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
  public func find(state : State, id : Nat) : ?Position = if (id < state.positions.size()) ?Archive.at(state, id) else null;

  public func fillMinute(position : Position) : Nat64 = Units.minuteAfter(position.placed);
  public func premium(position : Position) : Nat64 = position.fair + position.spread + position.skew;
  public func bucket(state : State, expiry : Nat64) : ?State.ExpiryBucket = state.byExpiry.get(expiry);

  public func isPending(position : Position) : Bool = position.status == #pending;
  public func isOpen(position : Position) : Bool = position.status == #open;

  /// Takes an order in: holds the maximum premium back from the trader and the worst-case payout from the treasury.
  /// The caller has checked that both are there, that the name is new, and knows its hash, the fill minute and, if there is one already, the bucket of the expiry.
  public func place(
    state : State,
    draft : Draft,
    { nameHash; fillMinute; bucket } : { nameHash : Nat64; fillMinute : Nat64; bucket : ?State.ExpiryBucket },
  ) : Position {
    let { trader; maxPremium; maxPayout } = draft;
    Money.move(state, #available trader, #reserved trader, maxPremium);
    Money.move(state, #treasury, #treasuryReserved, maxPayout);
    let position : Position = {
      draft with
      id = state.positions.size();
      reserve = maxPayout;
      status = #pending : State.Status;
      reason = #by_trader : Types.CancelReason;
      price = 0 : Nat64;
      strike = 0 : Nat64;
      sigmaPpm = 0 : Nat64;
      fair = 0 : Nat64;
      spread = 0 : Nat64;
      skew = 0 : Nat64;
      filled = 0 : Nat64;
      balanceAfterFill = 0 : Nat64;
      ended = 0 : Nat64;
      settlementPrice = 0 : Nat64;
      outcome = #loss : Types.Outcome;
      payout = 0 : Nat64;
      balanceAfterEnd = 0 : Nat64;
    };
    state.positions.add(#kept position);
    trader.positions.add(position.id);
    trader.names := Names.add(trader.names, nameHash, position.id);
    trader.atRisk += maxPayout;
    trader.pending += 1;
    let atExpiry = switch bucket {
      case (?found) found;
      case null newBucket(state, position.expiry);
    };
    atExpiry.atRisk += maxPayout;
    Queue.add(pendingQueue(state, fillMinute), position.id);
    state.totals.pending += 1;
    position;
  };

  /// Ends a pending order and releases everything it held. Answers the position as it is then, as the other steps do.
  public func cancel(state : State, position : Position, reason : Types.CancelReason, now : Nat64) : Position {
    mustBe(state, position, #pending);
    let { trader } = position;
    Money.move(state, #reserved trader, #available trader, position.maxPremium);
    let bucket = bucketOrNew(state, position.expiry);
    release(state, bucket, position, position.reserve);
    dropPending(state, position);
    forget(state, bucket, position);
    state.totals.pending -= 1;
    state.totals.cancelled += 1;
    finish(state, { position with status = #cancelled : State.Status; reason; ended = now; reserve = 0 : Nat64 });
  };

  /// Turns a pending order into an open position: the premium goes to the treasury, the rest of the maximum premium back to
  /// the trader, and the treasury keeps `fill.reserve` (at most what it held) for the payout.
  public func open(state : State, position : Position, fill : Fill, now : Nat64) : Position {
    mustBe(state, position, #pending);
    let { trader } = position;
    let { totals } = state;
    let paid = fill.fair + fill.spread + fill.skew;
    Money.move(state, #reserved trader, #treasury, paid);
    Money.move(state, #reserved trader, #available trader, position.maxPremium - paid);
    let bucket = bucketOrNew(state, position.expiry);
    release(state, bucket, position, position.reserve - fill.reserve);
    state.treasury.openReserve += fill.reserve;
    dropPending(state, position);
    Queue.add(openQueue(bucket, position), position.id);
    trader.openPremium += paid;
    trader.openPayout += fill.reserve;
    trader.volumePremium += paid;
    totals.pending -= 1;
    totals.open += 1;
    totals.premiums += paid;
    totals.openPremium += paid;
    Statement.add(trader, #premium, position.id);
    let balanceAfterFill = Statement.balance(trader);
    let { price; strike; sigmaPpm; fair; spread; skew; reserve } = fill;
    let status : State.Status = #open;
    put(state, { position with status; price; strike; sigmaPpm; fair; spread; skew; reserve; filled = now; balanceAfterFill });
  };

  /// Pays an open position out, from what the treasury held for it (at least `payout`), and releases the rest.
  public func settle(
    state : State,
    position : Position,
    settlementPrice : Nat64,
    outcome : Types.Outcome,
    payout : Nat64,
    now : Nat64,
  ) : Position {
    let { trader } = position;
    let { totals } = state;
    close(state, position, payout);
    if (payout > 0) Statement.add(trader, #payout, position.id);
    trader.payouts += payout;
    totals.settled += 1;
    totals.payouts += payout;
    switch outcome {
      case (#win) totals.wins += 1;
      case (#tie) totals.ties += 1;
      case (#loss) totals.losses += 1;
    };
    let balanceAfterEnd = Statement.balance(trader);
    finish(
      state,
      {
        position with
        status = #settled : State.Status;
        reserve = 0 : Nat64;
        ended = now;
        settlementPrice;
        outcome;
        payout;
        balanceAfterEnd;
      },
    );
  };

  /// Gives the premium of an open position back. The reserve covers it: no position is filled whose premium reaches its largest payout.
  public func void(state : State, position : Position, now : Nat64) : Position {
    let refund = premium(position);
    close(state, position, refund);
    Statement.add(position.trader, #voidRefund, position.id);
    state.totals.voided += 1;
    state.totals.voidRefunds += refund;
    let balanceAfterEnd = Statement.balance(position.trader);
    finish(state, { position with status = #voided : State.Status; reserve = 0 : Nat64; ended = now; payout = refund; balanceAfterEnd });
  };

  /// A record is only good until the next step puts another in its place. Whoever held on to one too long would pay twice; then the whole message
  /// is undone instead.
  func mustBe(state : State, position : Position, status : State.Status) {
    switch (state.positions.at(position.id)) {
      case (#kept now) if (now.status == status) return;
      case (#archived) {};
    };
    Runtime.trap("positions: this step was taken already");
  };

  func put(state : State, position : Position) : Position {
    state.positions.put(position.id, #kept position);
    position;
  };

  /// Takes over a position of an earlier version, as the next id.
  public func move(state : State, position : Position) {
    state.positions.add(#kept position);
    if (not isPending(position) and not isOpen(position)) ignore finish(state, position);
  };

  /// Final: into the archive, or where it doesn't fit there, on the heap.
  func finish(state : State, position : Position) : Position {
    if (Archive.keep(state, position)) {
      state.positions.put(position.id, #archived);
      position;
    } else put(state, position);
  };

  /// What settling and voiding have in common: `paid` goes to the trader, the rest of the reserve back to the treasury.
  func close(state : State, position : Position, paid : Nat64) {
    mustBe(state, position, #open);
    let { trader; reserve } = position;
    let { totals } = state;
    let cost = premium(position);
    state.treasury.openReserve -= reserve;
    trader.openPayout -= reserve;
    let bucket = bucketOrNew(state, position.expiry);
    lowerRisk(bucket, position, reserve);
    Money.move(state, #treasuryReserved, #available trader, paid);
    Money.move(state, #treasuryReserved, #treasury, reserve - paid);
    Queue.done(openQueue(bucket, position));
    trader.openPremium -= cost;
    totals.open -= 1;
    totals.openPremium -= cost;
    forget(state, bucket, position);
  };

  func lowerRisk(bucket : State.ExpiryBucket, position : Position, amount : Nat64) {
    position.trader.atRisk -= amount;
    bucket.atRisk -= amount;
  };

  func release(state : State, bucket : State.ExpiryBucket, position : Position, amount : Nat64) {
    if (amount == 0) return;
    lowerRisk(bucket, position, amount);
    Money.move(state, #treasuryReserved, #treasury, amount);
  };

  /// What is final is in no list of work any more, and an expiry without work has no bucket.
  func forget(state : State, bucket : State.ExpiryBucket, position : Position) {
    if (not state.setAside.isEmpty()) state.setAside.remove(position.id);
    if (bucket.atRisk == 0 and bucket.spot.waiting == 0 and bucket.mean.waiting == 0) state.byExpiry.remove(position.expiry);
  };

  func bucketOrNew(state : State, expiry : Nat64) : State.ExpiryBucket = switch (bucket(state, expiry)) {
    case (?found) found;
    case null newBucket(state, expiry);
  };

  func newBucket(state : State, expiry : Nat64) : State.ExpiryBucket {
    let made : State.ExpiryBucket = { var atRisk = 0; spot = Queue.empty(); mean = Queue.empty() };
    state.byExpiry.add(expiry, made);
    made;
  };

  func openQueue(bucket : State.ExpiryBucket, position : Position) : State.Queue = if (position.terms.settlesAtMean) bucket.mean else bucket.spot;

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
