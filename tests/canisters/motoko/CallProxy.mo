/// Another canister: passes a call on as its own.
import InternetComputer "mo:core/InternetComputer";

persistent actor {
  public func pass_on(canister : Principal, method : Text, arg : Blob) : async Blob { await InternetComputer.call(canister, method, arg) };
};
