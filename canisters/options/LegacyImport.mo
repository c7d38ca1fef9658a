/// Moves accounts of the legacy platform to this one: the balance is taken there first, and paid here from what operators put aside for it, so
/// that nobody is paid twice and nothing is owed without bitcoin behind it.
///
/// For each user: read, journal, take (credit a negative amount: the platform's only call that changes a balance), read back. Only a balance that
/// went down by exactly the amount counts as taken; what the platform says does not. Positions stay there (LegacySettlement.mo).

import Array "mo:core/Array";
import Error "mo:core/Error";
import Errors "Errors";
import Format "Format";
import Int "mo:core/Int";
import LegacyBorder "../shared/LegacyBorder";
import Ledger "Ledger";
import List "mo:core/List";
import Map "mo:core/Map";
import Money "Money";
import Nat "mo:core/Nat";
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

  public let MAX_LIMIT : Nat = 100;
  /// A call waits 30 s for its answer and can't be delivered later than that: a balance that is unchanged after this long was not touched by it and
  /// never will be.
  public let RESEND_AFTER_NS : Nat64 = 300_000_000_000;
  /// What the platform's own arithmetic may add or lose, 10^-12 sats.
  let TOLERANCE_E12 : Nat = 1_000_000_000;
  let E12 : Nat = 1_000_000_000_000;

  /// Whether a batch goes on with the next user, or ends here.
  type Step = { #done; #stop : Types.Error };

  /// Goes on where the last batch ended: first with what is open, then with users it has not looked at. After the last user the next batch begins
  /// with the first again: a position that is settled there later may leave a balance. The caller holds the lock of the import.
  public func batch(state : State, self : Principal, limit : Nat, now : () -> Nat64) : async* Types.Answer<Types.ImportReport> {
    let ?principal = state.config.legacy else return #err(Errors.importRefused("this exchange runs without the legacy platform"));
    let legacy : LegacyBorder.Self = actor (principal.toText());
    let { imports } = state;
    var left : Nat = limit;
    for (id in imports.open.toArray().values()) {
      if (left > 0) {
        left -= 1;
        switch (await* resume(state, legacy, id, now)) {
          case (#stop error) return #err error;
          case (#done) {};
        };
      };
    };
    let users = switch (await* list(legacy)) {
      case (#ok found) found;
      case (#err error) return #err error;
    };
    if (imports.finished) {
      imports.finished := false;
      imports.cursor := null;
    };
    for (user in users.values()) {
      if (left > 0 and isBehind(user, imports.cursor)) {
        left -= 1;
        switch (await* look(state, legacy, self, user, now)) {
          case (#stop error) return #err error;
          case (#done) imports.cursor := ?user;
        };
      };
    };
    let last = if (users.size() == 0) true else not isBehind(users[users.size() - 1], imports.cursor);
    if (last) imports.finished := true;
    #ok(report(state));
  };

  func isBehind(user : Principal, cursor : ?Principal) : Bool = switch cursor {
    case (?seen) user > seen;
    case null true;
  };

  func list(legacy : LegacyBorder.Self) : async* Types.Answer<[Principal]> {
    try {
      let ?users = await (with timeout = 30) legacy.get_all_users() else return #err(Errors.importStopped("its list of users could not be read"));
      #ok(users.map<(Principal, LegacyBorder.UserData), Principal>(func(user, _) = user).sort());
    } catch (error) { #err(Errors.importStopped(Format.shortened(error.message(), 200))) };
  };

  /// What a user has there, 10^-12 sats; null if the platform shows no amount.
  func read(legacy : LegacyBorder.Self, user : Principal) : async* Types.Answer<?Nat> {
    try {
      switch (await (with timeout = 30) legacy.get_user(user)) {
        case (?#ok data) #ok(LegacyBorder.satsE12(data.balance));
        case (?#err _) #ok null;
        case null #err(Errors.importStopped("its answer could not be read"));
      };
    } catch (error) { #err(Errors.importStopped(Format.shortened(error.message(), 200))) };
  };

  func look(state : State, legacy : LegacyBorder.Self, self : Principal, user : Principal, now : () -> Nat64) : async* Step {
    let isNew = switch (state.imports.byOwner.get(user)) {
      case (?entry) switch (entry.state) {
        case (#taking or #taken or #differing _) return #done; // open, or for a person
        case (#imported or #skipped _) false;
      };
      case null true;
    };
    let found = switch (await* read(legacy, user)) {
      case (#ok balance) balance;
      case (#err error) return #stop error;
    };
    let reason = if (user.isAnonymous() or user == self or ?user == state.config.legacy or user == state.config.ledger) {
      ?"the account is not a person's";
    } else switch found {
      case null ?"the platform shows no amount of bitcoin";
      case (?balance) if (balance < E12) ?"there is less than one satoshi" else null;
    };
    let balanceE12 = switch found { case (?balance) balance; case null 0 };
    let (amount, dustE12) = (Nat64.fromNat(balanceE12 / E12), Nat64.fromNat(balanceE12 % E12));
    switch reason {
      case (?text) {
        // Somebody who was looked at before keeps that row.
        if isNew ignore journal(state, user, amount, dustE12, #skipped { reason = text }, now());
        return #done;
      };
      case null {};
    };
    switch (shortage(state, amount)) {
      case (?error) return #stop error;
      case null {};
    };
    let id = journal(state, user, amount, dustE12, #taking, now());
    await* take(state, legacy, id, now);
  };

  /// Null if the migration account can pay `more` sats besides those that may have been taken already and are still to be paid.
  func shortage(state : State, more : Nat64) : ?Types.Error {
    var open : Nat64 = 0;
    for (id in state.imports.open.values()) open += state.imports.order.at(id).amount;
    if (state.migration >= open + more) return null;
    ?Errors.migrationTooSmall(Units.minusOrZero(state.migration, open).toNat(), more.toNat());
  };

  func journal(state : State, owner : Principal, amount : Nat64, dustE12 : Nat64, to : Types.ImportState, now : Nat64) : Nat {
    let { imports } = state;
    let id = imports.order.size();
    let entry : Import = { owner; amount; dustE12; before = amount; var attempts = 0; var last = now; var state = to; var balanceAfter = 0 };
    imports.order.add(entry);
    imports.byOwner.add(owner, entry);
    switch to {
      case (#skipped _) imports.skipped += 1;
      case _ imports.open.add(id);
    };
    id;
  };

  /// Asks once for the amount, and reads back what became of it.
  func take(state : State, legacy : LegacyBorder.Self, id : Nat, now : () -> Nat64) : async* Step {
    let entry = state.imports.order.at(id);
    entry.attempts += 1;
    entry.last := now();
    var refusal : ?Text = null;
    var accepted = false;
    try {
      switch (await (with timeout = 30) legacy.admin_credit_user_balance(entry.owner, LegacyBorder.btcTaken(entry.amount))) {
        case (?#ok _) accepted := true;
        case (?#err error) refusal := ?Format.shortened(error, 200);
        case null {};
      };
    } catch (error) {
      if (Ledger.neverArrived(error)) {
        let text = Format.shortened(error.message(), 200);
        end(state, id, #skipped { reason = "not taken: " # text }, now());
        return #stop(Errors.importStopped(text));
      };
    };
    let after = switch (await* read(legacy, entry.owner)) {
      case (#ok balance) balance;
      // The entry stays open, and a later batch begins by reading.
      case (#err error) return #stop error;
    };
    switch (compare(entry, after), refusal) {
      case (#taken, null) {
        pay(state, id, now());
        #done;
      };
      case (#taken, ?text) differ(state, id, "the platform refused (" # text # "), but the balance is gone", now());
      case (_, ?text) {
        end(state, id, #skipped { reason = "not taken: " # text }, now());
        state.imports.cursor := ?entry.owner; // one who can't be moved holds up nobody
        #stop(Errors.importRefused(text));
      };
      case (#unchanged, null) {
        // It may still happen, so that asking again could take it twice.
        if accepted return differ(state, id, "the platform agreed, but the balance is unchanged", now());
        #done;
      };
      case (#other, null) differ(state, id, "the balance changed by another amount than was asked for", now());
    };
  };

  func compare({ amount; dustE12 } : Import, after : ?Nat) : { #taken; #unchanged; #other } {
    let ?found = after else return #other;
    let dust = dustE12.toNat();
    if (near(found, dust)) #taken else if (near(found, amount.toNat() * E12 + dust)) #unchanged else #other;
  };

  func near(a : Nat, b : Nat) : Bool = Int.abs((a : Int) - b) <= TOLERANCE_E12;

  /// An entry whose call was not clearly answered, or whose payment had to wait.
  func resume(state : State, legacy : LegacyBorder.Self, id : Nat, now : () -> Nat64) : async* Step {
    let entry = state.imports.order.at(id);
    if (entry.state == #taken) {
      pay(state, id, now());
      return #done;
    };
    let isOld = now() >= entry.last + RESEND_AFTER_NS;
    let after = switch (await* read(legacy, entry.owner)) {
      case (#ok balance) balance;
      case (#err error) return #stop error;
    };
    switch (compare(entry, after)) {
      case (#taken) pay(state, id, now());
      // The earlier call failed for certain now: it is the same as if it had never been made.
      case (#unchanged) if isOld return switch (shortage(state, 0)) {
        case (?error) #stop error;
        case null await* take(state, legacy, id, now);
      };
      case (#other) return differ(state, id, "the balance changed by another amount than was asked for", now());
    };
    #done;
  };

  /// Notes that the amount was taken there and pays it here, in the same message.
  func pay(state : State, id : Nat, now : Nat64) {
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

  func differ(state : State, id : Nat, reason : Text, now : Nat64) : Step {
    end(state, id, #differing { reason }, now);
    #done;
  };

  func end(state : State, id : Nat, to : Types.ImportState, now : Nat64) {
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
