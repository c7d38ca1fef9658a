/// An exchange rate canister that holds back its answers while a test says so.
import Int "mo:core/Int";
import Nat64 "mo:core/Nat64";
import Time "mo:core/Time";

persistent actor {
  public type Asset = { symbol : Text; class_ : { #Cryptocurrency; #FiatCurrency } };
  public type Rate = {
    base_asset : Asset;
    quote_asset : Asset;
    timestamp : Nat64;
    rate : Nat64;
    metadata : {
      decimals : Nat32;
      base_asset_num_received_rates : Nat64;
      base_asset_num_queried_sources : Nat64;
      quote_asset_num_received_rates : Nat64;
      quote_asset_num_queried_sources : Nat64;
      standard_deviation : Nat64;
      forex_timestamp : ?Nat64;
    };
  };
  public type Request = { base_asset : Asset; quote_asset : Asset; timestamp : ?Nat64 };

  var holding = false;
  var waiting = 0;

  public func set_holding(value : Bool) : async () { holding := value };
  public query func waits() : async Nat { waiting };

  func pass() : async () {};

  /// 28,000 USD, for the minute that was asked for.
  public func get_exchange_rate(request : Request) : async { #Ok : Rate; #Err : { #Pending } } {
    let seconds = switch (request.timestamp) {
      case (?asked) asked;
      case null Nat64.fromNat(Int.abs(Time.now())) / 1_000_000_000 - 30;
    };
    waiting += 1;
    while holding await pass();
    waiting -= 1;
    #Ok {
      base_asset = request.base_asset;
      quote_asset = request.quote_asset;
      timestamp = seconds / 60 * 60;
      rate = 28_000_000_000_000;
      metadata = {
        decimals = 9;
        base_asset_num_received_rates = 5;
        base_asset_num_queried_sources = 5;
        quote_asset_num_received_rates = 0;
        quote_asset_num_queried_sources = 0;
        standard_deviation = 0;
        forex_timestamp = null;
      };
    };
  };
};
