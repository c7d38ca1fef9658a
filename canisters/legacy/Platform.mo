/// The platform's books: users, positions, totals. Satoshi and US cents; no float. Nothing here asks who may do what.
import Array "mo:core/Array";
import Int "mo:core/Int";
import List "mo:core/List";
import Map "mo:core/Map";
import Nat "mo:core/Nat";
import Principal "mo:core/Principal";
import PayoutTable "PayoutTable";

module {
  public type User = {
    principal : Principal;
    createdNs : Int;
    /// Negative only where nothing is checked (the badly behaved platform).
    var balanceSats : Int;
    var winsCents : Nat;
    var lossesCents : Nat;
    positions : List.List<Nat>;
  };
  public type Settlement = { atNs : Int; priceCents : Nat; payoutCents : Nat; pnlCents : Int };
  public type Position = {
    id : Nat;
    user : User;
    direction : PayoutTable.Direction;
    strikeCents : Nat;
    entryCents : Nat;
    expiry : Text;
    contracts : Nat;
    premiumCents : Nat;
    openedNs : Int;
    var settlement : ?Settlement;
  };
  public type State = {
    users : Map.Map<Principal, User>;
    /// The position with id n is at n - 1.
    positions : List.List<Position>;
    logs : List.List<Text>;
    var settled : Nat;
    var depositsSats : Int;
    /// Premiums traders lost, and profit they made, cents.
    var tradersLostCents : Nat;
    var tradersWonCents : Nat;
  };

  public func empty() : State = {
    users = Map.empty();
    positions = List.empty();
    logs = List.empty();
    var settled = 0;
    var depositsSats = 0;
    var tradersLostCents = 0;
    var tradersWonCents = 0;
  };

  public func user(self : State, principal : Principal) : ?User = Map.get(self.users, Principal.compare, principal);

  /// The user's account, opened if there was none.
  public func openUser(self : State, principal : Principal, now : Int) : User {
    switch (user(self, principal)) {
      case (?known) known;
      case null {
        let opened : User = {
          principal;
          createdNs = now;
          var balanceSats = 0;
          var winsCents = 0;
          var lossesCents = 0;
          positions = List.empty();
        };
        Map.add(self.users, Principal.compare, principal, opened);
        log(self, now, "created user " # Principal.toText(principal));
        opened;
      };
    };
  };

  public func credit(self : State, account : User, sats : Int, now : Int) {
    account.balanceSats += sats;
    self.depositsSats += sats;
    log(self, now, "credited " # Int.toText(sats) # " satoshi to " # Principal.toText(account.principal));
  };

  public type Trade = {
    direction : PayoutTable.Direction;
    expiry : Text;
    contracts : Nat;
    entryCents : Nat;
    strikeCents : Nat;
  };

  /// What a trade costs, satoshi at the entry price, rounded up.
  public func premiumSats(contracts : Nat, entryCents : Nat) : Nat {
    (contracts * PayoutTable.PREMIUM_CENTS * 100_000_000 + entryCents - 1 : Nat) / entryCents;
  };

  /// Opens a position and takes its premium; answers the id, which counts from 1.
  public func open(self : State, account : User, trade : Trade, now : Int) : Nat {
    let id = List.size(self.positions) + 1;
    let premiumCents = trade.contracts * PayoutTable.PREMIUM_CENTS;
    account.balanceSats -= premiumSats(trade.contracts, trade.entryCents);
    List.add(self.positions, { trade with id; user = account; premiumCents; openedNs = now; var settlement = null : ?Settlement });
    List.add(account.positions, id);
    log(self, now, "opened position " # Nat.toText(id) # " for " # Principal.toText(account.principal));
    id;
  };

  /// Compared first: `List.get` traps for an index beyond 64 bits, and an id is whatever a caller sends.
  public func position(self : State, id : Nat) : ?Position {
    if (id == 0 or id > List.size(self.positions)) null else List.get(self.positions, id - 1 : Nat);
  };

  public func positionsOf(self : State, account : User) : [Position] {
    Array.map<Nat, Position>(List.toArray(account.positions), func(id) = List.at(self.positions, id - 1 : Nat));
  };

  public type Result = { outcome : PayoutTable.Outcome; payoutCents : Nat; profitCents : Nat; pnlCents : Int; priceCents : Nat };

  /// Pays a result and books it. It pays whatever it is told, every time it is told: who calls must know better.
  public func settle(self : State, settled : Position, result : Result, now : Int) {
    let { outcome; payoutCents; profitCents; pnlCents; priceCents } = result;
    // Converted at the price of the settlement, rounded down.
    settled.user.balanceSats += payoutCents * 100_000_000 / priceCents;
    switch (outcome) {
      case (#win) {
        settled.user.winsCents += profitCents;
        self.tradersWonCents += profitCents;
      };
      case (#loss) {
        settled.user.lossesCents += settled.premiumCents;
        self.tradersLostCents += settled.premiumCents;
      };
      case (#tie) {};
    };
    if (settled.settlement == null) self.settled += 1;
    settled.settlement := ?{ atNs = now; priceCents; payoutCents; pnlCents };
    let (name, price, paid) = (PayoutTable.outcomeText(outcome), Nat.toText(priceCents), Nat.toText(payoutCents));
    log(self, now, "settled position " # Nat.toText(settled.id) # " as " # name # " at " # price # " cents, payout " # paid # " cents");
  };

  func log(self : State, now : Int, text : Text) = List.add(self.logs, Int.toText(now) # " " # text);
};
