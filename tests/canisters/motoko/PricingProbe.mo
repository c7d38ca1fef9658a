/// Lets tests call the options canister's pricing alone, and count what it costs.
import Array "mo:core/Array";
import FixedPoint "../../../canisters/options/FixedPoint";
import InternetComputer "mo:core/InternetComputer";
import Pricing "../../../canisters/options/Pricing";
import Settings "../../../canisters/options/Settings";
import Types "../../../canisters/options/Types";

persistent actor {
  public type Digital = { spot_e8 : Nat; strike_e8 : Nat; sigma_ppm : Nat; seconds : Nat };
  /// Shares of the payout x 10^18, and the instructions both took together (0 where the network doesn't count them).
  public type Shares = { call : Nat; put : Nat; instructions : Nat64 };

  public query func digital_shares(digitals : [Digital]) : async [Shares] {
    digitals.map<Digital, Shares>(
      func({ spot_e8; strike_e8; sigma_ppm; seconds }) {
        var call = 0;
        var put = 0;
        let instructions = InternetComputer.countInstructions(
          func() {
            call := Pricing.digitalShare(#call, spot_e8, strike_e8, sigma_ppm, seconds);
            put := Pricing.digitalShare(#put, spot_e8, strike_e8, sigma_ppm, seconds);
          }
        );
        { call; put; instructions };
      }
    );
  };

  /// What a new exchange starts with.
  public query func default_settings() : async Types.Settings { Settings.defaults() };

  public query func premium(fair : Nat, payout : Nat, settings : Types.Settings, utilisation_ppm : Nat) : async Pricing.Premium {
    Pricing.premium(fair, payout, settings, utilisation_ppm);
  };

  public query func is_too_far(fair : Nat, payout : Nat, settings : Types.Settings) : async Bool {
    Pricing.isTooFar(fair, payout, settings);
  };

  public query func utilisation_ppm(open_reserve : Nat, reserve : Nat, total : Nat) : async Nat {
    Pricing.utilisationPpm(open_reserve, reserve, total);
  };

  public query func normal(xs : [Int]) : async [Nat] { xs.map<Int, Nat>(FixedPoint.normal) };
  public query func ln_ratio(a : Nat, b : Nat) : async Int { FixedPoint.lnRatio(a, b) };
  public query func square_root(n : Nat) : async Nat { FixedPoint.squareRoot(n) };
};
