/// The journal of transfers, with answers that come when a test says, in any order and more than once.
import EmptyState "../../../canisters/options/EmptyState";
import Deposits "../../../canisters/options/Deposits";
import List "mo:core/List";
import Map "mo:core/Map";
import Nat "mo:core/Nat";
import Runtime "mo:core/Runtime";
import Ledger "../../../canisters/options/Ledger";
import Money "../../../canisters/options/Money";
import Nat64 "mo:core/Nat64";
import Principal "mo:core/Principal";
import Settings "../../../canisters/options/Settings";
import State "../../../canisters/options/State";
import Traders "../../../canisters/options/Traders";
import Transfers "../../../canisters/options/Transfers";
import Units "../../../canisters/options/Units";
import Withdrawals "../../../canisters/options/Withdrawals";

persistent actor {
  let nobody = Principal.fromText("aaaaa-aa");
  let state = EmptyState.empty({ ledger = nobody; exchangeRate = nobody; legacy = null }, Settings.defaults(), Units.now());
  let trader = Principal.fromText("renrk-eyaaa-aaaaa-aaada-cai");

  public type Figures = { available : Nat64; withdrawing : Nat64; total : Nat64; deposit : Text; withdrawal : Text };

  public query func figures() : async Figures {
    let (available, withdrawing) = switch (Traders.find(state, trader)) {
      case (?found) (found.available, found.withdrawing);
      case null (0 : Nat64, 0 : Nat64);
    };
    {
      available;
      withdrawing;
      total = Money.total(state);
      deposit = switch (state.deposits.get(0)) {
        case (?found) debug_show (found.state);
        case null "";
      };
      withdrawal = if (state.withdrawals.size() == 0) "" else debug_show (state.withdrawals.at(0).state);
    };
  };

  public func open_deposit(sats : Nat64) : async () {
    ignore Deposits.open(state, trader, { request_id = "one"; amount_sats = sats }, #account, Units.now());
  };

  public func open_withdrawal(sats : Nat64) : async () {
    let facts = { fee = 10 : Nat64; minter = null };
    let to = { owner = nobody; subaccount = null };
    let elsewhere = { to with owner = Principal.fromText("ryjl3-tyaaa-aaaaa-aaaba-cai") };
    let request = { request_id = "one"; amount_sats = sats; to = elsewhere };
    ignore Withdrawals.open(state, trader, request, #trader, facts, Principal.fromText("rrkah-fqaaa-aaaaa-aaaaq-cai"), Units.now());
  };

  func first() : State.Deposit {
    let ?deposit = state.deposits.get(0) else Runtime.trap("there is no deposit");
    deposit;
  };

  /// An attempt whose code after the call never ran.
  public func begin_deposit() : async Bool {
    let attempts = first().attempts;
    Transfers.begin(attempts, Units.now());
    attempts.unclear;
  };

  public func answer_deposit(verdict : Ledger.Verdict) : async () { Deposits.apply(state, first(), verdict, Units.now()) };
  public func answer_withdrawal(verdict : Ledger.Verdict) : async () {
    Withdrawals.apply(state, state.withdrawals.at(0), verdict, Units.now());
  };
};
