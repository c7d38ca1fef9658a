/// Lets tests call the options canister's pricing alone, and count what it costs.
import Array "mo:core/Array";
import FairValue "../../../canisters/options/FairValue";
import FixedPoint "../../../canisters/options/FixedPoint";
import Greeks "../../../canisters/options/Greeks";
import InternetComputer "mo:core/InternetComputer";
import Moneyness "../../../canisters/options/Moneyness";
import Nat64 "mo:core/Nat64";
import Normal "../../../canisters/options/Normal";
import Payoff "../../../canisters/options/Payoff";
import Premium "../../../canisters/options/Premium";
import Pricing "../../../canisters/options/Pricing";
import Settings "../../../canisters/options/Settings";
import Types "../../../canisters/options/Types";
import Volatility "../../../canisters/options/Volatility";

persistent actor {
  /// A digital when the cap is 0, else a capped option too.
  public type Option = { spot_e8 : Nat64; strike_e8 : Nat64; cap_e8 : Nat64; sigma_ppm : Nat64; seconds : Nat64 };
  public type Shares = { digital_call : Nat64; digital_put : Nat64; capped_call : Nat64; capped_put : Nat64 };
  public type AllGreeks = { digital_call : Greeks.Greeks; digital_put : Greeks.Greeks; capped_call : Greeks.Greeks; capped_put : Greeks.Greeks };

  func sharesOf({ spot_e8; strike_e8; cap_e8; sigma_ppm; seconds } : Option) : Shares = {
    digital_call = Pricing.digitalShare(#call, spot_e8, strike_e8, sigma_ppm, seconds);
    digital_put = Pricing.digitalShare(#put, spot_e8, strike_e8, sigma_ppm, seconds);
    capped_call = if (cap_e8 == 0) 0 else Pricing.cappedShare(#call, spot_e8, strike_e8, cap_e8, sigma_ppm, seconds);
    capped_put = if (cap_e8 == 0) 0 else Pricing.cappedShare(#put, spot_e8, strike_e8, cap_e8, sigma_ppm, seconds);
  };

  /// x 10^18.
  public query func shares(options : [Option]) : async [Shares] { options.map(sharesOf) };

  let none : Greeks.Greeks = { delta = 0; gamma = 0; vega = 0; theta = 0 };

  public query func greeks(options : [Option]) : async [AllGreeks] {
    options.map<Option, AllGreeks>(
      func({ spot_e8; strike_e8; cap_e8; sigma_ppm; seconds }) = {
        digital_call = Greeks.digital(#call, spot_e8, strike_e8, sigma_ppm, seconds);
        digital_put = Greeks.digital(#put, spot_e8, strike_e8, sigma_ppm, seconds);
        capped_call = if (cap_e8 == 0) none else Greeks.capped(#call, spot_e8, strike_e8, cap_e8, sigma_ppm, seconds);
        capped_put = if (cap_e8 == 0) none else Greeks.capped(#put, spot_e8, strike_e8, cap_e8, sigma_ppm, seconds);
      }
    );
  };

  /// What each of these costs for one option, instructions; all 0 where the network doesn't count them.
  public query func costs({ spot_e8; strike_e8; cap_e8; sigma_ppm; seconds } : Option) : async [(Text, Nat64)] {
    let estimate = Volatility.seed(sigma_ppm);
    let empty = InternetComputer.countInstructions(func() {});
    let count = func(name : Text, work : () -> ()) : (Text, Nat64) = (name, InternetComputer.countInstructions(work) - empty);
    let s = Moneyness.deviation(sigma_ppm, seconds);
    [
      count("deviation", func() { ignore Moneyness.deviation(sigma_ppm, seconds) }),
      count("distance", func() { ignore Moneyness.distance(spot_e8, strike_e8, s) }),
      count("normal", func() { ignore Normal.tail(1_500_000_000_000_000_000) }),
      count("N(d1)", func() { ignore FairValue.normalD1(spot_e8, strike_e8, s) }),
      count("digitalShare", func() { ignore Pricing.digitalShare(#call, spot_e8, strike_e8, sigma_ppm, seconds) }),
      count("cappedShare call", func() { ignore Pricing.cappedShare(#call, spot_e8, strike_e8, cap_e8, sigma_ppm, seconds) }),
      count("cappedShare put", func() { ignore Pricing.cappedShare(#put, spot_e8, strike_e8, cap_e8, sigma_ppm, seconds) }),
      count("digital greeks", func() { ignore Greeks.digital(#call, spot_e8, strike_e8, sigma_ppm, seconds) }),
      count("capped greeks", func() { ignore Greeks.capped(#call, spot_e8, strike_e8, cap_e8, sigma_ppm, seconds) }),
      count("observe", func() { Volatility.observe(estimate, 0, spot_e8, 1, strike_e8, { lambda_ppm = 990_000 }) }),
      count("mulDiv", func() { ignore FixedPoint.mulDiv(spot_e8, FixedPoint.ONE, strike_e8) }),
    ];
  };

  public type FairRequest = { option : Option; direction : Pricing.Direction; sats : Nat64 };

  /// Sats, for a payout (cap 0) or a notional.
  func fairOf({ option; direction; sats } : FairRequest, sigma : Nat64) : Nat64 {
    let { spot_e8; strike_e8; cap_e8; seconds } = option;
    if (cap_e8 == 0) Pricing.digitalFairSats(direction, sats, spot_e8, strike_e8, sigma, seconds) else Pricing.cappedFairSats(
      direction,
      sats,
      spot_e8,
      strike_e8,
      cap_e8,
      sigma,
      seconds,
    );
  };

  public query func fair_sats(requests : [FairRequest]) : async [Nat64] {
    requests.map<FairRequest, Nat64>(func(request) = fairOf(request, request.option.sigma_ppm));
  };

  public type PremiumRequest = { fair : FairRequest; band_ppm : Nat64; parameters : Premium.Parameters; utilisation_ppm : Nat64 };

  func mostOf({ option; direction; sats } : FairRequest) : Nat64 = if (option.cap_e8 == 0) sats else Payoff.maxPayoutSats(
    direction,
    sats,
    option.strike_e8,
    option.cap_e8,
  );

  /// Premiums, and whether the strike is too far away to be sold.
  public query func premiums(requests : [PremiumRequest]) : async [(Premium.Premium, Bool)] {
    requests.map<PremiumRequest, (Premium.Premium, Bool)>(
      func({ fair; band_ppm; parameters; utilisation_ppm }) {
        let worth = Premium.worth(fair.option.sigma_ppm, band_ppm, func(sigma) = fairOf(fair, sigma));
        let most = mostOf(fair);
        (Premium.premium(worth, most, parameters, utilisation_ppm), Premium.isTooFar(worth.fair, most, parameters));
      }
    );
  };

  public query func premium(worth : Premium.Worth, most : Nat64, parameters : Premium.Parameters, utilisation_ppm : Nat64) : async Premium.Premium {
    Premium.premium(worth, most, parameters, utilisation_ppm);
  };

  public query func is_too_far(fair : Nat64, most : Nat64, parameters : Premium.Parameters) : async Bool {
    Premium.isTooFar(fair, most, parameters);
  };

  public query func utilisation_ppm(open_reserve : Nat64, reserve : Nat64, total : Nat64) : async Nat64 {
    Premium.utilisationPpm(open_reserve, reserve, total);
  };

  public query func max_payouts(requests : [FairRequest]) : async [Nat64] { requests.map(mostOf) };

  /// What capped options pay at a price.
  public query func payouts(requests : [(FairRequest, Nat64)]) : async [Nat64] {
    requests.map<(FairRequest, Nat64), Nat64>(
      func({ option; direction; sats }, price) = Payoff.payoutSats(direction, sats, option.strike_e8, option.cap_e8, price)
    );
  };

  public type Estimate = { lambda_ppm : Nat64; seed_ppm : Nat64; prices : [(Nat64, Nat64)]; use : Volatility.Use };

  /// The variance x 10^18 and the volatility after each price (minute, USD x 10^8) but the first.
  public query func estimate({ lambda_ppm; seed_ppm; prices; use } : Estimate) : async [(Nat64, Nat64)] {
    let state = Volatility.seed(seed_ppm);
    let later = prices.sliceToArray(1, prices.size());
    later.mapEntries<(Nat64, Nat64), (Nat64, Nat64)>(
      func((minute, price), index) {
        let (before, last) = prices[index];
        Volatility.observe(state, before, last, minute, price, { lambda_ppm });
        (state.varianceE18, Volatility.sigmaPpm(state, use));
      }
    );
  };

  /// What a new exchange estimates volatility with, and uses of it for a tenor.
  public query func default_volatility(minutes : Nat64) : async {
    lambda_ppm : Nat64;
    seed_ppm : Nat64;
    use : Volatility.Use;
    band_ppm : Nat64;
  } {
    let use = Volatility.defaults(minutes);
    { lambda_ppm = Volatility.LAMBDA_PPM; seed_ppm = Volatility.SEED_PPM; use; band_ppm = use.vol_band_ppm };
  };

  /// What a new exchange starts with.
  public query func default_settings() : async Types.Settings { Settings.defaults() };

  /// 1 - N(x) and the density over 2^64, x over 2^60.
  public query func normal(xs : [Nat64]) : async [(Nat64, Nat64)] {
    xs.map<Nat64, (Nat64, Nat64)>(func(x) = (Normal.tail(x), Normal.density(x)));
  };
  public query func mul_div(rows : [(Nat64, Nat64, Nat64)]) : async [Nat64] {
    rows.map<(Nat64, Nat64, Nat64), Nat64>(func(a, b, c) = FixedPoint.mulDiv(a, b, c));
  };
  public query func square_root(ns : [Nat64]) : async [Nat64] { ns.map(FixedPoint.squareRoot) };
};
