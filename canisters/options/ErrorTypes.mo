/// What a refusal is made of. Errors.mo has the words.

module {
  /// What to do about an error: `request`: the input is wrong, don't retry it; `temporary`: retry later; `internal`: report it.
  public type ErrorKind = { #request; #temporary; #internal };
  public type ErrorCode = {
    #anonymous;
    #forbidden : { needs : Text };
    #not_found;
    #invalid : { field : Text };
    #below_minimum : { minimum : Nat };
    #above_maximum : { maximum : Nat };
    #insufficient_balance : { available : Nat; required : Nat };
    #unknown_tenor;
    #strike_off_grid : { grid_e8 : Nat };
    #strike_out_of_range;
    #treasury_cannot_cover : { available : Nat };
    #limit_reached : { limit : Text; maximum : Nat };
    #entry_closed : { reason : Text };
    #price_stale;
    #too_late;
    #already_final;
    #not_due : { due_ns : Nat64 };
    #no_price_yet : { minute_ns : Nat64 };
    #busy;
    #ledger : { error : Text };
    #legacy : { error : Text };
    #id_reused;
    #needs_other_operator;
    #too_early : { from_ns : Nat64 };
  };
  /// `Code`: those that can come. An answer carries the whole type of its error, and each of its bytes costs instructions, so methods that are
  /// called often name only the codes they have.
  public type ErrorOf<Code> = { kind : ErrorKind; code : ?Code; message : Text; retry_after_s : ?Nat };
  public type Error = ErrorOf<ErrorCode>;
  public type AccessError = ErrorOf<{ #anonymous; #forbidden : { needs : Text } }>;
  public type OrderError = ErrorOf<
    {
      #anonymous;
      #invalid : { field : Text };
      #below_minimum : { minimum : Nat };
      #above_maximum : { maximum : Nat };
      #insufficient_balance : { available : Nat; required : Nat };
      #unknown_tenor;
      #strike_off_grid : { grid_e8 : Nat };
      #strike_out_of_range;
      #treasury_cannot_cover : { available : Nat };
      #limit_reached : { limit : Text; maximum : Nat };
      #entry_closed : { reason : Text };
      #price_stale;
      #id_reused;
    }
  >;
};
