/// Standards that wallets know: which ones there are (ICRC-10), and what a call does, in words, before it is signed (ICRC-21).

import Consent "../Consent";
import Icrc21 "../Icrc21";
import State "../State";

mixin (state : State.State) {
  public query func icrc10_supported_standards() : async [Icrc21.Standard] { Icrc21.STANDARDS };

  /// For everybody, also the anonymous: a wallet that signs offline asks as such.
  public shared ({ caller }) func icrc21_canister_call_consent_message(request : Icrc21.Request) : async Icrc21.Response {
    switch (Consent.unsupported(request)) {
      case (?response) return response;
      case null {};
    };
    // An argument that can't be read makes the message that reads it trap: one of its own, so that there is an answer all the same.
    let read = try { await readConsentCall(request.method, request.arg) } catch (_) null;
    switch read {
      case (?call) Consent.respond(state, caller, call, request.user_preferences.device_spec);
      case null Consent.unreadable(request.method);
    };
  };

  func readConsentCall(method : Text, arg : Blob) : async ?Consent.Call { Consent.decode(method, arg) };
};
