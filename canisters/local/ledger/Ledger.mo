/// The rules of the ckBTC ledger: which transaction is accepted, which error comes first, and what it changes.
/// The order of checks is that of the ledger on mainnet: memo (trap), fee, burn minimum, age, duplicate, then allowance and funds.
import List "mo:core/List";
import Nat "mo:core/Nat";
import Runtime "mo:core/Runtime";
import Account "Account";
import Allowances "Allowances";
import Balances "Balances";
import Deduplication "Deduplication";
import Token "Token";
import Types "Types";

module {
  type Account = Types.Account;

  public type State = {
    mintingAccount : Account;
    balances : Balances.Balances;
    allowances : Allowances.Allowances;
    deduplication : Deduplication.Deduplication;
    blocks : List.List<Types.Block>;
  };

  /// A movement as the rules see it: `icrc1_transfer` has no spender. Accounts need not be normalised.
  public type Movement = {
    from : Account;
    to : Account;
    spender : ?Account;
    amount : Nat;
    fee : ?Nat;
    memo : ?Blob;
    created_at_time : ?Nat64;
  };

  /// An empty ledger with the initial mints in its first blocks.
  public func create(init : Types.InitArgs, now : Nat64) : State {
    let state : State = {
      mintingAccount = { owner = init.minter; subaccount = null };
      balances = Balances.empty();
      allowances = Allowances.empty();
      deduplication = Deduplication.empty();
      blocks = List.empty();
    };
    for ({ to; amount } in init.initial_mints.vals()) ignore mint(state, to, amount, now);
    state;
  };

  /// Mints outside the minting account's own transfers; answers the block's index.
  public func mint(state : State, to : Account, amount : Nat, now : Nat64) : Nat {
    let account = Account.normalise(to);
    if (Account.equal(account, state.mintingAccount)) Runtime.trap("the minting account holds no tokens");
    Balances.mint(state.balances, account, amount);
    append(state, { operation = #mint({ to = account; amount }); memo = null; created_at_time = null }, 0, now);
  };

  /// Moves, mints (from the minting account) or burns (to it).
  public func transfer(state : State, request : Movement, now : Nat64) : Types.TransferFromResult {
    // The ledger on mainnet traps as well: its Candid type has no error for a memo that is too long.
    requireMemo(request.memo);
    let from = Account.normalise(request.from);
    let to = Account.normalise(request.to);
    let spender = switch (request.spender) { case (?account) ?Account.normalise(account); case null null };
    let { amount; fee; memo; created_at_time } = request;
    let balance = Balances.get(state.balances, from);
    if (amount > Token.MAX_AMOUNT) return #Err(#InsufficientFunds({ balance }));

    let isBurn = Account.equal(to, state.mintingAccount);
    let isMint = not isBurn and Account.equal(from, state.mintingAccount);
    if (isMint and spender != null) Runtime.trap("the minter account cannot delegate mints");
    let due = if (isBurn or isMint) 0 else Token.FEE;
    switch (fee) {
      case (?named) if (named != due) return #Err(#BadFee({ expected_fee = due }));
      case null {};
    };
    if (isBurn) {
      // An account with less than the fee may still burn all of it; nothing at all can't be burned.
      let minimum = if (balance < Token.FEE) balance else Token.FEE;
      if (amount < minimum) return #Err(#BadBurn({ min_burn_amount = minimum }));
      if (amount == 0) return #Err(#BadBurn({ min_burn_amount = Token.FEE }));
    };

    let operation : Types.Operation = if (isBurn) {
      #burn({ from; spender; amount });
    } else if (isMint) {
      #mint({ to; amount });
    } else {
      #transfer({ from; to; spender; amount; fee });
    };
    let transaction = { operation; memo; created_at_time };
    prune(state, now);
    switch (Deduplication.check(state.deduplication, transaction, now)) { case (?error) return #Err(error); case null {} };

    if (isMint) {
      Balances.mint(state.balances, to, amount);
    } else {
      // A spender who is the account itself needs no allowance.
      let delegate = switch (spender) { case (?account) if (Account.equal(account, from)) null else ?account; case null null };
      switch (delegate) {
        case (?account) {
          let { allowance } = Allowances.get(state.allowances, from, account, now);
          if (allowance < amount + due) return #Err(#InsufficientAllowance({ allowance }));
        };
        case null {};
      };
      if (balance < amount + due) return #Err(#InsufficientFunds({ balance }));
      switch (delegate) { case (?account) Allowances.use(state.allowances, from, account, amount + due, now); case null {} };
      if (isBurn) {
        Balances.burn(state.balances, from, amount);
      } else {
        Balances.burn(state.balances, from, due);
        Balances.move(state.balances, from, to, amount);
      };
    };
    #Ok(append(state, transaction, due, now));
  };

  /// Lets `spender` take up to `amount` (fees included) from `from`, in place of any earlier allowance. Costs the fee.
  public func approve(state : State, owner : Principal, request : Types.ApproveArg, now : Nat64) : Types.ApproveResult {
    let from = Account.normalise({ owner; subaccount = request.from_subaccount });
    let spender = Account.normalise(request.spender);
    // These three trap on mainnet too: ICRC-2 has no error for them.
    if (from.owner == spender.owner) Runtime.trap("self approval is not allowed");
    if (Account.equal(from, state.mintingAccount)) Runtime.trap("the minting account cannot delegate mints");
    requireMemo(request.memo);
    // A larger allowance than can exist is the largest one (wallets send 2^256 - 1 for "unlimited").
    let amount = if (request.amount > Token.MAX_AMOUNT) Token.MAX_AMOUNT else request.amount;
    let { expected_allowance; expires_at; fee; memo; created_at_time } = request;
    switch (fee) {
      case (?named) if (named != Token.FEE) return #Err(#BadFee({ expected_fee = Token.FEE }));
      case null {};
    };

    let operation = #approve({ from; spender; amount; expected_allowance; expires_at; fee });
    let transaction : Types.Transaction = { operation; memo; created_at_time };
    prune(state, now);
    switch (Deduplication.check(state.deduplication, transaction, now)) { case (?error) return #Err(error); case null {} };

    let balance = Balances.get(state.balances, from);
    if (balance < Token.FEE) return #Err(#InsufficientFunds({ balance }));
    switch (expires_at) { case (?at) if (at <= now) return #Err(#Expired({ ledger_time = now })); case null {} };
    switch (expected_allowance) {
      case (?expected) {
        let current = Allowances.get(state.allowances, from, spender, now).allowance;
        if (expected != current) return #Err(#AllowanceChanged({ current_allowance = current }));
      };
      case null {};
    };
    Balances.burn(state.balances, from, Token.FEE);
    Allowances.set(state.allowances, from, spender, { allowance = amount; expires_at });
    #Ok(append(state, transaction, Token.FEE, now));
  };

  func requireMemo(memo : ?Blob) {
    let ?bytes = memo else return;
    if (bytes.size() <= Token.MAX_MEMO_BYTES) return;
    let (size, limit) = (Nat.toText(bytes.size()), Nat.toText(Token.MAX_MEMO_BYTES));
    Runtime.trap("the memo field size of " # size # " bytes is above the allowed limit of " # limit # " bytes");
  };

  func prune(state : State, now : Nat64) {
    Deduplication.prune(state.deduplication, now);
    Allowances.prune(state.allowances, now);
  };

  func append(state : State, transaction : Types.Transaction, charged_fee : Nat, now : Nat64) : Nat {
    let index = List.size(state.blocks);
    List.add(state.blocks, { index; timestamp = now; transaction; charged_fee });
    Deduplication.remember(state.deduplication, transaction, index, now);
    index;
  };
};
