/// The ckBTC ledger (ICRC-1 and ICRC-2) as this canister calls it, and what its answers mean for money in transit.
///
/// Results are declared `opt`: an answer this version can't read then arrives as null instead of a trap.

import Error "mo:core/Error";
import Format "Format";
import Nat "mo:core/Nat";
import Text "mo:core/Text";
import Types "Types";

module {
  /// `icrc1_transfer` and `icrc2_transfer_from` share this list; the latter adds InsufficientAllowance.
  public type TransferError = {
    #BadFee : { expected_fee : Nat };
    #BadBurn : { min_burn_amount : Nat };
    #InsufficientFunds : { balance : Nat };
    #InsufficientAllowance : { allowance : Nat };
    #TooOld;
    #CreatedInFuture : { ledger_time : Nat64 };
    #Duplicate : { duplicate_of : Nat };
    #TemporarilyUnavailable;
    #GenericError : { error_code : Nat; message : Text };
  };
  public type TransferResult = ?{ #Ok : Nat; #Err : ?TransferError };
  public type TransferArg = {
    from_subaccount : ?Blob;
    to : Types.Account;
    amount : Nat;
    fee : ?Nat;
    memo : ?Blob;
    created_at_time : ?Nat64;
  };
  public type TransferFromArg = {
    spender_subaccount : ?Blob;
    from : Types.Account;
    to : Types.Account;
    amount : Nat;
    fee : ?Nat;
    memo : ?Blob;
    created_at_time : ?Nat64;
  };
  public type Self = actor {
    icrc1_fee : () -> async Nat;
    icrc1_minting_account : () -> async ?Types.Account;
    icrc1_balance_of : (Types.Account) -> async Nat;
    icrc1_transfer : TransferArg -> async TransferResult;
    icrc2_transfer_from : TransferFromArg -> async TransferResult;
  };

  /// What an attempt to transfer came to.
  public type Verdict = {
    /// It happened, in this block.
    #done : Nat;
    /// It did not happen and never will.
    #refused : Text;
    /// It has not happened (or, `unclear`, it may have): the identical call is to be repeated.
    #again : { error : Text; unclear : Bool };
    /// Whether an earlier attempt happened can't be told by repeating: an operator must look it up in the ledger's blocks, by the
    /// transfer's memo and creation time, and propose what they say (Proposals.mo).
    #review : Text;
  };

  /// Judges the ledger's answer. `unclear`: an earlier attempt may have happened unseen.
  ///
  /// The ledger checks, in this order: fee, age, duplicate, then funds and allowance. So a duplicate is a success; a lack of funds or
  /// allowance proves that no earlier attempt happened; a wrong fee or age proves nothing about earlier attempts.
  public func judge(result : TransferResult, unclear : Bool) : Verdict {
    let ?answer = result else return #again { error = "the ledger's answer could not be read"; unclear = true };
    switch answer {
      case (#Ok block) #done block;
      case (#Err(?#Duplicate { duplicate_of })) #done duplicate_of;
      case (#Err(?#TemporarilyUnavailable)) #again { error = "the ledger is busy"; unclear = false };
      case (#Err(?#CreatedInFuture _)) #again { error = "the ledger's clock is behind"; unclear = false };
      case (#Err(?#InsufficientFunds { balance })) #refused(
        "the account on the ledger holds " # Format.sats(balance) # ", too little for the amount and the fee"
      );
      case (#Err(?#InsufficientAllowance { allowance })) #refused(
        "the approved allowance of " # Format.sats(allowance) # " is too small: approve the amount plus the ledger's fee first"
      );
      case (#Err error) if unclear #review(explain(error)) else #refused(explain(error));
    };
  };

  /// What a call that ended in an error, without an answer, means: nothing is given up, since repeating the identical call is safe.
  public func judgeReject(error : Error.Error) : Verdict = #again {
    error = Format.shortened(error.message(), 200);
    unclear = not neverArrived(error);
  };

  /// Whether an error says that the canister never saw the call. A stopped or stopping canister gets the same reject code as one that
  /// traps after it has changed something; only the code of the network, in front of the text it writes itself, tells them apart (a
  /// text that a canister chooses comes with another reject code). Whatever is not recognised counts as unclear.
  public func neverArrived(error : Error.Error) : Bool {
    if (error.isCleanReject()) return true;
    let text = error.message();
    error.code() == #canister_error and (text.startsWith(#text "IC0508:") or text.startsWith(#text "IC0509:"));
  };

  func explain(error : ?TransferError) : Text = switch error {
    case (?#BadFee { expected_fee }) "the ledger's fee is now " # Format.sats(expected_fee);
    case (?#TooOld) "the request is too old for the ledger";
    case (?#BadBurn { min_burn_amount }) "the ledger takes at least " # Format.sats(min_burn_amount) # " for this destination";
    case (?#GenericError { error_code; message }) "ledger error " # error_code.toText() # ": " # Format.shortened(message, 200);
    case _ "an error of a kind not known here";
  };
};
