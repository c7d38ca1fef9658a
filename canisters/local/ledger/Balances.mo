/// Who holds how many satoshi. The supply is kept beside the balances: it changes only by mint, burn and fees.
import Map "mo:core/Map";
import Runtime "mo:core/Runtime";
import Account "Account";
import Token "Token";

module {
  public type Balances = { accounts : Map.Map<Account.Account, Nat>; var supply : Nat };

  public func empty() : Balances = { accounts = Map.empty(); var supply = 0 };

  public func get(self : Balances, account : Account.Account) : Nat {
    switch (Map.get(self.accounts, Account.compare, account)) { case (?sats) sats; case null 0 };
  };

  /// Creates satoshi. Traps above the 64-bit supply of the real ledger.
  public func mint(self : Balances, to : Account.Account, amount : Nat) {
    if (self.supply + amount > Token.MAX_AMOUNT) Runtime.trap("the supply would exceed 2^64 - 1");
    self.supply += amount;
    put(self, to, get(self, to) + amount);
  };

  /// Destroys satoshi. The caller has checked that they are there.
  public func burn(self : Balances, from : Account.Account, amount : Nat) {
    let balance = get(self, from);
    if (balance < amount) Runtime.trap("burning more than the account holds");
    put(self, from, balance - amount);
    self.supply -= amount;
  };

  /// Moves satoshi. The caller has checked that they are there.
  public func move(self : Balances, from : Account.Account, to : Account.Account, amount : Nat) {
    let balance = get(self, from);
    if (balance < amount) Runtime.trap("moving more than the account holds");
    // The debit is stored before the credit is read, so that sending to oneself changes nothing.
    put(self, from, balance - amount);
    put(self, to, get(self, to) + amount);
  };

  func put(self : Balances, account : Account.Account, sats : Nat) {
    if (sats == 0) Map.remove(self.accounts, Account.compare, account) else Map.add(self.accounts, Account.compare, account, sats);
  };
};
