/// Which updates from outside are let in at all. This canister pays for every update it takes, so what no honest client would send is turned away before
/// it costs anything. Calls of canisters don't come this way; what they send is bounded by its types and by CandidLimits.mo.

import Blob "mo:core/Blob";
import Principal "mo:core/Principal";

module {
  /// Every method of the canister; the compiler asks for the ones that are missing here.
  public type Message = {
    #approve : Any;
    #approve_withdrawal : Any;
    #cancel_order : Any;
    #cancel_withdrawal : Any;
    #check_reserves : Any;
    #decline_withdrawal : Any;
    #deposit : Any;
    #fair_values : Any;
    #fund_migration : Any;
    #fund_treasury : Any;
    #get_account : Any;
    #get_deposit : Any;
    #get_deposit_account : Any;
    #get_flags : Any;
    #get_import_report : Any;
    #get_market : Any;
    #get_movements : Any;
    #get_overview : Any;
    #get_position : Any;
    #get_position_by_client_id : Any;
    #get_positions : Any;
    #get_price : Any;
    #get_prices : Any;
    #get_reserves : Any;
    #get_version : Any;
    #get_withdrawal : Any;
    #get_withdrawals : Any;
    #grant_role : Any;
    #http_request : Any;
    #icrc10_supported_standards : Any;
    #icrc21_canister_call_consent_message : Any;
    #import_legacy : Any;
    #list_audit : Any;
    #list_awaiting_withdrawals : Any;
    #list_deposits : Any;
    #list_expiries : Any;
    #list_imports : Any;
    #list_positions : Any;
    #list_positions_at : Any;
    #list_proposals : Any;
    #list_roles : Any;
    #list_set_aside : Any;
    #list_users : Any;
    #list_withdrawals : Any;
    #my_roles : Any;
    #notify_deposit : Any;
    #pause_entry : Any;
    #place_order : Any;
    #propose : Any;
    #quote : Any;
    #report_legacy_mismatch : Any;
    #report_mismatch : Any;
    #restart_timers : Any;
    #resume_entry : Any;
    #revoke_role : Any;
    #set_flags : Any;
    #set_settings : Any;
    #set_tenor : Any;
    #settle : Any;
    #settle_legacy : Any;
    #withdraw : Any;
    #withdraw_migration : Any;
    #withdraw_proposal : Any;
    #withdraw_treasury : Any;
  };

  /// The largest argument: the longest pause reason takes some 800 bytes, an order or a change of all settings half of that. More would only be dear: for a
  /// message from outside that is let in, this canister pays by the byte.
  let MAX_BYTES : Nat = 1_000;
  /// Of a method that takes an id and nothing else.
  let MAX_ID_BYTES : Nat = 50;
  /// The largest question for a consent message, which holds such an argument. It is the only update that the anonymous may call: a standard wants it so.
  let MAX_CONSENT_BYTES : Nat = 1_500;

  public func accepts(caller : Principal, arg : Blob, message : Message) : Bool = switch message {
    case (#icrc21_canister_call_consent_message _) arg.size() <= MAX_CONSENT_BYTES;
    case (#approve _ or #approve_withdrawal _ or #cancel_order _ or #settle _ or #settle_legacy _ or #withdraw_proposal _) not caller.isAnonymous() and arg.size() <= MAX_ID_BYTES;
    case _ not caller.isAnonymous() and arg.size() <= MAX_BYTES;
  };
};
