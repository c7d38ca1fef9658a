/// What the stand-in refuses and the live platform doesn't: strangers, trades that aren't in the table, settlements that are early,
/// repeated or wrong.
import Int "mo:core/Int";
import Nat "mo:core/Nat";
import Principal "mo:core/Principal";
import PayoutTable "PayoutTable";
import Platform "Platform";

module {
  type Outcome<T> = { #ok : T; #err : Text };

  let MAX_CONTRACTS = 1_000;
  let NS_PER_S = 1_000_000_000;

  public type PlaceArgs = {
    optionType : Text;
    /// US cents: 250, 500, 1000 or 1500. (The parameter is a `nat`, and one of the offsets is 2.5 dollars.)
    offsetCents : Nat;
    expiry : Text;
    contracts : Nat;
    entryCents : Nat;
    strikeCents : Nat;
  };

  /// The trade as asked, if the table has it and the user can pay for it.
  public func trade(user : Platform.User, asked : PlaceArgs) : Outcome<Platform.Trade> {
    let { optionType; offsetCents; expiry; contracts; entryCents; strikeCents } = asked;
    let direction = switch (optionType) {
      case "call" #Call;
      case "put" #Put;
      case _ return #err("option_type must be \"call\" or \"put\".");
    };
    if (PayoutTable.seconds(expiry) == null) return #err("expiry must be \"5s\", \"10s\" or \"15s\".");
    if (PayoutTable.payoutPerContract(expiry, offsetCents) == null) {
      return #err("strike_offset must be 250, 500, 1000 or 1500 (US cents).");
    };
    if (contracts == 0 or contracts > MAX_CONTRACTS) {
      return #err("contract_count must be from 1 to " # Nat.toText(MAX_CONTRACTS) # ".");
    };
    if (entryCents == 0) return #err("entry_price_cents must be above 0.");
    let expected : Int = switch (direction) { case (#Call) entryCents + offsetCents; case (#Put) (entryCents : Int) - offsetCents };
    if (expected <= 0) return #err("The strike of this put would not be above 0.");
    if (strikeCents != expected) {
      return #err("strike_price_cents must be " # Int.toText(expected) # ": the entry price and the offset give it.");
    };
    let cost = Platform.premiumSats(contracts, entryCents);
    if (user.balanceSats < cost) {
      let balance = Int.toText(user.balanceSats);
      return #err("The balance of " # balance # " satoshi is less than the premium of " # Nat.toText(cost) # " satoshi.");
    };
    #ok({ direction; expiry; contracts; entryCents; strikeCents });
  };

  /// The account from which `sats`, negative, may be taken: no more than it has.
  public func taking(user : ?Platform.User, sats : Int) : Outcome<Platform.User> {
    let ?account = user else return #err("User not found.");
    if (account.balanceSats + sats < 0) {
      return #err("The balance of " # Int.toText(account.balanceSats) # " satoshi is less than " # Int.toText(-sats) # " satoshi.");
    };
    #ok account;
  };

  public type SettleArgs = { outcome : Text; payoutCents : Nat; profitCents : Nat; finalCents : Nat };

  /// The result that follows from the final price, if that is what is asked for, it is time, and it is the first time.
  public func settlement(position : Platform.Position, asked : SettleArgs, now : Int) : Outcome<Platform.Result> {
    let name = "Position " # Nat.toText(position.id);
    if (position.settlement != null) return #err(name # " is already settled.");
    let ?seconds = PayoutTable.seconds(position.expiry) else {
      return #err(name # " has an expiry this platform can't settle: " # position.expiry # ".");
    };
    if (now < position.openedNs + seconds * NS_PER_S) return #err(name # " has not expired yet.");
    if (asked.finalCents == 0) return #err("final_price_cents must be above 0.");
    let offset = Int.abs((position.strikeCents : Int) - position.entryCents);
    let ?perContract = PayoutTable.payoutPerContract(position.expiry, offset) else {
      return #err(name # " has a strike that is not in the payout table.");
    };

    let outcome = PayoutTable.outcome(position.direction, position.strikeCents, asked.finalCents);
    let payoutCents = PayoutTable.payout(outcome, position.contracts, perContract);
    let profitCents = PayoutTable.profit(outcome, position.contracts, payoutCents);
    let right = PayoutTable.outcomeText(outcome);
    if (asked.outcome != right or asked.payoutCents != payoutCents or asked.profitCents != profitCents) {
      let (price, payout, profit) = (Nat.toText(asked.finalCents), Nat.toText(payoutCents), Nat.toText(profitCents));
      let must = "outcome \"" # right # "\", payout_cents " # payout # ", profit_cents " # profit # ".";
      return #err("At " # price # " cents this settlement must be " # must);
    };
    let pnlCents = (payoutCents : Int) - position.premiumCents;
    #ok({ outcome; payoutCents; profitCents; pnlCents; priceCents = asked.finalCents });
  };

  /// Whether `caller` is one of `allowed`. Anonymous never is, even if a configuration names it.
  public func isOneOf(caller : Principal, allowed : [Principal]) : Bool {
    if (Principal.isAnonymous(caller)) return false;
    for (principal in allowed.vals()) if (principal == caller) return true;
    false;
  };
};
