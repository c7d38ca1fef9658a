/// A contract, digital or capped: the most it can ever pay, what it is worth, and what it pays at a settlement price. Payouts are rounded
/// down, values up, both to the reserve's favour.

import Greeks "Greeks";
import Int64 "mo:core/Int64";
import Nat64 "mo:core/Nat64";
import Payoff "Payoff";
import Pricing "Pricing";
import State "State";
import Types "Types";
import Units "Units";

module {
  /// `size`: the payout of a digital, the notional of a capped option, sats; `cap`: USD x 10^8, 0 for a digital.
  public type Contract = { kind : { #digital; #capped }; direction : Types.Direction; size : Nat64; cap : Nat64 };

  /// The most a contract with this strike can pay, sats. A cap lies below the strike.
  public func largest({ kind; direction; size; cap } : Contract, strike : Nat64) : Nat64 = switch kind {
    case (#digital) size;
    case (#capped) Payoff.maxPayoutSats(direction, size, strike, cap);
  };

  /// The fair value in sats. `seconds`: until the expiry.
  public func fair({ kind; direction; size; cap } : Contract, spot : Nat64, strike : Nat64, sigmaPpm : Nat64, seconds : Nat64) : Nat64 = switch kind {
    case (#digital) Pricing.digitalFairSats(direction, size, spot, strike, sigmaPpm, seconds);
    case (#capped) Pricing.cappedFairSats(direction, size, spot, strike, cap, sigmaPpm, seconds);
  };

  /// How the value of the whole contract moves, in micro-satoshi (see Greeks.mo for the steps).
  public func greeks({ kind; direction; size; cap } : Contract, spot : Nat64, strike : Nat64, sigmaPpm : Nat64, seconds : Nat64) : Types.Greeks {
    let { delta; gamma; vega; theta } = switch kind {
      case (#digital) Greeks.digital(direction, spot, strike, sigmaPpm, seconds);
      case (#capped) Greeks.capped(direction, spot, strike, cap, sigmaPpm, seconds);
    };
    // A share x 10^18 of the size, in 10^-6 sats.
    func sats(share : Int64) : Int = share.toInt() * size.toNat() / 1_000_000_000_000;
    { delta = sats(delta); gamma = sats(gamma); vega = sats(vega); theta = sats(theta) };
  };

  /// Outcome and payout of an open position at a price. A digital ties at cent precision, rounded half-up, and pays its premium back;
  /// everything else is decided at full precision.
  public func settle(position : State.Position, price : Nat64) : (Types.Outcome, Nat64) {
    let { terms; size; cap; strike } = position;
    switch (terms.kind) {
      case (#digital) {
        if (Units.centsHalfUp(price) == Units.centsHalfUp(strike)) return (#tie, position.fair + position.spread + position.skew);
        let above = price > strike;
        if (above == (terms.direction == #call)) (#win, size) else (#loss, 0);
      };
      case (#capped) {
        let payout = Payoff.payoutSats(terms.direction, size, strike, cap, price);
        if (payout == 0) (#loss, 0) else (#win, payout);
      };
    };
  };
};
