/// The live platform's lack of rules, for tests of whatever has to survive it: anybody, anything, as often as they like.
import Platform "Platform";
import SafeRules "SafeRules";

module {
  type Outcome<T> = { #ok : T; #err : Text };

  /// Takes any trade. What isn't "call" is a put; a strike is never checked against the table; balances may go below zero.
  public func trade({ optionType; expiry; contracts; entryCents; strikeCents } : SafeRules.PlaceArgs) : Outcome<Platform.Trade> {
    // The one thing that can't be done is dividing by zero.
    if (entryCents == 0) return #err("Invalid entry price.");
    #ok({ direction = if (optionType == "call") #Call else #Put; expiry; contracts; entryCents; strikeCents });
  };

  /// Takes any settlement at its word: outcome, payout and profit as told, which for a loss is a profit of 0.
  public func settlement({ outcome; payoutCents; profitCents; finalCents } : SafeRules.SettleArgs) : Outcome<Platform.Result> {
    if (finalCents == 0) return #err("Invalid price.");
    let told = switch (outcome) { case "win" #win; case "tie" #tie; case _ #loss };
    #ok({ outcome = told; payoutCents; profitCents; pnlCents = profitCents; priceCents = finalCents });
  };
};
