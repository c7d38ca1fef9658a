/// Every refusal of the canister, in one place: the kind tells a program what to do, the code is typed, the message tells a
/// person what was wrong and what would be right. Messages are for reading, never for parsing.

import Format "Format";
import Int "mo:core/Int";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Types "Types";

module {
  type Error = Types.Error;
  type LimitError = Types.ErrorOf<{ #limit_reached : { limit : Text; maximum : Nat } }>;

  func request<Code>(code : Code, message : Text) : Types.ErrorOf<Code> = { kind = #request; code = ?code; message; retry_after_s = null };
  func temporary<Code>(code : Code, message : Text, seconds : Nat) : Types.ErrorOf<Code> = {
    kind = #temporary;
    code = ?code;
    message;
    retry_after_s = ?seconds;
  };

  public func anonymous() : Types.ErrorOf<{ #anonymous }> = request(#anonymous, "Please log in first: this needs an identity.");
  public func forbidden(needs : Text) : Types.ErrorOf<{ #forbidden : { needs : Text } }> = request(
    #forbidden { needs },
    "Your identity may not do this: it needs the role " # needs # ".",
  );
  public func notFound(what : Text) : Error = request(#not_found, "There is no " # what # ".");
  /// `rule`: what would be right, as a sentence.
  public func invalid(field : Text, rule : Text) : Types.ErrorOf<{ #invalid : { field : Text } }> = request(#invalid { field }, rule);
  public func belowMinimum(what : Text, given : Nat64, minimum : Nat64) : Types.ErrorOf<{ #below_minimum : { minimum : Nat } }> = request(
    #below_minimum { minimum = minimum.toNat() },
    what # " must be at least " # Format.sats(minimum.toNat()) # "; " # Format.sats(given.toNat()) # " was given.",
  );
  public func premiumNow(premium : Nat64, offered : Nat64) : Types.ErrorOf<{ #below_minimum : { minimum : Nat } }> = request(
    #below_minimum { minimum = premium.toNat() },
    "The premium is " # Format.sats(premium.toNat()) # " at the newest price; a maximum premium of " # Format.sats(offered.toNat()) # " would not buy it.",
  );
  public func aboveMaximum(what : Text, maximum : Nat64) : Types.ErrorOf<{ #above_maximum : { maximum : Nat } }> = request(
    #above_maximum { maximum = maximum.toNat() },
    what # " can be at most " # Format.sats(maximum.toNat()) # ".",
  );
  public func insufficientBalance(available : Nat64, required : Nat64) : Types.ErrorOf<{ #insufficient_balance : { available : Nat; required : Nat } }> = request(
    #insufficient_balance { available = available.toNat(); required = required.toNat() },
    "This needs " # Format.sats(required.toNat()) # ", and " # Format.sats(available.toNat()) # " are available in your account.",
  );
  public func unknownTenor(name : Text) : Types.ErrorOf<{ #unknown_tenor }> = request(
    #unknown_tenor,
    "There is no tenor \"" # Format.plain(name) # "\" open for trading; get_market lists those there are.",
  );
  public func strikeOffGrid(grid_e8 : Nat64) : Types.ErrorOf<{ #strike_off_grid : { grid_e8 : Nat } }> = request(
    #strike_off_grid { grid_e8 = grid_e8.toNat() },
    "The strike must be a multiple of " # Format.usd(grid_e8.toNat()) # ".",
  );
  public func strikeOutOfRange(rule : Text) : Types.ErrorOf<{ #strike_out_of_range }> = request(#strike_out_of_range, rule);
  public func treasuryCannotCover(available : Nat64) : Types.ErrorOf<{ #treasury_cannot_cover : { available : Nat } }> = request(
    #treasury_cannot_cover { available = available.toNat() },
    "The treasury has " # Format.sats(available.toNat()) # " free, less than this payout: every payout is fully reserved. Choose a smaller one.",
  );
  /// `limit`: "trader", "expiry" or "total" here, and see below; `maximum`: what may be at risk at once under that limit.
  public func limitReached(limit : Text, maximum : Nat64) : LimitError = request(
    #limit_reached { limit; maximum = maximum.toNat() },
    "The limit per " # limit # " of " # Format.sats(maximum.toNat()) # " of payouts at risk would be passed.",
  );
  public func tooManyPending(maximum : Nat) : LimitError = request(
    #limit_reached { limit = "pending orders"; maximum },
    "You have " # maximum.toText() # " pending orders, the most there can be at once. Wait for their fill or cancel some.",
  );
  /// `seconds`: until the day (of UTC) is over.
  public func tooManyCancelled(maximum : Nat, seconds : Nat) : LimitError = temporary(
    #limit_reached { limit = "cancelled orders of a day"; maximum },
    "You have cancelled " # maximum.toText() # " orders today, the most there can be in a day. New ones are taken again after midnight UTC.",
    seconds,
  );
  /// `seconds`: until the oldest of them is a day old.
  public func tooManyWithdrawals(maximum : Nat, seconds : Nat) : Error = temporary(
    #limit_reached { limit = "withdrawals of a day"; maximum },
    "You have asked for " # maximum.toText() # " withdrawals within 24 hours, the most there can be. Ask again later, for all of it at once.",
    seconds,
  );
  public func alreadyReported() : Error = request(
    #limit_reached { limit = "reports of a position"; maximum = 1 },
    "This position was reported before, in other words or by somebody else: operators see that report in the audit trail.",
  );
  /// `seconds`: until the day (of UTC) is over.
  public func tooManyReports(maximum : Nat, seconds : Nat) : Error = temporary(
    #limit_reached { limit = "reports of a day"; maximum },
    "You have reported " # maximum.toText() # " positions today, the most there can be in a day. Please write to the operators.",
    seconds,
  );
  /// `seconds`: until the day (of UTC) is over.
  public func tooManyLegacyReports(maximum : Nat, seconds : Nat) : Error = temporary(
    #limit_reached { limit = "legacy reports of a day"; maximum },
    "Traders have reported " # maximum.toText() # " legacy positions today, the most there can be in a day. Please write to the operators.",
    seconds,
  );
  /// `maximum`: sats that pending orders may hold back together.
  public func pendingReserve(maximum : Nat64) : LimitError = request(
    #limit_reached { limit = "pending orders together"; maximum = maximum.toNat() },
    "Orders that wait for their fill hold back as much of the treasury as they may, " # Format.sats(maximum.toNat()) # ". Try again in a minute, or with a smaller payout.",
  );
  public func entryClosed(reason : Text) : Types.ErrorOf<{ #entry_closed : { reason : Text } }> = temporary(#entry_closed { reason }, reason, 60);
  public func priceStale() : Types.ErrorOf<{ #price_stale }> = temporary(
    #price_stale,
    "The newest bitcoin price is more than 3 minutes old, so no orders are taken right now. Settlement and withdrawals go on.",
    60,
  );
  public func tooLate() : Error = request(
    #too_late,
    "The order's fill minute has begun, so it can't be cancelled any more.",
  );
  public func alreadyFinal(state : Text) : Error = request(#already_final, "This order is already " # state # ".");
  /// `seconds`: until it is due.
  public func notDue(due_ns : Nat64, seconds : Nat) : Error = temporary(
    #not_due { due_ns },
    "This position expires at " # Format.clock(due_ns) # "; it can't be settled before.",
    seconds,
  );
  public func noPriceYet(minute_ns : Nat64) : Error = temporary(
    #no_price_yet { minute_ns },
    "The price of " # Format.clock(minute_ns) # " is not recorded yet; the position settles by itself when it is.",
    30,
  );
  public func busy() : Error = temporary(#busy, "Another request of yours is still being worked on; please wait a moment.", 3);
  public func ledger(error : Text) : Error = temporary(#ledger { error }, "The ckBTC ledger could not be asked: " # error, 30);
  /// The ledger could not be asked, and it is certain that nothing was moved.
  public func depositNotMade(error : Text) : Error = temporary(
    #ledger { error },
    "The ckBTC ledger could not be asked, and nothing was moved: " # error # ". Try again in a moment.",
    30,
  );
  public func depositRefused(error : Text) : Error = request(
    #ledger { error },
    "The ledger refused this deposit, and nothing was moved: " # error # ".",
  );
  public func withdrawalRefused(error : Text) : Error = request(
    #ledger { error },
    "The ledger refused this withdrawal, and the amount is back in the account: " # error # ".",
  );
  /// A withdrawal that never went to the ledger.
  public func withdrawalNotMade(reason : Text) : Error = request(
    #already_final,
    "This withdrawal was not made, and the amount is back in the account: " # reason # ".",
  );
  public func sweepRefused(error : Text) : Error = temporary(
    #ledger { error },
    "The ledger refused to move what lies in your deposit account, where it still is: " # error # ". Ask for it again.",
    3,
  );
  /// `state`: what a withdrawal is that no longer waits for an operator.
  public func notAwaiting(state : Text) : Error = request(
    #already_final,
    "Only a withdrawal that waits for an operator can be approved, declined or cancelled; this one is " # state # ".",
  );
  public func notInReview(what : Text) : Error = request(#already_final, "This " # what # " is not in review, so there is nothing to resolve.");
  /// `surplus`: what the ledger holds beyond the books; `required`: what it would have to be.
  public func notBacked(surplus : Int, required : Nat) : Error = temporary(
    #insufficient_balance { available = if (surplus > 0) Int.abs(surplus) else 0; required },
    "The ledger doesn't hold what this would put into the books. Resolve other transfers in review first, wait for those in transit, and look at the reserves.",
    60,
  );
  public func booksMoved() : Error = temporary(#busy, "Other transfers were booked while the ledger was asked; please try again.", 3);
  /// `state`: what has become of a proposal that is not open any more.
  public func proposalClosed(state : Text) : Error = request(#already_final, "This proposal is " # state # "; make a new one if it is still needed.");
  public func legacy(error : Text) : Error = temporary(
    #legacy { error },
    "The legacy platform did not settle this position: " # error,
    30,
  );
  public func legacyRefused(error : Text) : Error = request(#legacy { error }, "The legacy platform can't settle this position: " # error);
  public func legacyUnclear(error : Text) : Error = {
    kind = #internal;
    code = ?#legacy { error };
    message = "Whether the legacy platform settled this position is unclear, and nothing is sent again until that is known: " # error;
    retry_after_s = ?300;
  };
  /// The import of accounts of the legacy platform ended early; the next batch goes on.
  public func importStopped(error : Text) : Error = temporary(
    #legacy { error },
    "The legacy platform could not be asked, and the import goes on with the next batch: " # error,
    30,
  );
  public func importRefused(error : Text) : Error = request(#legacy { error }, "The legacy platform's accounts can't be moved: " # error);
  /// `available`: what the migration account can still pay; `required`: what the next user has.
  public func migrationTooSmall(available : Nat64, required : Nat64) : Error = request(
    #insufficient_balance { available = available.toNat(); required = required.toNat() },
    "The next user has " # Format.sats(required.toNat()) # ", and the migration account can pay " # Format.sats(available.toNat()) # ": fund it first. Nothing was taken.",
  );
  /// `available`: what the migration account can pay besides rows that are open; `required`: what this row would be paid.
  public func importNotCovered(available : Nat64, required : Nat64) : Error = request(
    #insufficient_balance { available = available.toNat(); required = required.toNat() },
    "This account would be paid " # Format.sats(required.toNat()) # ", and the migration account can pay " # Format.sats(available.toNat()) # ": fund it first. Nothing was paid.",
  );
  public func idReused(field : Text) : Types.ErrorOf<{ #id_reused }> = request(
    #id_reused,
    "The same " # field # " was used before with other content; use a new one for a new request.",
  );
  public func idsAlike(field : Text) : Types.ErrorOf<{ #invalid : { field : Text } }> = request(
    #invalid { field },
    "Too many of your requests have a " # field # " that the exchange can hardly tell from this one; use a random one, such as a UUID.",
  );
  public func needsOtherOperator() : Error = request(
    #needs_other_operator,
    "This takes two different people: another operator has to approve what you asked for.",
  );
  public func tooEarly(from_ns : Nat64, seconds : Nat) : Error = temporary(
    #too_early { from_ns },
    "This can't be done yet, only from " # Format.clock(from_ns) # " on.",
    seconds,
  );
  public func internal(message : Text) : Error = { kind = #internal; code = null; message; retry_after_s = null };
};
