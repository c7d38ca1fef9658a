/// The Exchange Rate Canister (XRC) as this canister calls it.
///
/// Results are declared `opt`: by Candid's rules an answer this version can't read (a new error, say) then arrives as null
/// instead of ending the call with a trap.

module {
  public type AssetClass = { #Cryptocurrency; #FiatCurrency };
  public type Asset = { symbol : Text; class_ : AssetClass };
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
  public type RateError = {
    #AnonymousPrincipalNotAllowed;
    #Pending;
    #CryptoBaseAssetNotFound;
    #CryptoQuoteAssetNotFound;
    #StablecoinRateNotFound;
    #StablecoinRateTooFewRates;
    #StablecoinRateZeroRate;
    #ForexInvalidTimestamp;
    #ForexBaseAssetNotFound;
    #ForexQuoteAssetNotFound;
    #ForexAssetsNotFound;
    #RateLimited;
    #NotEnoughCycles;
    #FailedToAcceptCycles;
    #InconsistentRatesReceived;
    #Other : { code : Nat32; description : Text };
  };
  public type Result = ?{ #Ok : Rate; #Err : ?RateError };
  public type Request = { base_asset : Asset; quote_asset : Asset; timestamp : ?Nat64 };
  public type Self = actor { get_exchange_rate : Request -> async Result };

  /// Cycles to attach to a question; what is not used comes back.
  public let CYCLES : Nat = 1_000_000_000;

  /// The question for bitcoin in US dollars, at a time in seconds or (null) the newest there is.
  public func bitcoinInDollars(timestamp : ?Nat64) : Request = {
    base_asset = { symbol = "BTC"; class_ = #Cryptocurrency };
    quote_asset = { symbol = "USD"; class_ = #FiatCurrency };
    timestamp;
  };
};
