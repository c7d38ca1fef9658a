/// The clockwork over a state in which one position is damaged: the others must be filled and settled all the same.
import Clockwork "../../../canisters/options/api/Clockwork";
import List "mo:core/List";
import Map "mo:core/Map";
import Money "../../../canisters/options/Money";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Orders "../../../canisters/options/Orders";
import Positions "../../../canisters/options/Positions";
import Principal "mo:core/Principal";
import Settings "../../../canisters/options/Settings";
import State "../../../canisters/options/State";
import Tenors "../../../canisters/options/Tenors";
import Traders "../../../canisters/options/Traders";
import Text "mo:core/Text";
import Units "../../../canisters/options/Units";

persistent actor {
  let nobody = Principal.fromText("aaaaa-aa");
  let state = State.empty({ ledger = nobody; exchange_rate = nobody; legacy = null; tenors = [] }, Settings.defaults());

  include Clockwork(state, { retryTransfers = func() : async () {}; compareWithLedger = func() : async () {} });

  func recordPrice(minute : Nat64) {
    state.prices.add(minute, { minute_ns = minute; price_e8 = 2_800_100_000_000; sources = 3; recorded_ns = minute });
  };

  /// `count` orders of one minute, each by a trader of its own, with the price of their fill minute; all of it a few minutes ago.
  /// Order number `damaged` holds a premium that its trader's account lacks.
  public func place(count : Nat, damaged : Nat) : async () {
    ignore Tenors.put(state, { name = "1m"; minutes = 1; sigma_ppm = 600_000; strike_grid_e8 = 1_000_000; enabled = true });
    Money.move(state, #outside, #treasury, 1_000_000_000);
    let placed = Units.minuteOf(Units.now()) - 5 * Units.MINUTE_NS;
    for (index in Nat.range(0, count)) {
      let trader = Traders.findOrCreate(state, Principal.fromBlob(name(index)), placed);
      Money.move(state, #outside, #available trader, 100_000);
      ignore Positions.place(
        state,
        {
          trader;
          clientOrderId = index.toText();
          direction = #call;
          payout = 100_000;
          tenor = "1m";
          strike = #at 2_800_000_000_000;
          maxPremium = 90_000;
          placed;
          fillMinute = placed + Units.MINUTE_NS;
          expiry = placed + 2 * Units.MINUTE_NS;
          reserve = 100_000;
        },
      );
      if (index == damaged) trader.reserved := 1;
    };
    recordPrice(placed + Units.MINUTE_NS);
  };

  func name(index : Nat) : Blob = (index + 1_000).toText().encodeUtf8();

  /// Damages one open position and makes all of them due.
  public func make_due(damaged : Nat) : async () {
    let ?position = Positions.find(state, damaged) else return;
    position.trader.openPremium := 0;
    recordPrice(position.expiry);
  };

  public func run() : async () { await round() };

  public query func result() : async { open : Nat; settled : Nat; pending : Nat; setAside : [(Nat, Text)] } {
    { open = state.totals.open; settled = state.totals.settled; pending = state.totals.pending; setAside = state.setAside.toArray() };
  };

  /// Undoes the damage without touching the position.
  public func mend(damaged : Nat) : async () {
    let ?position = Positions.find(state, damaged) else return;
    switch (position.state) {
      case (#open fill) position.trader.openPremium := fill.premium;
      case (#pending) position.trader.reserved := position.maxPremium;
      case _ {};
    };
  };

  /// The owner cancels; answers whether that was possible.
  public func cancel(id : Nat) : async Bool {
    let ?position = Positions.find(state, id) else return false;
    switch (Orders.cancel(state, position.trader.owner, id, Units.now())) {
      case (#ok cancelled) cancelled.reserve == 0 and cancelled.trader.reserved == 0;
      case (#err _) false;
    };
  };

  /// What an upgrade does.
  public func restart() : async () { arm<system>() };

  /// An operator's pause that ends at once: what is pending then is to be cancelled.
  public func pause_briefly() : async () { state.cancelBelow := state.positions.size() };
  public query func cancel_below() : async Nat { state.cancelBelow };

  /// Undoes the damage done to an open position and settles it as an operator's request would.
  public func repair(damaged : Nat) : async () {
    let ?position = Positions.find(state, damaged) else return;
    switch (position.state) {
      case (#open fill) position.trader.openPremium := fill.premium;
      case _ {};
    };
    settleNow(damaged, Units.now());
  };
};
