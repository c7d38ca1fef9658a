/// The clockwork over a state in which one position is damaged: the others must be filled and settled all the same.
import EmptyState "../../../canisters/options/EmptyState";
import Clockwork "../../../canisters/options/api/Clockwork";
import List "mo:core/List";
import Map "mo:core/Map";
import Money "../../../canisters/options/Money";
import Names "../../../canisters/options/Names";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Orders "../../../canisters/options/Orders";
import Positions "../../../canisters/options/Positions";
import PriceBook "../../../canisters/options/PriceBook";
import Principal "mo:core/Principal";
import Settings "../../../canisters/options/Settings";
import Tenors "../../../canisters/options/Tenors";
import Terms "../../../canisters/options/Terms";
import Traders "../../../canisters/options/Traders";
import Text "mo:core/Text";
import Types "../../../canisters/options/Types";
import Units "../../../canisters/options/Units";

persistent actor {
  let nobody = Principal.fromText("aaaaa-aa");
  let state = EmptyState.empty({ ledger = nobody; exchangeRate = nobody; legacy = null }, Settings.defaults(), Units.now());

  include Clockwork(state, { retryTransfers = func() : async () {}; compareWithLedger = func() : async () {} });

  func recordPrice(minute : Nat64) {
    ignore PriceBook.record(state, { minute; price = 2_800_100_000_000; sources = 3; recorded = minute });
  };

  /// `count` orders of one minute, each by a trader of its own, with the price of their fill minute; all of it a few minutes ago.
  /// Order number `damaged` holds a premium that its trader's account lacks.
  public func place(count : Nat, damaged : Nat) : async () {
    let instrument : Types.Instrument = #digital { direction = #call; payout_sats = 50_000 };
    let volatility : Types.Volatility = #fixed { sigma_ppm = 600_000 };
    ignore Tenors.put(state, { name = "1m"; schedule = #minutes 1; volatility; band_ppm = 0; strike_grid_e8 = 1_000_000; enabled = true });
    let ?terms = Terms.of(state, instrument, "1m", #at 0) else return;
    Money.move(state, #outside, #treasury, 1_000_000_000);
    let placed = Units.minuteOf(Units.now()) - 5 * Units.MINUTE_NS;
    let expiry = placed + 2 * Units.MINUTE_NS;
    for (index in Nat.range(0, count)) {
      let trader = Traders.findOrCreate(state, Principal.fromBlob(name(index)), placed);
      Money.move(state, #outside, #available trader, 100_000);
      ignore Positions.place(
        state,
        {
          trader;
          clientOrderId = index.toText();
          terms;
          size = 50_000;
          cap = 0;
          strikeOrdered = 2_800_000_000_000;
          maxPremium = 45_000;
          maxPayout = 50_000;
          placed;
          expiry;
        },
        { nameHash = Names.hash(index.toText()); fillMinute = placed + Units.MINUTE_NS; bucket = Positions.bucket(state, expiry) },
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
  /// What a round has done when it is cut off after its first batch.
  public func one_batch(fills : Bool) : async () { if fills await fillBatch() else await settleBatch() };

  public query func result() : async { open : Nat; settled : Nat; pending : Nat; setAside : [(Nat, Text)] } {
    { open = state.totals.open; settled = state.totals.settled; pending = state.totals.pending; setAside = state.setAside.toArray() };
  };

  /// Undoes the damage without touching the position.
  public func mend(damaged : Nat) : async () {
    let ?position = Positions.find(state, damaged) else return;
    switch (position.status) {
      case (#open) position.trader.openPremium := Positions.premium(position);
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

  /// What settling has paid, and how many lines of payouts stand in the statements: more than one for a position would be one paid twice.
  public query func paid() : async { payouts : Nat64; lines : Nat; positions : Nat } {
    var lines = 0;
    for (trader in state.traders.values()) {
      for (line in trader.statement.values()) if (line % 16 == 1) lines += 1;
    };
    { payouts = state.totals.payouts; lines; positions = state.positions.size() };
  };

  public query func cancel_below() : async Nat { state.cancelBelow };

  /// Undoes the damage done to an open position and settles it as an operator's request would.
  public func repair(damaged : Nat) : async () {
    let ?position = Positions.find(state, damaged) else return;
    if (Positions.isOpen(position)) position.trader.openPremium := Positions.premium(position);
    settleNow(damaged, Units.now());
  };
};
