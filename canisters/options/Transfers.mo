/// What deposits and withdrawals share: every transfer is journaled before the ledger is called, with all arguments fixed, so
/// that repeating the call is recognised by the ledger as the same transfer.

import Array "mo:core/Array";
import Blob "mo:core/Blob";
import Error "mo:core/Error";
import Errors "Errors";
import Format "Format";
import Iter "mo:core/Iter";
import Ledger "Ledger";
import List "mo:core/List";
import Map "mo:core/Map";
import Names "Names";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Nat8 "mo:core/Nat8";
import Principal "mo:core/Principal";
import State "State";
import Text "mo:core/Text";
import Types "Types";
import Units "Units";

module {
  type State = State.State;

  /// No ledger of bitcoin charges more than ten bitcoin; a larger fee is a mistake.
  public let MAX_FEE : Nat = 1_000_000_000;

  /// What a principal asked for so far.
  public func requests(state : State, owner : Principal) : ?State.Requests = state.requests.get(owner);

  public func requestsOrNew(state : State, owner : Principal) : State.Requests = switch (requests(state, owner)) {
    case (?found) found;
    case null {
      let made : State.Requests = { var deposits = Names.none(); var withdrawals = Names.none(); var sweep = null; var withdrawalIds = null };
      state.requests.add(owner, made);
      made;
    };
  };

  public func newAttempts() : State.Attempts = { var count = 0; var last = 0; var awaiting = false; var unclear = false };

  /// To be called right before the ledger is: if an earlier attempt was never answered (the code after its call did not run),
  /// its outcome is unknown.
  public func begin(attempts : State.Attempts, now : Nat64) {
    if (attempts.awaiting) attempts.unclear := true;
    attempts.awaiting := true;
    attempts.count += 1;
    attempts.last := now;
  };

  /// To be called with every answer.
  public func answered(attempts : State.Attempts, verdict : Ledger.Verdict) {
    attempts.awaiting := false;
    switch verdict {
      case (#again { unclear }) if unclear attempts.unclear := true;
      case _ {};
    };
  };

  /// Whether it is time to repeat: 30 s after the first attempt, then twice as long each time, at most every 10 minutes.
  public func isDue(attempts : State.Attempts, now : Nat64) : Bool {
    let doublings = if (attempts.count > 5) 5 else if (attempts.count == 0) 0 else attempts.count - 1 : Nat;
    let wait = 30 * 2 ** doublings;
    now >= attempts.last + Nat64.fromNat(if (wait > 600) 600 else wait) * Units.SECOND_NS;
  };

  /// Those of the transfers that are to be repeated now, at most `limit`: the ones that have waited longest come first, so that no
  /// number of hopeless ones holds another back.
  public func dueOf(transfers : Iter.Iter<(Nat, State.Attempts)>, now : Nat64, limit : Nat) : [Nat] {
    let due = transfers.filter(func(_, attempts) = isDue(attempts, now)).toArray();
    let ordered = due.sort(func((_, a), (_, b)) = Nat64.compare(a.last, b.last));
    ordered.sliceToArray(0, Nat.min(limit, ordered.size())).map<(Nat, State.Attempts), Nat>(func(id, _) = id);
  };

  /// 32 bytes that name a journal entry: a word of up to 24 ASCII characters, zeros, and the entry's id.
  public func memo(kind : Text, id : Nat) : Blob {
    let bytes = List.empty<Nat8>();
    for (byte in kind.encodeUtf8().values()) bytes.add(byte);
    let zero : Nat8 = 0;
    while (bytes.size() < 24) bytes.add(zero);
    var shift : Nat64 = 64;
    let id64 = Nat64.fromNat(id);
    while (shift > 0) {
      shift -= 8;
      bytes.add(Nat8.fromNat(((id64 >> shift) & 0xff).toNat()));
    };
    Blob.fromArray(bytes.toArray());
  };

  public func ledger(state : State) : Ledger.Self = actor (state.config.ledger.toText());

  /// The next transfer that names a fee is to be made with the one the ledger wants.
  public func learnFee(state : State, result : Ledger.TransferResult) = switch result {
    case (?#Err(?#BadFee { expected_fee })) if (expected_fee <= MAX_FEE) state.ledger.fee := ?Nat64.fromNat(expected_fee);
    case _ {};
  };

  /// To be called when a transfer comes into review, or out of it.
  public func enterReview(state : State) = state.transfersInReview += 1;
  public func leaveReview(state : State) = state.transfersInReview -= 1;

  /// Asks the ledger what an account holds.
  public func balanceOf(state : State, account : Types.Account) : async* Types.Answer<Nat> {
    try { #ok(await (with timeout = 30) ledger(state).icrc1_balance_of(account)) } catch (error) {
      #err(Errors.ledger(Format.shortened(error.message(), 200)));
    };
  };

  /// Asks the ledger for its fee and minting account unless they are known.
  public func learnFacts(state : State) : async* Types.Answer<{ fee : Nat64; minter : ?Principal }> {
    switch (state.ledger.fee) {
      case (?fee) return #ok { fee; minter = state.ledger.minter };
      case null {};
    };
    try {
      let canister = ledger(state);
      let minting = await (with timeout = 30) canister.icrc1_minting_account();
      let asked = await (with timeout = 30) canister.icrc1_fee();
      if (asked > MAX_FEE) return #err(Errors.ledger("its fee is out of any range"));
      let fee = Nat64.fromNat(asked);
      state.ledger.minter := switch minting {
        case (?account) ?account.owner;
        case null null;
      };
      state.ledger.fee := ?fee;
      #ok { fee; minter = state.ledger.minter };
    } catch (error) {
      #err(Errors.ledger(Format.shortened(error.message(), 200)));
    };
  };
};
