/// Stand-in for the Exchange Rate Canister on the local network: its Candid, its clock rules and its errors over recorded prices.
/// Never deployed on mainnet. `recording` says what is replayed, so that a screen can; the `set_...` methods are for tests.
import Cycles "mo:core/Cycles";
import Int "mo:core/Int";
import Nat64 "mo:core/Nat64";
import Principal "mo:core/Principal";
import Runtime "mo:core/Runtime";
import Time "mo:core/Time";
import Recording "Recording";
import Request "Request";
import Types "Types";

persistent actor class ExchangeRateReplay(init : Types.InitArgs) {
  /// What a caller must attach, and what a cached rate costs on mainnet (cycles).
  transient let ATTACHED_CYCLES = 1_000_000_000;
  transient let CACHED_RATE_CYCLES = 20_000_000;
  transient let NS_PER_S : Nat64 = 1_000_000_000;
  /// The same code as for a minute in the future: either way there is no rate for the minute, and asking again soon won't help.
  transient let NOT_RECORDED_CODE : Nat32 = Request.FUTURE_CODE;
  transient let DEFAULT_SOURCES : Nat64 = 3;

  // The recording stays where the first installation anchored it; the rest follows the argument of the newest upgrade.
  let recorded = Recording.create(init);
  transient let requireCycles = switch (init.require_cycles) { case (?required) required; case null false };
  transient let claimedSources = switch (init.sources) { case (?n) n; case null DEFAULT_SOURCES };
  var quality : ?Types.Quality = null;
  var fault : ?Types.ExchangeRateError = null;

  /// The rate of BTC in USD for a minute: the opening price of that minute.
  public shared ({ caller }) func get_exchange_rate(request : Types.Request) : async Types.Result {
    if (Principal.isAnonymous(caller)) return #Err(#AnonymousPrincipalNotAllowed);
    if (requireCycles and Cycles.available() < ATTACHED_CYCLES) return #Err(#NotEnoughCycles);
    // Takes less when less is there: on a network that charges nothing, nothing may be attached.
    ignore Cycles.accept<system>(CACHED_RATE_CYCLES);
    switch (fault) { case (?error) return #Err(error); case null {} };
    answer(request);
  };

  /// What is replayed: which minute of the network shows which recorded minute, how many there are, and where they were recorded.
  public query func recording() : async Types.RecordingInfo { Recording.info(recorded) };

  /// Test switch, controllers only: every request is answered with this error until it is unset with `null`.
  public shared ({ caller }) func set_fault(error : ?Types.ExchangeRateError) : async () {
    requireController(caller);
    fault := error;
  };

  /// Test switch, controllers only: replaces the rate (USD x 10^9) of one minute of the network (ns); `null` restores it.
  public shared ({ caller }) func set_rate(minute_ns : Nat64, rate_e9 : ?Nat64) : async () {
    requireController(caller);
    Recording.force(recorded, minute_ns, rate_e9);
  };

  /// Test switch, controllers only: what the metadata claims about sources and dispersion; `null` restores it.
  public shared ({ caller }) func set_quality(value : ?Types.Quality) : async () {
    requireController(caller);
    quality := value;
  };

  func answer({ base_asset; quote_asset; timestamp } : Types.Request) : Types.Result {
    switch (Request.unknownAsset(base_asset, quote_asset)) { case (?error) return #Err(error); case null {} };
    let minuteS = switch (Request.minute(timestamp, Nat64.fromNat(Int.abs(Time.now())) / NS_PER_S)) {
      case (#ok(minuteS)) minuteS;
      case (#err(error)) return #Err(error);
    };
    switch (Recording.rate(recorded, minuteS * NS_PER_S)) {
      case (#ok(rate)) #Ok({ base_asset; quote_asset; timestamp = minuteS; rate; metadata = metadata() });
      case (#err(description)) #Err(#Other({ code = NOT_RECORDED_CODE; description }));
    };
  };

  /// No forex rate takes part in BTC/USD: no forex source is claimed and no forex time.
  func metadata() : Types.Metadata {
    let { sources; standard_deviation } = switch (quality) {
      case (?claimed) claimed;
      case null ({ sources = claimedSources; standard_deviation = 0 : Nat64 });
    };
    {
      decimals = 9;
      base_asset_num_received_rates = sources;
      base_asset_num_queried_sources = sources;
      quote_asset_num_received_rates = 0;
      quote_asset_num_queried_sources = 0;
      standard_deviation;
      forex_timestamp = null;
    };
  };

  func requireController(caller : Principal) {
    if (not Principal.isController(caller)) Runtime.trap("only a controller may use the test switches");
  };
};
