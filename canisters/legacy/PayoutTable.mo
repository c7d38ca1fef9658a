/// The legacy payout table and what follows from it. US cents everywhere.
module {
  public type Outcome = { #win; #tie; #loss };
  public type Direction = { #Call; #Put };

  /// A contract costs one dollar.
  public let PREMIUM_CENTS = 100;

  /// Payout of one winning contract, cents, by expiry and by distance of the strike from the entry price (cents).
  /// 2.5, 5, 10 and 15 dollars; "5s": 3.33 4.00 10.00 20.00, "10s": 2.86 3.33 6.67 13.33, "15s": 2.50 2.86 5.00 10.00.
  public func payoutPerContract(expiry : Text, offsetCents : Nat) : ?Nat {
    let ?payouts = row(expiry) else return null;
    switch (offsetCents) {
      case 250 ?payouts[0];
      case 500 ?payouts[1];
      case 1_000 ?payouts[2];
      case 1_500 ?payouts[3];
      case _ null;
    };
  };

  /// Seconds from opening to expiry, for the expiries the table knows.
  public func seconds(expiry : Text) : ?Nat {
    switch (expiry) { case "5s" ?5; case "10s" ?10; case "15s" ?15; case _ null };
  };

  /// Win when the price is beyond the strike, tie within half a cent of it. Prices are whole cents, so a tie is equality.
  public func outcome(direction : Direction, strikeCents : Nat, finalCents : Nat) : Outcome {
    if (finalCents == strikeCents) return #tie;
    let above = finalCents > strikeCents;
    switch (direction) { case (#Call) if (above) #win else #loss; case (#Put) if (above) #loss else #win };
  };

  /// What the trader is paid for all contracts: a tie returns the premium.
  public func payout(outcome : Outcome, contracts : Nat, perContractCents : Nat) : Nat {
    switch (outcome) {
      case (#win) contracts * perContractCents;
      case (#tie) contracts * PREMIUM_CENTS;
      case (#loss) 0;
    };
  };

  /// The profit `recordSettlement` expects. A loss is reported as 0, as on the live platform: the field can't be negative.
  public func profit(outcome : Outcome, contracts : Nat, payoutCents : Nat) : Nat {
    switch (outcome) { case (#win) payoutCents - contracts * PREMIUM_CENTS; case (#tie) 0; case (#loss) 0 };
  };

  public func outcomeText(outcome : Outcome) : Text {
    switch (outcome) { case (#win) "win"; case (#tie) "tie"; case (#loss) "loss" };
  };

  func row(expiry : Text) : ?[Nat] {
    switch (expiry) {
      case "5s" ?[333, 400, 1_000, 2_000];
      case "10s" ?[286, 333, 667, 1_333];
      case "15s" ?[250, 286, 500, 1_000];
      case _ null;
    };
  };
};
