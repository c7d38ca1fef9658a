/// The test switch's answers, where nothing has happened yet.
import Runtime "mo:core/Runtime";
import Types "Types";

module {
  type Refusal = { #TemporarilyUnavailable; #BadFee : { expected_fee : Nat }; #GenericError : { error_code : Nat; message : Text } };

  /// The error to answer with before the transfer is looked at; traps for `trap_before`.
  public func refusal(fault : ?Types.Fault) : ?Refusal {
    switch (fault) {
      case (?#temporarily_unavailable) ?#TemporarilyUnavailable;
      case (?#bad_fee(expected_fee)) ?#BadFee({ expected_fee });
      case (?#generic(message)) ?#GenericError({ error_code = 1; message });
      case (?#trap_before) Runtime.trap("this transfer was refused (test switch)");
      case (?#trap_after) null;
      case null null;
    };
  };
};
