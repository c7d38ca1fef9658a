/// The oracle client over a clock that jumps with every look, as if each answer took long.
import EmptyState "../../../canisters/options/EmptyState";
import Map "mo:core/Map";
import Nat64 "mo:core/Nat64";
import OracleClient "../../../canisters/options/OracleClient";
import Principal "mo:core/Principal";
import Settings "../../../canisters/options/Settings";
import Units "../../../canisters/options/Units";

persistent actor class SlowOracleProbe(exchangeRate : Principal) {
  let nobody = Principal.fromText("aaaaa-aa");
  let state = EmptyState.empty({ ledger = nobody; exchangeRate; legacy = null }, Settings.defaults(), 0);

  /// Asks for three missing minutes with `step` ns between two looks at the clock, from 35 s past a minute on.
  public func ask_for_missing(step : Nat64) : async () {
    let asking = OracleClient.newAsking();
    var clock : Nat64 = Units.minuteOf(Units.now()) + 35 * Units.SECOND_NS;
    state.oracle.wanted.clear();
    for (back in Nat64.range(3, 6)) state.oracle.wanted.add(Units.minuteOf(clock) - back * Units.MINUTE_NS, clock + 3_600 * Units.SECOND_NS);
    await* OracleClient.missing(
      state,
      asking,
      func() {
        clock += step;
        clock;
      },
    );
  };
};
