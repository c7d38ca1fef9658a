/// The rules of positions that live on the legacy platform: when they are due, what they pay. Integer cents.

import LegacyBorder "../shared/LegacyBorder";
import Nat64 "mo:core/Nat64";
import Types "Types";
import Units "Units";

module {
  public type Terms = LegacyBorder.Terms;
  public type Result = { outcome : Types.Outcome; payoutCents : Nat64; profitCents : Nat64 };

  /// A contract costs 1 USD of premium.
  let STAKE_CENTS : Nat64 = 100;

  /// The legacy payout table: cents paid per contract that wins, by expiry (5, 10, 15 s) and strike offset (2.50, 5, 10, 15 USD).
  public func payoutPerContract(expirySeconds : Nat64, offsetCents : Nat64) : ?Nat64 = switch (expirySeconds, offsetCents) {
    case (5, 250) ?333;
    case (5, 500) ?400;
    case (5, 1_000) ?1_000;
    case (5, 1_500) ?2_000;
    case (10, 250) ?286;
    case (10, 500) ?333;
    case (10, 1_000) ?667;
    case (10, 1_500) ?1_333;
    case (15, 250) ?250;
    case (15, 500) ?286;
    case (15, 1_000) ?500;
    case (15, 1_500) ?1_000;
    case _ null;
  };

  /// The minute whose price settles a position: the first whole minute at or after its expiry.
  public func dueMinute(terms : Terms) : Nat64 = Units.minuteAtOrAfter(terms.openedNs + terms.expirySeconds * Units.SECOND_NS);

  /// Outcome and payout at a price in cents. A win is a price beyond the strike (entry plus offset for a call, minus it for a put), a
  /// tie the strike itself to the cent: the stake comes back. Profit is what a win pays beyond the stake, else 0, as the
  /// legacy platform counts it. The error says what is not in the table.
  public func settle(terms : Terms, priceCents : Nat64) : { #ok : Result; #err : Text } {
    let { strikeCents; entryCents; contracts } = terms;
    // A call's strike is above the entry price, a put's below: an offset on the other side is none of the platform's.
    let ordered = if (terms.isCall) strikeCents >= entryCents else entryCents >= strikeCents;
    if (not ordered) return #err "its strike is on the wrong side of its entry price";
    let offset = if (terms.isCall) strikeCents - entryCents else entryCents - strikeCents;
    let ?perContract = payoutPerContract(terms.expirySeconds, offset) else {
      return #err "its strike offset is not one of 2.50, 5, 10, 15 USD";
    };
    if (contracts > 1_000_000_000_000) return #err "its size is out of range";
    let stake = contracts * STAKE_CENTS;
    if (priceCents == strikeCents) return #ok { outcome = #tie; payoutCents = stake; profitCents = 0 };
    let won = if (terms.isCall) priceCents > strikeCents else priceCents < strikeCents;
    if (not won) return #ok { outcome = #loss; payoutCents = 0; profitCents = 0 };
    let payoutCents = contracts * perContract;
    #ok { outcome = #win; payoutCents; profitCents = payoutCents - stake };
  };

  /// The word the legacy platform uses for an outcome.
  public func word(outcome : Types.Outcome) : Text = switch outcome {
    case (#win) "win";
    case (#tie) "tie";
    case (#loss) "loss";
  };
};
