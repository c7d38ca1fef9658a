/// What a spender may still take from an account (ICRC-2).
import Map "mo:core/Map";
import Nat64 "mo:core/Nat64";
import Order "mo:core/Order";
import Runtime "mo:core/Runtime";
import Account "Account";
import Types "Types";

module {
  type Key = { account : Account.Account; spender : Account.Account };
  type Expiry = { at : Nat64; key : Key };
  public type Allowances = {
    table : Map.Map<Key, Types.Allowance>;
    /// Ordered by time, so that expired allowances go without a search.
    expiries : Map.Map<Expiry, ()>;
  };

  /// How many expired allowances one transaction removes at most (as the real ledger).
  let PRUNE_LIMIT = 100;
  let NONE : Types.Allowance = { allowance = 0; expires_at = null };

  public func empty() : Allowances = { table = Map.empty(); expiries = Map.empty() };

  /// The allowance at `now` (ns); zero without expiry when there is none or it has expired.
  public func get(self : Allowances, account : Account.Account, spender : Account.Account, now : Nat64) : Types.Allowance {
    switch (Map.get(self.table, compareKeys, { account; spender })) {
      case (?allowance) if (expired(allowance, now)) NONE else allowance;
      case null NONE;
    };
  };

  /// Replaces the allowance and its expiry; zero removes it.
  public func set(self : Allowances, account : Account.Account, spender : Account.Account, allowance : Types.Allowance) {
    let key = { account; spender };
    remove(self, key);
    if (allowance.allowance == 0) return;
    Map.add(self.table, compareKeys, key, allowance);
    switch (allowance.expires_at) {
      case (?at) Map.add(self.expiries, compareExpiries, { at; key }, ());
      case null {};
    };
  };

  /// Takes `amount` out of the allowance. The caller has checked that it is there.
  public func use(self : Allowances, account : Account.Account, spender : Account.Account, amount : Nat, now : Nat64) {
    let { allowance; expires_at } = get(self, account, spender, now);
    if (allowance < amount) Runtime.trap("using more than the allowance");
    set(self, account, spender, { allowance = allowance - amount; expires_at });
  };

  /// Forgets allowances that have expired at `now`, oldest first, a bounded number of them.
  public func prune(self : Allowances, now : Nat64) {
    var left = PRUNE_LIMIT;
    label pruning while (left > 0) {
      switch (Map.minEntry(self.expiries)) {
        case (?({ at; key }, ())) if (at <= now) remove(self, key) else break pruning;
        case null break pruning;
      };
      left -= 1;
    };
  };

  func remove(self : Allowances, key : Key) {
    switch (Map.take(self.table, compareKeys, key)) {
      case (?{ expires_at = ?at }) Map.remove(self.expiries, compareExpiries, { at; key });
      case _ {};
    };
  };

  func expired(allowance : Types.Allowance, now : Nat64) : Bool {
    switch (allowance.expires_at) { case (?at) at <= now; case null false };
  };

  func compareKeys(a : Key, b : Key) : Order.Order {
    switch (Account.compare(a.account, b.account)) {
      case (#equal) Account.compare(a.spender, b.spender);
      case different different;
    };
  };

  func compareExpiries(a : Expiry, b : Expiry) : Order.Order {
    switch (Nat64.compare(a.at, b.at)) {
      case (#equal) compareKeys(a.key, b.key);
      case different different;
    };
  };
};
