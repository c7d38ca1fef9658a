/// Stand-in for the platform that Satstrike replaces: its Candid interface, its payout table, and rules the live one lacks.
/// Never deployed on mainnet. With `badly_behaved` it keeps the interface and drops every rule, as the live platform, for tests.
import Array "mo:core/Array";
import Int "mo:core/Int";
import List "mo:core/List";
import Nat64 "mo:core/Nat64";
import Principal "mo:core/Principal";
import Time "mo:core/Time";
import BadRules "BadRules";
import Border "Border";
import Platform "Platform";
import SafeRules "SafeRules";
import Types "Types";

persistent actor class LegacyPlatform(init : Types.InitArgs) {
  let state = Platform.empty();
  // Roles and behaviour follow the argument of the newest installation or upgrade.
  transient let trusted = init.operators;
  transient let settlers = switch (init.options) { case (?options) Array.concat(init.operators, [options]); case null init.operators };
  transient let safe = not init.badly_behaved;

  public query func get_user(user : Principal) : async { #ok : Types.UserData; #err : Text } {
    switch (Platform.user(state, user)) { case (?known) #ok(Border.userData(known)); case null #err("User not found.") };
  };

  /// Opens an account; for a user who has one it answers that one.
  public shared ({ caller }) func create_user(user : Principal) : async { #ok : Types.UserData; #err : Text } {
    if (safe and not mayActFor(caller, user)) return #err("Only the user or an operator may create this account.");
    #ok(Border.userData(Platform.openUser(state, user, Time.now())));
  };

  /// `strike_offset`: US cents between entry price and strike (250, 500, 1000 or 1500). Answers the position's id.
  public shared ({ caller }) func place_trade_simple(
    user : Principal,
    option_type : Text,
    strike_offset : Nat,
    expiry : Text,
    contract_count : Nat,
    entry_price_cents : Nat64,
    strike_price_cents : Nat64,
  ) : async { #ok : Nat; #err : Text } {
    let asked : SafeRules.PlaceArgs = {
      optionType = option_type;
      offsetCents = strike_offset;
      expiry;
      contracts = contract_count;
      entryCents = Nat64.toNat(entry_price_cents);
      strikeCents = Nat64.toNat(strike_price_cents);
    };
    if (not safe) {
      let account = Platform.openUser(state, user, Time.now());
      return switch (BadRules.trade(asked)) {
        case (#ok(trade)) #ok(Platform.open(state, account, trade, Time.now()));
        case (#err(reason)) #err(reason);
      };
    };
    if (not mayActFor(caller, user)) return #err("Only the user or an operator may place this trade.");
    let ?account = Platform.user(state, user) else return #err("User not found.");
    switch (SafeRules.trade(account, asked)) {
      case (#ok(trade)) #ok(Platform.open(state, account, trade, Time.now()));
      case (#err(reason)) #err(reason);
    };
  };

  /// `outcome`: "win", "loss" or "tie"; `profit_cents` is 0 for a loss.
  public shared ({ caller }) func recordSettlement(
    position_id : Nat,
    outcome : Text,
    payout_cents : Nat64,
    profit_cents : Nat64,
    final_price_cents : Nat64,
  ) : async { #ok; #err : Text } {
    let ?position = Platform.position(state, position_id) else return #err("Position not found.");
    let asked : SafeRules.SettleArgs = {
      outcome;
      payoutCents = Nat64.toNat(payout_cents);
      profitCents = Nat64.toNat(profit_cents);
      finalCents = Nat64.toNat(final_price_cents);
    };
    if (safe and not (maySettle(caller, position))) {
      return #err("Only the position's owner, an operator or the options canister may settle it.");
    };
    let result = if (safe) SafeRules.settlement(position, asked, Time.now()) else BadRules.settlement(asked);
    switch (result) {
      case (#ok(accepted)) {
        Platform.settle(state, position, accepted, Time.now());
        #ok;
      };
      case (#err(reason)) #err(reason);
    };
  };

  public func get_position(position_id : Nat) : async { #ok : Types.Position; #err : Text } {
    let ?position = Platform.position(state, position_id) else return #err("Position not found.");
    #ok(Border.position(position));
  };

  public func get_user_positions(user : Principal) : async [Types.Position] {
    let ?account = Platform.user(state, user) else return [];
    Array.map(Platform.positionsOf(state, account), Border.position);
  };

  public query func get_all_positions() : async [Types.Position] {
    Array.map(List.toArray(state.positions), Border.position);
  };

  public query func get_platform_ledger() : async Types.PlatformLedger { Border.ledger(state) };

  public query func get_platform_wallet() : async Types.PlatformWallet { Border.wallet(state) };

  public query func get_all_users() : async [(Principal, Types.UserData)] { Border.users(state) };

  public query func get_platform_trading_summary() : async Types.TradingSummary {
    let total_trades = List.size(state.positions);
    { total_trades; active_trades = total_trades - state.settled : Nat; settled_trades = state.settled };
  };

  /// What changed the books, oldest first: time (ns) and words.
  public func get_admin_logs() : async [Text] { List.toArray(state.logs) };

  /// `amount`: BTC, rounded to the nearest satoshi. The options canister may take balances: what it moves to its own books it credits negatively.
  public shared ({ caller }) func admin_credit_user_balance(user : Principal, amount : Float) : async { #ok : Text; #err : Text } {
    let byOptions = switch (init.options) { case (?options) SafeRules.isOneOf(caller, [options]); case null false };
    let byOperator = SafeRules.isOneOf(caller, trusted);
    if (safe and not byOperator and not (byOptions and amount < 0.0)) return #err("Only an operator may credit a balance.");
    let ?sats = Border.sats(amount) else return #err("The amount is not an amount of bitcoin.");
    if (safe and byOptions and sats < 0) return switch (SafeRules.taking(Platform.user(state, user), sats)) {
      case (#ok account) {
        Platform.credit(state, account, sats, Time.now());
        #ok("Took " # Int.toText(-sats) # " satoshi.");
      };
      case (#err reason) #err reason;
    };
    if (safe and sats < 1) return #err("The amount must be at least 1 satoshi (0.00000001 BTC).");
    let account = if (safe) {
      let ?known = Platform.user(state, user) else return #err("User not found.");
      known;
    } else Platform.openUser(state, user, Time.now());
    Platform.credit(state, account, sats, Time.now());
    #ok("Credited " # Int.toText(sats) # " satoshi.");
  };

  func mayActFor(caller : Principal, user : Principal) : Bool = SafeRules.isOneOf(caller, [user]) or SafeRules.isOneOf(caller, trusted);

  func maySettle(caller : Principal, position : Platform.Position) : Bool {
    SafeRules.isOneOf(caller, [position.user.principal]) or SafeRules.isOneOf(caller, settlers);
  };
};
