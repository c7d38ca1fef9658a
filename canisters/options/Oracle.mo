/// Which answers of the exchange rate canister may become prices, and which minutes to ask for. Pure rules; OracleClient.mo asks.

import Array "mo:core/Array";
import Fills "Fills";
import Format "Format";
import List "mo:core/List";
import Map "mo:core/Map";
import Nat32 "mo:core/Nat32";
import Nat64 "mo:core/Nat64";
import ExchangeRate "ExchangeRate";
import PriceBook "PriceBook";
import Settlement "Settlement";
import State "State";
import Text "mo:core/Text";
import Types "Types";
import Units "Units";

module {
  type State = State.State;

  /// A minute's price is asked for this long after it began: the exchange rate canister answers `null` with floor(now - 30 s).
  public let ASK_AFTER_NS : Nat64 = 31_000_000_000;

  public type Verdict = {
    #accept : State.Accepted;
    /// Far from the price before, or with none to compare with: a second answer for the same minute must agree.
    #confirm : State.Accepted;
    #refuse : Text;
  };

  /// Judges an answer by the guards: the right pair, a whole minute that is not in the future, enough sources that agree
  /// with each other, and no jump against the price before. The first price ever, and the first after a gap, could be a jump of any size.
  public func judge(state : State, rate : ExchangeRate.Rate, now : Nat64) : Verdict {
    let { metadata } = rate;
    let settings = state.settings;
    if (rate.base_asset.symbol != "BTC" or rate.quote_asset.symbol != "USD") return #refuse "The answer is about another pair.";
    if (rate.timestamp > now / Units.SECOND_NS) return #refuse "The answer is from the future.";
    let minute = rate.timestamp * Units.SECOND_NS;
    if (minute % Units.MINUTE_NS != 0) return #refuse "The answer is not for a whole minute.";
    let sources = metadata.base_asset_num_received_rates;
    if (sources < settings.min_sources) {
      return #refuse("Only " # sources.toText() # " sources, " # settings.min_sources.toText() # " are needed.");
    };
    if (metadata.decimals > 18) return #refuse "The answer has too many decimals.";
    let rateE8 = rate.rate.toNat() * 100_000_000 / 10 ** metadata.decimals.toNat();
    if (rateE8 == 0 or rateE8 > Units.MAX_PRICE_E8.toNat()) return #refuse "The rate is out of any range.";
    let price = Nat64.fromNat(rateE8);
    if (metadata.standard_deviation.toNat() * Units.PPM.toNat() > rate.rate.toNat() * settings.max_dispersion_ppm.toNat()) {
      return #refuse "The sources disagree more than allowed.";
    };
    let entry : State.Accepted = {
      minute;
      price;
      sources;
      recorded = now;
    };
    switch (PriceBook.before(state, minute)) {
      case (?before) if (near(price, before.price, settings.max_jump_ppm)) #accept entry else #confirm entry;
      case null #confirm entry;
    };
  };

  /// Whether two prices differ by at most `ppm` of the second.
  public func near(price : Nat64, reference : Nat64, ppm : Nat64) : Bool {
    let difference = if (price > reference) price - reference else reference - price;
    difference.toNat() * Units.PPM.toNat() <= reference.toNat() * ppm.toNat();
  };

  /// Whether a second answer confirms a jump: the same minute, and as near as the sources must be to each other.
  public func confirms(state : State, first : State.Accepted, second : Verdict) : Bool = switch second {
    case (#accept entry or #confirm entry) {
      entry.minute == first.minute and near(entry.price, first.price, state.settings.max_dispersion_ppm);
    };
    case (#refuse _) false;
  };

  /// The answers for a minute that is set aside, with one more: newest last, each once, the last ten.
  public func accumulated(answers : [Nat64], answer : Nat64) : [Nat64] {
    let others = answers.filter(func(earlier) = earlier != answer);
    let size = others.size();
    let kept = if (size > 9) others.sliceToArray(size - 9 : Nat, size) else others;
    kept.concat([answer]);
  };

  /// The newest minute whose price can be asked for.
  public func newestAskable(now : Nat64) : Nat64 = Units.minuteOf(Units.minusOrZero(now, ASK_AFTER_NS));

  /// Minutes that must get a price although they are no longer the newest: fill minutes of pending orders, expiries of open
  /// positions, and those wanted by legacy settlements.
  public func minutesNeeded(state : State, now : Nat64) : [Nat64] {
    let minutes = List.empty<Nat64>();
    let newest = newestAskable(now);
    func take(found : [Nat64]) = for (minute in found.values()) if (minute <= newest) minutes.add(minute);
    take(Fills.minutesNeeded(state, now));
    take(Settlement.minutesNeeded(state, now));
    for ((minute, until) in state.oracle.wanted.entries()) {
      if (minute <= newest and now < until) minutes.add(minute);
    };
    minutes.toArray();
  };

  /// An error of the exchange rate canister in words, beginning with its name there. None of them ends the asking: the next round asks again.
  public func explain(error : ?ExchangeRate.RateError) : Text {
    let words = switch error {
      case (?#Pending) "Pending: it is still fetching this minute";
      case (?#RateLimited) "RateLimited: it was asked too often";
      case (?#NotEnoughCycles) "NotEnoughCycles: the question carried too few; the exchange needs a top-up";
      case (?#FailedToAcceptCycles) "FailedToAcceptCycles: it could not take its fee";
      case (?#AnonymousPrincipalNotAllowed) "AnonymousPrincipalNotAllowed: it takes this canister for nobody";
      case (?#CryptoBaseAssetNotFound) "CryptoBaseAssetNotFound: no source has a bitcoin price for this minute";
      case (?#CryptoQuoteAssetNotFound) "CryptoQuoteAssetNotFound: no source has a price of the other asset for this minute";
      case (?#StablecoinRateNotFound) "StablecoinRateNotFound: no stablecoin rate for this minute";
      case (?#StablecoinRateTooFewRates) "StablecoinRateTooFewRates: too few stablecoin rates for this minute";
      case (?#StablecoinRateZeroRate) "StablecoinRateZeroRate: a stablecoin rate is zero";
      case (?#ForexInvalidTimestamp) "ForexInvalidTimestamp: no dollar rates for this time";
      case (?#ForexBaseAssetNotFound) "ForexBaseAssetNotFound: no forex rate of the base asset";
      case (?#ForexQuoteAssetNotFound) "ForexQuoteAssetNotFound: no forex rate of the dollar";
      case (?#ForexAssetsNotFound) "ForexAssetsNotFound: no forex rates";
      case (?#InconsistentRatesReceived) "InconsistentRatesReceived: its sources disagree too much";
      case (?#Other { code; description }) "Other " # code.toText() # ": " # Format.shortened(description, 200);
      case null return "The exchange rate canister gave an error of a kind not known here.";
    };
    "The exchange rate canister says " # words;
  };
};
