/// The recorded prices, laid on the network's clock: one recorded minute for every minute since the anchor.
import Map "mo:core/Map";
import Nat32 "mo:core/Nat32";
import Nat64 "mo:core/Nat64";
import Runtime "mo:core/Runtime";
import Types "Types";

module {
  public let MINUTE_NS : Nat64 = 60_000_000_000;
  /// Rates have 9 decimals: one cent is 10^7.
  let RATE_PER_CENT : Nat64 = 10_000_000;

  public type Recording = {
    anchorNs : Nat64;
    firstRecordedNs : Nat64;
    closesCents : [Nat32];
    source : Text;
    /// Test switch: rates (USD x 10^9) of single minutes (ns) that replace the recorded ones.
    overrides : Map.Map<Nat64, Nat64>;
  };

  /// Traps when the argument isn't a recording: nothing recorded, or times that aren't whole minutes.
  public func create(init : Types.InitArgs) : Recording {
    if (init.closes_cents.size() == 0) Runtime.trap("a recording has at least one price");
    if (init.anchor_minute_ns % MINUTE_NS != 0) Runtime.trap("anchor_minute_ns must be a whole minute");
    if (init.first_recorded_ns % MINUTE_NS != 0) Runtime.trap("first_recorded_ns must be a whole minute");
    {
      anchorNs = init.anchor_minute_ns;
      firstRecordedNs = init.first_recorded_ns;
      closesCents = init.closes_cents;
      source = init.source;
      overrides = Map.empty();
    };
  };

  public func info(self : Recording) : Types.RecordingInfo = {
    anchor_minute_ns = self.anchorNs;
    first_recorded_ns = self.firstRecordedNs;
    minutes = self.closesCents.size();
    source = self.source;
  };

  /// The rate (USD x 10^9) of a whole minute of the network (ns), or why there is none, in words.
  public func rate(self : Recording, minuteNs : Nat64) : { #ok : Nat64; #err : Text } {
    switch (Map.get(self.overrides, Nat64.compare, minuteNs)) { case (?forced) return #ok(forced); case null {} };
    if (minuteNs < self.anchorNs) {
      return #err("The minute lies before the replayed recording, which starts at " # seconds(self.anchorNs) # " (Unix seconds).");
    };
    let index = Nat64.toNat((minuteNs - self.anchorNs) / MINUTE_NS);
    if (index >= self.closesCents.size()) {
      return #err("The replayed recording ended at " # seconds(lastMinuteNs(self)) # " (Unix seconds).");
    };
    #ok(Nat64.fromNat32(self.closesCents[index]) * RATE_PER_CENT);
  };

  /// Replaces the rate of one minute, or restores the recorded one with `null`.
  public func force(self : Recording, minuteNs : Nat64, rateE9 : ?Nat64) {
    if (minuteNs % MINUTE_NS != 0) Runtime.trap("minute_ns must be a whole minute");
    switch (rateE9) {
      case (?rate) Map.add(self.overrides, Nat64.compare, minuteNs, rate);
      case null Map.remove(self.overrides, Nat64.compare, minuteNs);
    };
  };

  func lastMinuteNs(self : Recording) : Nat64 = self.anchorNs + Nat64.fromNat(self.closesCents.size() - 1) * MINUTE_NS;

  func seconds(ns : Nat64) : Text = Nat64.toText(ns / 1_000_000_000);
};
