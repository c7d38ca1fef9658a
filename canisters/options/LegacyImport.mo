/// Moves accounts of the legacy platform to this one: the balance is taken there first, and paid here from what operators put aside for it, so
/// that nobody is paid twice and nothing is owed without bitcoin behind it.
///
/// For each user: read, journal, take (credit a negative amount: the platform's only call that changes a balance), read back. Only when the platform
/// has agreed and the balance went down by exactly the amount does it count as taken. A balance that is gone without an answer proves nothing: the
/// user may have spent just that much there, and nothing the platform offers tells the two apart (its log is text without a fixed form, its totals
/// are everybody's). That row is for two operators, as is every other one that fits no answer (ImportJournal.mo). Positions stay there
/// (LegacySettlement.mo).

import Array "mo:core/Array";
import Error "mo:core/Error";
import Errors "Errors";
import Format "Format";
import ImportJournal "ImportJournal";
import LegacyBorder "../shared/LegacyBorder";
import Ledger "Ledger";
import List "mo:core/List";
import Map "mo:core/Map";
import Nat64 "mo:core/Nat64";
import Principal "mo:core/Principal";
import Set "mo:core/Set";
import State "State";
import Types "Types";

module {
  type State = State.State;

  public let MAX_LIMIT : Nat64 = 100;
  /// Whether a batch goes on with the next user, or ends here.
  type Step = { #done; #stop : Types.Error };

  /// Goes on where the last batch ended: first with what is open, then with users it has not looked at. After the last user the next batch begins
  /// with the first again: a position that is settled there later may leave a balance. The caller holds the lock of the import.
  public func batch(state : State, self : Principal, limit : Nat64, now : () -> Nat64) : async* Types.Answer<Types.ImportReport> {
    let ?principal = state.config.legacy else return #err(Errors.importRefused("this exchange runs without the legacy platform"));
    let legacy : LegacyBorder.Self = actor (principal.toText());
    let { imports } = state;
    var left = limit;
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
    #ok(ImportJournal.report(state));
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
      case (?balance) if (balance < ImportJournal.E12) ?"there is less than one satoshi" else null;
    };
    let balanceE12 = switch found { case (?balance) balance; case null 0 };
    let (amount, dustE12) = (Nat64.fromNat(balanceE12 / ImportJournal.E12), Nat64.fromNat(balanceE12 % ImportJournal.E12));
    switch reason {
      case (?text) {
        // Somebody who was looked at before keeps that row.
        if isNew ignore ImportJournal.write(state, user, amount, dustE12, #skipped { reason = text }, now());
        return #done;
      };
      case null {};
    };
    switch (ImportJournal.shortage(state, amount)) {
      case (?error) return #stop error;
      case null {};
    };
    let id = ImportJournal.write(state, user, amount, dustE12, #taking, now());
    await* take(state, legacy, id, now);
  };

  /// Asks once for the amount, and reads back what became of it.
  func take(state : State, legacy : LegacyBorder.Self, id : Nat, now : () -> Nat64) : async* Step {
    let entry = state.imports.order.at(id);
    entry.attempts += 1;
    entry.last := now();
    entry.accepted := false;
    var refusal : ?Text = null;
    try {
      switch (await (with timeout = 30) legacy.admin_credit_user_balance(entry.owner, LegacyBorder.btcTaken(entry.amount))) {
        case (?#ok _) entry.accepted := true;
        case (?#err error) refusal := ?Format.shortened(error, 200);
        case null {};
      };
    } catch (error) {
      if (Ledger.neverArrived(error)) {
        let text = Format.shortened(error.message(), 200);
        ImportJournal.end(state, id, #skipped { reason = "not taken: " # text }, now());
        return #stop(Errors.importStopped(text));
      };
    };
    let after = switch (await* read(legacy, entry.owner)) {
      case (#ok balance) balance;
      // The entry stays open, and a later batch begins by reading.
      case (#err error) return #stop error;
    };
    switch (ImportJournal.compare(entry, after), refusal) {
      case (#unchanged, ?text) {
        ImportJournal.end(state, id, #skipped { reason = "not taken: " # text }, now());
        state.imports.cursor := ?entry.owner; // one who can't be moved holds up nobody
        #stop(Errors.importRefused(text));
      };
      case (#taken, ?text) differ(state, id, "the platform refused (" # text # "), but the balance is gone", now());
      case (#other, ?text) differ(state, id, "the platform refused (" # text # "), but the balance changed", now());
      // Without an answer it may still happen, so that asking again could take it twice.
      case (#unchanged, null) if (entry.accepted) judge(state, id, #unchanged, now()) else #done;
      case (found, null) judge(state, id, found, now());
    };
  };

  /// What a balance means when the platform has refused nothing.
  func judge(state : State, id : Nat, found : ImportJournal.Found, now : Nat64) : Step {
    switch (found, state.imports.order.at(id).accepted) {
      case (#taken, true) {
        ImportJournal.pay(state, id, now);
        #done;
      };
      case (#taken, false) differ(state, id, "the balance is gone, but the platform never answered: it may have been spent there", now);
      case (#unchanged, _) differ(state, id, "the platform agreed, but the balance is unchanged", now);
      case (#other, _) differ(state, id, "the balance changed by another amount than was asked for", now);
    };
  };

  /// An entry whose call was not clearly answered, or whose payment had to wait.
  func resume(state : State, legacy : LegacyBorder.Self, id : Nat, now : () -> Nat64) : async* Step {
    let entry = state.imports.order.at(id);
    if (entry.state == #taken) {
      ImportJournal.pay(state, id, now());
      return #done;
    };
    let isOld = now() >= entry.last + ImportJournal.SETTLED_AFTER_NS;
    let after = switch (await* read(legacy, entry.owner)) {
      case (#ok balance) balance;
      case (#err error) return #stop error;
    };
    let found = ImportJournal.compare(entry, after);
    if (found != #unchanged or entry.accepted) return judge(state, id, found, now());
    if (not isOld) return #done;
    // The earlier call failed for certain now: it is the same as if it had never been made.
    switch (ImportJournal.shortage(state, 0)) {
      case (?error) #stop error;
      case null await* take(state, legacy, id, now);
    };
  };

  func differ(state : State, id : Nat, reason : Text, now : Nat64) : Step {
    ImportJournal.end(state, id, #differing { reason }, now);
    #done;
  };
};
