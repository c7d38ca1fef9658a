/// What happens by itself: every 10 seconds, one second past, prices are asked for, orders filled, positions settled and open transfers
/// repeated. Timers die at an upgrade; the actor's body runs again then and arms them.

import Access "../Access";
import Array "mo:core/Array";
import Audit "../Audit";
import Cycles "mo:core/Cycles";
import CyclesBurn "../CyclesBurn";
import Error "mo:core/Error";
import Fills "../Fills";
import Format "../Format";
import InternetComputer "mo:core/InternetComputer";
import Iter "mo:core/Iter";
import Map "mo:core/Map";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import OracleClient "../OracleClient";
import Positions "../Positions";
import Settlement "../Settlement";
import State "../State";
import Timer "mo:core/Timer";
import Transfers "../Transfers";
import Types "../Types";
import Units "../Units";
import Voids "../Voids";

/// `upkeep`: further work for every round, each with errors of its own.
mixin (state : State.State, upkeep : { retryTransfers : () -> async (); compareWithLedger : () -> async () }) {
  transient let asking = OracleClient.newAsking();
  transient var rounds = 0;
  transient var timers : [Timer.TimerId] = [];
  /// Whether a round's own work is going on: a slow answer must not let a second one in.
  transient var working = false;

  /// Bounds for one message, by number and by instructions (a message may use 40 billion; a collection of garbage can land on any), and for one
  /// round, so that it ends before the next.
  transient let FILLS = 500;
  transient let SETTLEMENTS = 2_000;
  transient let BATCH_INSTRUCTIONS : Nat64 = 2_000_000_000;
  transient let MESSAGES = 200;
  /// Every this many rounds (10 minutes) the ledger is asked what it holds, and what was set aside is tried again.
  transient let CHECK_EVERY = 60;
  transient let GIVE_UP_AFTER = 3;
  /// In how many rounds a position failed, and in which last, for those that did.
  transient let failures = Map.empty<Nat, { count : Nat; round : Nat }>();

  func round() : async () {
    rounds += 1;
    CyclesBurn.observe(state.cycles, Units.now(), Cycles.balance());
    // Separate messages: neither may hold up, or undo, the rest.
    try { ignore upkeep.retryTransfers() } catch (_) {};
    if (rounds % CHECK_EVERY == 1) try { ignore upkeep.compareWithLedger() } catch (_) {};
    if (rounds % CHECK_EVERY == 0) await* retrySetAside();
    // What can be decided already doesn't wait for the exchange rate canister.
    await* work();
    await* OracleClient.newest(state, asking, Units.now);
    await* work();
    await* OracleClient.missing(state, asking, Units.now);
    await* work();
  };

  func work() : async* () {
    if working return;
    working := true;
    try {
      await* fill();
      await* settleDue();
      await* voidDue();
    } finally { working := false };
  };

  func fill() : async* () {
    var messages = 0;
    while (messages < MESSAGES and Fills.due(state, Units.now(), 1).size() > 0) {
      messages += 1;
      // Each batch is a message of its own. If one order makes it trap, all of it is undone and the orders go one by one.
      try { await fillBatch() } catch (_) {
        if (await* oneByOne(ids(Fills.due(state, Units.now(), FILLS)), fillAlone)) return;
      };
    };
    Fills.forgetPause(state);
  };

  func fillBatch() : async () {
    let now = Units.now();
    for (order in Fills.due(state, now, FILLS).values()) {
      ignore Fills.process(state, order, now);
      if (isLong()) return;
    };
  };

  func fillAlone(id : Nat) : async () { fillNow(id, Units.now()) };

  func fillNow(id : Nat, now : Nat64) = switch (Positions.find(state, id)) {
    case (?position) ignore Fills.process(state, position, now);
    case null {};
  };

  func settleDue() : async* () {
    var messages = 0;
    while (messages < MESSAGES and Settlement.isDue(state, Units.now())) {
      messages += 1;
      try { await settleBatch() } catch (_) {
        let ?{ positions } = Settlement.due(state, Units.now(), SETTLEMENTS) else return;
        if (await* oneByOne(ids(positions), settleAlone)) return;
      };
    };
  };

  func settleBatch() : async () {
    let now = Units.now();
    let ?{ price; positions } = Settlement.due(state, now, SETTLEMENTS) else return;
    for (position in positions.values()) {
      ignore Settlement.settleAt(state, position, price, now);
      if (isLong()) return;
    };
  };

  func settleAlone(id : Nat) : async () { settleNow(id, Units.now()) };

  /// Gives premiums back where two operators have voided an expiry, in the same way.
  func voidDue() : async* () {
    var messages = 0;
    while (messages < MESSAGES and Voids.due(state, 1).size() > 0) {
      messages += 1;
      try { await voidBatch() } catch (_) {
        if (await* oneByOne(ids(Voids.due(state, SETTLEMENTS)), voidAlone)) return;
      };
    };
    Voids.forgetDone(state);
  };

  func voidBatch() : async () {
    let now = Units.now();
    for (position in Voids.due(state, SETTLEMENTS).values()) {
      Voids.apply(state, position, now);
      if (isLong()) return;
    };
  };

  func voidAlone(id : Nat) : async () { voidNow(id, Units.now()) };

  func voidNow(id : Nat, now : Nat64) = switch (Positions.find(state, id)) {
    case (?position) Voids.apply(state, position, now);
    case null {};
  };

  /// Whether this message has used what a batch may use; the rest goes into the next one.
  func isLong() : Bool = InternetComputer.performanceCounter(0) > BATCH_INSTRUCTIONS;

  func ids(positions : [State.Position]) : [Nat] = positions.map<State.Position, Nat>(func(position) = position.id);

  /// Does each in a message of its own; answers whether any failed. One that fails in three rounds is set aside. Not earlier: a canister that
  /// is being stopped rejects its own messages too, and that says nothing about the position.
  func oneByOne(ids : [Nat], alone : Nat -> async ()) : async* Bool {
    var failed = false;
    for (id in ids.values()) {
      try {
        await alone(id);
        failures.remove(id);
      } catch (error) {
        failed := true;
        if (failedOften(id)) state.setAside.add(id, Format.shortened(error.message(), 200));
      };
    };
    failed;
  };

  /// Tries what was set aside once more, each in a message of its own: the reason may be gone. What fails again stays set aside.
  func retrySetAside() : async* () {
    for (id in state.setAside.keys().take(FILLS).toArray().values()) {
      try { await again(id) } catch (_) {};
    };
  };

  func again(id : Nat) : async () {
    state.setAside.remove(id);
    fillNow(id, Units.now());
    settleNow(id, Units.now());
    voidNow(id, Units.now());
  };

  /// Counts a failure, once a round; answers whether it is time to give up.
  func failedOften(id : Nat) : Bool {
    let earlier = switch (failures.get(id)) {
      case (?failure) failure;
      case null { { count = 0; round = 0 } };
    };
    if (earlier.round == rounds) return false;
    let count = earlier.count + 1;
    if (count < GIVE_UP_AFTER) failures.add(id, { count; round = rounds }) else failures.remove(id);
    count >= GIVE_UP_AFTER;
  };

  func settleNow(id : Nat, now : Nat64) = switch (Positions.find(state, id)) {
    case (?position) ignore Settlement.settle(state, position, now);
    case null {};
  };

  /// Nothing that was set aside before an upgrade stays so: the upgrade may have been its cause, or its cure.
  ///
  /// One round right away (a new canister needs a price), then one at every second 1, 11, 21, 31, 41, 51: the one at 31 asks for
  /// the price of the minute that runs.
  func arm<system>() {
    state.setAside.clear();
    for (timer in timers.values()) Timer.cancelTimer(timer);
    timers := [Timer.setTimer<system>(#seconds 0, round), align<system>()];
  };

  /// Begins with the rounds at the next of those seconds. A canister that is stopped then gets there late, and a recurring timer would keep
  /// whatever second that is: it would ask for every price up to 9 s too late until the next upgrade. So it tries again.
  func align<system>() : Timer.TimerId {
    let period = 10 * Units.SECOND_NS;
    let offset = Units.SECOND_NS;
    let now = Units.now();
    let next = (now - offset) / period * period + period + offset;
    Timer.setTimer<system>(
      #nanoseconds((next - now).toNat()),
      func() : async () {
        timers := [if (Units.now() < next + Units.SECOND_NS) Timer.recurringTimer<system>(#seconds 10, round) else align<system>()];
        await round();
      },
    );
  };

  /// A stop that comes in the very moment in which a timer is due takes the timer with it, and a start alone doesn't bring it back.
  public shared ({ caller }) func restart_timers() : async Types.Answer<()> {
    switch (Access.refusal(state, caller, #operator)) {
      case (?error) #err error;
      case null {
        Audit.record(state, caller, Units.now(), "restart_timers", "round " # rounds.toText(), "started again");
        arm<system>();
        #ok;
      };
    };
  };
};
