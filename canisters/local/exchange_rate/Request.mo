/// How a request is read: which minute it means, and which assets there are.
import Nat64 "mo:core/Nat64";
import Types "Types";

module {
  let MINUTE_S : Nat64 = 60;
  /// The newest rate is asked for this many seconds back: exchanges need that long to publish a minute's opening.
  let LAG_S : Nat64 = 30;
  public let FUTURE_CODE : Nat32 = 1;

  /// The minute meant, seconds since 1970. Without a timestamp it is the one that contains the moment 30 s ago. A minute that
  /// hasn't begun is refused.
  public func minute(timestamp : ?Nat64, nowS : Nat64) : { #ok : Nat64; #err : Types.ExchangeRateError } {
    let ?asked = timestamp else return #ok(floor(nowS - LAG_S));
    let minuteS = floor(asked);
    if (minuteS > floor(nowS)) {
      let description = "Current IC time is " # Nat64.toText(nowS) # ". " # Nat64.toText(asked) # " is in the future!";
      return #err(#Other({ code = FUTURE_CODE; description }));
    };
    #ok(minuteS);
  };

  /// The error for any pair but BTC/USD, which is the only one recorded; the quote's forex rate is looked up first, as on mainnet.
  public func unknownAsset(base : Types.Asset, quote : Types.Asset) : ?Types.ExchangeRateError {
    switch (base.class_, quote.class_) {
      case (#Cryptocurrency, #FiatCurrency) {
        if (quote.symbol != "USD") ?#ForexQuoteAssetNotFound else if (base.symbol != "BTC") ?#CryptoBaseAssetNotFound else null;
      };
      case (#Cryptocurrency, #Cryptocurrency) if (base.symbol != "BTC") ?#CryptoBaseAssetNotFound else ?#CryptoQuoteAssetNotFound;
      case (#FiatCurrency, #Cryptocurrency) if (base.symbol != "USD") ?#ForexBaseAssetNotFound else ?#CryptoQuoteAssetNotFound;
      case (#FiatCurrency, #FiatCurrency) ?#ForexAssetsNotFound;
    };
  };

  func floor(seconds : Nat64) : Nat64 = seconds / MINUTE_S * MINUTE_S;
};
