/// Candid types of the Exchange Rate Canister, and of the recording that stands in for the exchanges.
module {
  public type AssetClass = { #Cryptocurrency; #FiatCurrency };
  public type Asset = { symbol : Text; class_ : AssetClass };

  /// `timestamp`: seconds since 1970; `null` asks for the newest rate.
  public type Request = { base_asset : Asset; quote_asset : Asset; timestamp : ?Nat64 };

  public type Metadata = {
    decimals : Nat32;
    base_asset_num_received_rates : Nat64;
    base_asset_num_queried_sources : Nat64;
    quote_asset_num_received_rates : Nat64;
    quote_asset_num_queried_sources : Nat64;
    standard_deviation : Nat64;
    forex_timestamp : ?Nat64;
  };
  /// `timestamp`: seconds since 1970, a whole minute; `rate`: quote per base x 10^decimals.
  public type ExchangeRate = { base_asset : Asset; quote_asset : Asset; timestamp : Nat64; rate : Nat64; metadata : Metadata };

  public type ExchangeRateError = {
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
  public type Result = { #Ok : ExchangeRate; #Err : ExchangeRateError };

  public type InitArgs = {
    /// The network's minute (ns) that shows the recording's first price.
    anchor_minute_ns : Nat64;
    /// The minute (ns) whose opening price the first entry is.
    first_recorded_ns : Nat64;
    /// Opening prices, one a minute without gaps, US cents per bitcoin.
    closes_cents : [Nat32];
    /// Where the prices were recorded, for people.
    source : Text;
    /// How many sources a rate claims to come from; 3 when absent. The replay stands in for the median of several exchanges, and
    /// consumers refuse rates of fewer sources; set it lower to test that they do.
    sources : ?Nat64;
    /// Refuse calls with less than 1 B cycles attached, as mainnet does; false when absent, because the local network charges nothing.
    require_cycles : ?Bool;
  };
  public type RecordingInfo = { anchor_minute_ns : Nat64; first_recorded_ns : Nat64; minutes : Nat; source : Text };

  /// Test switch: what the rates' metadata claims instead of what `sources` in the init argument says.
  public type Quality = { sources : Nat64; standard_deviation : Nat64 };
};
