/// Candid types of ICRC-1 and ICRC-2, and the ledger's own blocks.
module {
  public type Account = { owner : Principal; subaccount : ?Blob };

  public type InitArgs = {
    /// Owner of the minting account: what it sends is minted, what it receives is burned.
    minter : Principal;
    initial_mints : [{ to : Account; amount : Nat }];
  };

  public type MetadataValue = { #Nat : Nat; #Int : Int; #Text : Text; #Blob : Blob };
  public type Standard = { name : Text; url : Text };

  public type TransferArg = {
    from_subaccount : ?Blob;
    to : Account;
    amount : Nat;
    fee : ?Nat;
    memo : ?Blob;
    created_at_time : ?Nat64;
  };
  public type TransferError = {
    #BadFee : { expected_fee : Nat };
    #BadBurn : { min_burn_amount : Nat };
    #InsufficientFunds : { balance : Nat };
    #TooOld;
    #CreatedInFuture : { ledger_time : Nat64 };
    #Duplicate : { duplicate_of : Nat };
    #TemporarilyUnavailable;
    #GenericError : { error_code : Nat; message : Text };
  };
  public type TransferResult = { #Ok : Nat; #Err : TransferError };

  public type TransferFromArg = {
    spender_subaccount : ?Blob;
    from : Account;
    to : Account;
    amount : Nat;
    fee : ?Nat;
    memo : ?Blob;
    created_at_time : ?Nat64;
  };
  public type TransferFromError = TransferError or { #InsufficientAllowance : { allowance : Nat } };
  public type TransferFromResult = { #Ok : Nat; #Err : TransferFromError };

  public type ApproveArg = {
    from_subaccount : ?Blob;
    spender : Account;
    amount : Nat;
    expected_allowance : ?Nat;
    expires_at : ?Nat64;
    fee : ?Nat;
    memo : ?Blob;
    created_at_time : ?Nat64;
  };
  public type ApproveError = {
    #BadFee : { expected_fee : Nat };
    #InsufficientFunds : { balance : Nat };
    #AllowanceChanged : { current_allowance : Nat };
    #Expired : { ledger_time : Nat64 };
    #TooOld;
    #CreatedInFuture : { ledger_time : Nat64 };
    #Duplicate : { duplicate_of : Nat };
    #TemporarilyUnavailable;
    #GenericError : { error_code : Nat; message : Text };
  };
  public type ApproveResult = { #Ok : Nat; #Err : ApproveError };

  public type AllowanceArg = { account : Account; spender : Account };
  public type Allowance = { allowance : Nat; expires_at : ?Nat64 };

  /// What a block did. Accounts are normalised (no all-zero subaccount); `fee` is what the caller wrote, not what was charged.
  public type Operation = {
    #mint : { to : Account; amount : Nat };
    #burn : { from : Account; spender : ?Account; amount : Nat };
    #transfer : { from : Account; to : Account; spender : ?Account; amount : Nat; fee : ?Nat };
    #approve : { from : Account; spender : Account; amount : Nat; expected_allowance : ?Nat; expires_at : ?Nat64; fee : ?Nat };
  };
  public type Transaction = { operation : Operation; memo : ?Blob; created_at_time : ?Nat64 };

  /// `charged_fee`: satoshi taken from the sender and destroyed. `timestamp`: ledger time, ns.
  public type Block = { index : Nat; timestamp : Nat64; transaction : Transaction; charged_fee : Nat };

  /// Test switch: how `icrc1_transfer` and `icrc2_transfer_from` fail until it is unset.
  public type Fault = {
    #temporarily_unavailable;
    #bad_fee : Nat;
    #generic : Text;
    /// Nothing happens and the call is rejected.
    #trap_before;
    /// The transfer happens and the call is rejected all the same: the caller can't know.
    #trap_after;
  };
};
