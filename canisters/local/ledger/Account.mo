/// Accounts as keys: one form for each account, and a total order.
import Blob "mo:core/Blob";
import Nat "mo:core/Nat";
import Order "mo:core/Order";
import Principal "mo:core/Principal";
import Runtime "mo:core/Runtime";
import Types "Types";

module {
  public type Account = Types.Account;

  let zeroSubaccount : Blob = "\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00";

  /// The one form of an account: the default subaccount (32 zero bytes) is `null`. Traps unless a subaccount has 32 bytes,
  /// as the real ledger, which can't even decode another length.
  public func normalise(account : Account) : Account {
    switch (account.subaccount) {
      case null account;
      case (?subaccount) {
        if (subaccount.size() != 32) Runtime.trap("a subaccount has 32 bytes, not " # Nat.toText(subaccount.size()));
        if (subaccount == zeroSubaccount) { { owner = account.owner; subaccount = null } } else account;
      };
    };
  };

  /// Order of normalised accounts: by owner, the default subaccount first.
  public func compare(a : Account, b : Account) : Order.Order {
    switch (Principal.compare(a.owner, b.owner)) {
      case (#equal) compareSubaccounts(a.subaccount, b.subaccount);
      case different different;
    };
  };

  public func equal(a : Account, b : Account) : Bool = compare(a, b) == #equal;

  func compareSubaccounts(a : ?Blob, b : ?Blob) : Order.Order {
    switch (a, b) {
      case (null, null) #equal;
      case (null, _) #less;
      case (_, null) #greater;
      case (?x, ?y) Blob.compare(x, y);
    };
  };
};
