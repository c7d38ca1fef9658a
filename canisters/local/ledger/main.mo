/// Stand-in for the ckBTC ledger on the local network: ICRC-1 and ICRC-2 with mainnet's constants, errors and order of checks.
/// Never deployed on mainnet. Beyond the standards it mints test money and, for tests, fails on demand.
import Int "mo:core/Int";
import List "mo:core/List";
import Nat64 "mo:core/Nat64";
import Principal "mo:core/Principal";
import Runtime "mo:core/Runtime";
import Time "mo:core/Time";
import Account "Account";
import Allowances "Allowances";
import Balances "Balances";
import Faults "Faults";
import Ledger "Ledger";
import Token "Token";
import Types "Types";

persistent actor class CkBtcLedger(init : Types.InitArgs) {
  /// The largest test mint a call, satoshi: 1 BTC.
  transient let MAX_TEST_MINT = 100_000_000;

  let state = Ledger.create(init, Nat64.fromNat(Int.abs(Time.now())));
  var fault : ?Types.Fault = null;

  func now() : Nat64 = Nat64.fromNat(Int.abs(Time.now()));

  public query func icrc1_name() : async Text { Token.NAME };
  public query func icrc1_symbol() : async Text { Token.SYMBOL };
  public query func icrc1_decimals() : async Nat8 { Token.DECIMALS };
  public query func icrc1_fee() : async Nat { Token.FEE };
  public query func icrc1_total_supply() : async Nat { state.balances.supply };
  public query func icrc1_minting_account() : async ?Types.Account { ?state.mintingAccount };

  public query func icrc1_metadata() : async [(Text, Types.MetadataValue)] {
    [
      ("icrc1:name", #Text(Token.NAME)),
      ("icrc1:symbol", #Text(Token.SYMBOL)),
      ("icrc1:decimals", #Nat(8)),
      ("icrc1:fee", #Nat(Token.FEE)),
      ("icrc1:max_memo_length", #Nat(Token.MAX_MEMO_BYTES)),
    ];
  };

  public query func icrc1_supported_standards() : async [Types.Standard] {
    [
      { name = "ICRC-1"; url = "https://github.com/dfinity/ICRC-1/tree/main/standards/ICRC-1" },
      { name = "ICRC-2"; url = "https://github.com/dfinity/ICRC-1/tree/main/standards/ICRC-2" },
    ];
  };

  public query func icrc1_balance_of(account : Types.Account) : async Nat {
    Balances.get(state.balances, Account.normalise(account));
  };

  public shared ({ caller }) func icrc1_transfer(arg : Types.TransferArg) : async Types.TransferResult {
    switch (Faults.refusal(fault)) { case (?error) return #Err(error); case null {} };
    let from = { owner = caller; subaccount = arg.from_subaccount };
    let result = switch (Ledger.transfer(state, { arg with from; spender = null }, now())) {
      case (#Ok(index)) #Ok(index);
      // Only a spender can lack an allowance.
      case (#Err(#InsufficientAllowance(_))) Runtime.unreachable();
      case (#Err(#BadFee(e))) #Err(#BadFee(e));
      case (#Err(#BadBurn(e))) #Err(#BadBurn(e));
      case (#Err(#InsufficientFunds(e))) #Err(#InsufficientFunds(e));
      case (#Err(#TooOld)) #Err(#TooOld);
      case (#Err(#CreatedInFuture(e))) #Err(#CreatedInFuture(e));
      case (#Err(#Duplicate(e))) #Err(#Duplicate(e));
      case (#Err(#TemporarilyUnavailable)) #Err(#TemporarilyUnavailable);
      case (#Err(#GenericError(e))) #Err(#GenericError(e));
    };
    if (fault == ?#trap_after) await loseAnswer();
    result;
  };

  public shared ({ caller }) func icrc2_transfer_from(arg : Types.TransferFromArg) : async Types.TransferFromResult {
    switch (Faults.refusal(fault)) { case (?error) return #Err(error); case null {} };
    let spender = ?{ owner = caller; subaccount = arg.spender_subaccount };
    let result = Ledger.transfer(state, { arg with spender }, now());
    if (fault == ?#trap_after) await loseAnswer();
    result;
  };

  public shared ({ caller }) func icrc2_approve(arg : Types.ApproveArg) : async Types.ApproveResult {
    Ledger.approve(state, caller, arg, now());
  };

  public query func icrc2_allowance(arg : Types.AllowanceArg) : async Types.Allowance {
    Allowances.get(state.allowances, Account.normalise(arg.account), Account.normalise(arg.spender), now());
  };

  /// One block, for reconciliation; `null` beyond the last one.
  public query func get_block(index : Nat) : async ?Types.Block {
    // Compared first: `List.get` traps for an index beyond 64 bits.
    if (index >= List.size(state.blocks)) null else List.get(state.blocks, index);
  };

  /// Test bitcoin out of nothing, for anybody who is logged in, at most 1 BTC a call.
  public shared ({ caller }) func mint_test_bitcoin(arg : { to : Types.Account; amount : Nat }) : async { #Ok : Nat; #Err : Text } {
    if (Principal.isAnonymous(caller)) return #Err("Log in to get test bitcoin.");
    if (arg.amount == 0) return #Err("The amount must be at least 1 satoshi.");
    if (arg.amount > MAX_TEST_MINT) return #Err("The amount must be at most 1 BTC (100,000,000 satoshi) a call.");
    if (Account.equal(Account.normalise(arg.to), state.mintingAccount)) return #Err("The minting account can't hold bitcoin.");
    #Ok(Ledger.mint(state, arg.to, arg.amount, now()));
  };

  /// Test switch, controllers only: how transfers fail until it is unset with `null`.
  public shared ({ caller }) func set_fault(value : ?Types.Fault) : async () {
    if (not Principal.isController(caller)) Runtime.trap("only a controller may set a fault");
    fault := value;
  };

  /// Rejects the caller after the transfer was committed: the await commits, the trap comes after it.
  func loseAnswer() : async () {
    await async ();
    Runtime.trap("the answer of this transfer was lost (test switch)");
  };
};
