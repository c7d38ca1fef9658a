/// The types of ICRC-10 (supported standards) and ICRC-21 (consent messages for canister calls), as the ckBTC ledger has them.

module {
  public type Standard = { name : Text; url : Text };

  public type Metadata = { language : Text; utc_offset_minutes : ?Int16 };
  public type Device = { #GenericDisplay; #FieldsDisplay };
  public type Request = { method : Text; arg : Blob; user_preferences : { metadata : Metadata; device_spec : ?Device } };

  public type Value = {
    #TokenAmount : { decimals : Nat8; amount : Nat64; symbol : Text };
    #TimestampSeconds : { amount : Nat64 };
    #DurationSeconds : { amount : Nat64 };
    #Text : { content : Text };
  };
  public type Message = {
    #GenericDisplayMessage : Text;
    #FieldsDisplayMessage : { intent : Text; fields : [(Text, Value)] };
  };
  public type Problem = { description : Text };
  public type Response = {
    #Ok : { consent_message : Message; metadata : Metadata };
    #Err : {
      #UnsupportedCanisterCall : Problem;
      #ConsentMessageUnavailable : Problem;
      #InsufficientPayment : Problem;
      #GenericError : { error_code : Nat; description : Text };
    };
  };

  public let STANDARDS : [Standard] = [
    { name = "ICRC-10"; url = "https://github.com/dfinity/ICRC/blob/main/ICRCs/ICRC-10/ICRC-10.md" },
    { name = "ICRC-21"; url = "https://github.com/dfinity/ICRC/blob/main/ICRCs/ICRC-21/ICRC-21.md" },
  ];
};
