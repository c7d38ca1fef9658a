/// An exchange rate canister that answers whatever a test wants, also what the real one never should, and remembers what it was asked.
import List "mo:core/List";
import Nat "mo:core/Nat";

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
  public type Answer = { #Ok : Rate; #Err : { #Pending; #SomethingNew : { hint : Text } }; #Nonsense : Nat; #Trap };
  public type Request = { base_asset : Asset; quote_asset : Asset; timestamp : ?Nat64 };

  /// Given one after the other, the last one for ever.
  var answers : [Answer] = [#Err(#Pending)];
  let timestamps = List.empty<?Nat64>();

  public func set_answers(next : [Answer]) : async () {
    answers := next;
    timestamps.clear();
  };

  /// The timestamps asked for since the answers were set.
  public query func asked() : async [?Nat64] { timestamps.toArray() };

  public func get_exchange_rate(request : Request) : async Answer {
    let answer = answers[Nat.min(timestamps.size(), answers.size() - 1 : Nat)];
    timestamps.add(request.timestamp);
    if (answer == #Trap) assert false;
    answer;
  };
};
