/// The journal of accounts that move from the legacy platform (LegacyImport.mo asks that platform): what a row is, what it comes to, and the
/// figures of the reconciliation. Nothing here waits for anybody.
///
/// A row that the platform left unclear is `differing`. Nothing is asked or paid for it any more until two operators have looked there and said
/// whether the balance was taken (Proposals.mo).

import Errors "Errors";
import Int "mo:core/Int";
import List "mo:core/List";
import Map "mo:core/Map";
import Money "Money";
import Nat64 "mo:core/Nat64";
import Principal "mo:core/Principal";
import Set "mo:core/Set";
import State "State";
import Statement "Statement";
import Traders "Traders";
import Types "Types";
import Units "Units";

module {
  type State = State.State;
  type Import = State.Import;

  /// A call waits 30 s for its answer and can't be delivered later than that: what it has not done after this long it never will.
  public let SETTLED_AFTER_NS : Nat64 = 300_000_000_000;
  /// What the platform's own arithmetic may add or lose, 10^-12 sats.
  let TOLERANCE_E12 : Nat = 1_000_000_000;
  public let E12 : Nat = 1_000_000_000_000;

  /// What may still be paid for rows that are open, sats.
  func promised(state : State) : Nat64 {
    var open : Nat64 = 0;
    for (id in state.imports.open.values()) open += state.imports.order.at(id).amount;
    open;
  };

  /// What the migration account can pay besides that, sats.
  public func payable(state : State) : Nat64 = Units.minusOrZero(state.migration, promised(state));

  /// Null if the migration account can pay `more` sats besides those that may have been taken already and are still to be paid.
  public func shortage(state : State, more : Nat64) : ?Types.Error {
    if (state.migration >= promised(state) + more) return null;
    ?Errors.migrationTooSmall(payable(state), more);
  };

  public func write(state : State, owner : Principal, amount : Nat64, dustE12 : Nat64, to : Types.ImportState, now : Nat64) : Nat {
    let { imports } = state;
    let id = imports.order.size();
    let entry : Import = {
      owner;
      amount;
      dustE12;
      before = amount;
      var attempts = 0;
      var last = now;
      var accepted = false;
      var state = to;
      var balanceAfter = 0;
    };
    imports.order.add(entry);
    imports.byOwner.add(owner, entry);
    switch to {
      case (#skipped _) imports.skipped += 1;
      case _ imports.open.add(id);
    };
    id;
  };

  /// What has become of a balance: it is less by exactly the amount, as it was, or something else.
  public type Found = { #taken; #unchanged; #other };

  /// `after`: what the platform shows, 10^-12 sats; null if that is no amount.
  public func compare({ amount; dustE12 } : Import, after : ?Nat) : Found {
    let ?found = after else return #other;
    let dust = dustE12.toNat();
    if (near(found, dust)) #taken else if (near(found, amount.toNat() * E12 + dust)) #unchanged else #other;
  };

  func near(a : Nat, b : Nat) : Bool = Int.abs((a : Int) - b) <= TOLERANCE_E12;

  /// Notes that the amount was taken there and pays it here, in the same message.
  public func pay(state : State, id : Nat, now : Nat64) {
    let { imports } = state;
    let entry = imports.order.at(id);
    if (entry.state == #taking) {
      entry.state := #taken;
      imports.takenSats += entry.amount;
      imports.dustE12 += entry.dustE12;
    };
    // Only if an owner has taken the migration account back in the meantime; then the next batch pays.
    if (not Money.has(state, #migration, entry.amount)) return;
    let trader = Traders.findOrCreate(state, entry.owner, now);
    Money.move(state, #migration, #available trader, entry.amount);
    end(state, id, #imported, now);
    entry.balanceAfter := Statement.balance(trader);
    Statement.add(trader, #legacyImport, id);
  };

  public func end(state : State, id : Nat, to : Types.ImportState, now : Nat64) {
    let { imports } = state;
    let entry = imports.order.at(id);
    entry.state := to;
    entry.last := now;
    imports.open.remove(id);
    switch to {
      case (#imported) {
        imports.imported += 1;
        imports.importedSats += entry.amount;
      };
      case (#differing _) {
        imports.differing += 1;
        imports.differingSats += entry.amount;
      };
      case (#skipped _) imports.skipped += 1;
      case (#taking or #taken) {};
    };
  };

  func isDiffering(entry : Import) : Bool = switch (entry.state) {
    case (#differing _) true;
    case _ false;
  };

  /// The row that operators can resolve for an account: its newest, since nothing is begun for an account with one that differs.
  public func differing(state : State, owner : Principal) : ?Import {
    let ?entry = state.imports.byOwner.get(owner) else return null;
    if (isDiffering entry) ?entry else null;
  };

  /// Until then a call without an answer may still do what it was to do, whatever people see.
  public func resolvableFrom(entry : Import) : Nat64 = entry.last + SETTLED_AFTER_NS;

  /// Why a row can't be resolved now; null when it can.
  public func problem(state : State, owner : Principal, taken : Bool, now : Nat64) : ?Types.Error {
    let ?_ = state.imports.byOwner.get(owner) else return ?Errors.notFound("import of this account");
    let ?entry = differing(state, owner) else return ?Errors.notInReview("import");
    let from = resolvableFrom(entry);
    if (now < from) return ?Errors.tooEarly(from, ((from - now) / Units.SECOND_NS).toNat() + 1);
    if (taken and shortage(state, entry.amount) != null) {
      return ?Errors.importNotCovered(payable(state), entry.amount);
    };
    null;
  };

  /// Ends a row by what two operators have seen. Taken: it is paid like any other. Not taken: the row is over, and the next pass begins anew with
  /// what the platform shows then. It must not be asked for again under this row: the balance may have become another, or be spent, and that
  /// would look like a success.
  public func resolve(state : State, entry : Import, taken : Bool, now : Nat64) {
    let { imports } = state;
    let ?id = imports.order.findLastIndex(func(other) = other.owner == entry.owner) else return;
    imports.differing -= 1;
    imports.differingSats -= entry.amount;
    if taken {
      entry.state := #taking;
      imports.open.add(id);
      pay(state, id, now);
    } else end(state, id, #skipped { reason = "two operators saw that it was not taken" }, now);
  };

  public func report(state : State) : Types.ImportReport {
    let { imports } = state;
    {
      seen = imports.byOwner.size();
      imported = imports.imported;
      imported_sats = imports.importedSats.toNat();
      taken_sats = imports.takenSats.toNat();
      skipped = imports.skipped;
      differing = imports.differing;
      differing_sats = imports.differingSats.toNat();
      dust_e12 = imports.dustE12.toNat();
      migration_sats = state.migration.toNat();
      finished = imports.finished and imports.open.isEmpty();
    };
  };

  public func row(entry : Import) : Types.ImportRow = { owner = entry.owner; amount_sats = entry.amount.toNat(); state = entry.state; at_ns = entry.last };
};
