/// What a capped option can pay and what it does pay, in sats. Digitals pay a fixed amount: there is nothing to compute.

import FixedPoint "FixedPoint";

module {
  public type Direction = { #call; #put };

  /// The most a capped option can pay, sats: call notional * cap / (K + cap), reached at S = K + cap; put notional * cap / (K - cap), reached at
  /// S = K - cap and kept from there down. K > cap > 0, USD x 10^8.
  ///
  /// Rounded down, as payouts are: at any settlement price the exact payout is at most the exact maximum, and rounding down keeps that
  /// order, so a reserve of this many sats is never short. More than fits a word (a put whose cap nearly reaches its strike) is the
  /// largest word: far above any limit on a payout, so nobody can order it.
  public func maxPayoutSats(direction : Direction, notionalSats : Nat64, strikeE8 : Nat64, capE8 : Nat64) : Nat64 = switch direction {
    case (#call) FixedPoint.mulDiv(notionalSats, capE8, strikeE8 + capE8);
    case (#put) FixedPoint.mulDivAtMost(notionalSats, capE8, strikeE8 - capE8);
  };

  /// What a capped option pays at the settlement price S, sats: notional * min(max(S - K, 0), cap) / S for a call, min(max(K - S, 0), cap) for a put,
  /// rounded down, never more than maxPayoutSats. S > 0.
  public func payoutSats(
    direction : Direction,
    notionalSats : Nat64,
    strikeE8 : Nat64,
    capE8 : Nat64,
    settlementE8 : Nat64,
  ) : Nat64 {
    let gain : Nat64 = switch direction {
      case (#call) if (settlementE8 > strikeE8) settlementE8 - strikeE8 else 0 : Nat64;
      case (#put) if (strikeE8 > settlementE8) strikeE8 - settlementE8 else 0 : Nat64;
    };
    let payout = FixedPoint.mulDivAtMost(notionalSats, if (gain < capE8) gain else capE8, settlementE8);
    let most = maxPayoutSats(direction, notionalSats, strikeE8, capE8);
    if (payout < most) payout else most;
  };
};
