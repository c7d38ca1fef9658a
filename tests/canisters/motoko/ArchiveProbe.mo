/// Lets tests write into the archive of final positions and into tables of names what no healthy canister around them could be brought to hold.
import Archive "../../../canisters/options/Archive";
import Array "mo:core/Array";
import Blob "mo:core/Blob";
import EmptyState "../../../canisters/options/EmptyState";
import Int64 "mo:core/Int64";
import List "mo:core/List";
import Names "../../../canisters/options/Names";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Principal "mo:core/Principal";
import Settings "../../../canisters/options/Settings";
import State "../../../canisters/options/State";
import Terms "../../../canisters/options/Terms";
import Traders "../../../canisters/options/Traders";
import Types "../../../canisters/options/Types";

persistent actor {
  /// A position without what it refers to: the trader and the terms are given by their numbers.
  type Row = {
    trader : Nat;
    terms : Nat;
    clientOrderId : Text;
    size : Nat64;
    cap : Nat64;
    strikeOrdered : Int64;
    maxPremium : Nat64;
    maxPayout : Nat64;
    placed : Nat64;
    expiry : Nat64;
    reserve : Nat64;
    status : State.Status;
    reason : Types.CancelReason;
    price : Nat64;
    strike : Nat64;
    sigmaPpm : Nat64;
    fair : Nat64;
    spread : Nat64;
    skew : Nat64;
    filled : Nat64;
    balanceAfterFill : Nat64;
    ended : Nat64;
    settlementPrice : Nat64;
    outcome : Types.Outcome;
    payout : Nat64;
    balanceAfterEnd : Nat64;
  };

  let somebody = Principal.fromText("aaaaa-aa");
  let state = EmptyState.empty({ ledger = somebody; exchangeRate = somebody; legacy = null }, Settings.defaults(), 0);
  for (tenor in ["1m", "daily"].values()) Terms.make(state, tenor, tenor == "daily");
  for (length in Nat.range(0, 5)) ignore Traders.findOrCreate(state, Principal.fromBlob(Blob.fromArray(Array.repeat<Nat8>(7, length))), 0);

  /// Takes the row as the position with the next id, and answers how it is read: null if the archive doesn't take it.
  public func keep(row : Row) : async ?Row {
    let id = state.positions.size();
    let position : State.Position = { row with id; trader = state.traders.at(row.trader); terms = state.termsByNumber.at(row.terms) };
    if (not Archive.keep(state, position)) {
      state.positions.add(#kept position);
      return null;
    };
    state.positions.add(#archived);
    ?(await read(id));
  };

  public query func read(id : Nat) : async Row {
    let position = Archive.at(state, id);
    assert position.id == id and (position.clientOrderId == Archive.clientOrderId(state, id));
    { position with trader = position.trader.index; terms = position.terms.number };
  };

  /// Adds records under their names, removes some, and answers for each that was added whether it is found. Records may share a name here: that is what
  /// names of one hash look like.
  public query func names(added : [Text], removed : [Nat]) : async [Bool] {
    var names = Names.none();
    for ((id, name) in added.enumerate()) names := Names.add(names, Names.hash(name), id);
    for (id in removed.values()) if (id < added.size()) Names.remove(names, Names.hash(added[id]), id);
    added.mapEntries<Text, Bool>(func(name, id) = Names.find(names, Names.hash(name), func(found) = found == id) == #known id);
  };

  /// What is found of a name after so many records of its hash, none of which is it; and whether nothing is left once all are removed.
  public query func alike(name : Text, count : Nat) : async (Names.Found, Bool) {
    var names = Names.none();
    for (id in Nat.range(0, count)) names := Names.add(names, Names.hash(name), id);
    let found = Names.find(names, Names.hash(name), func(_) = false);
    for (id in Nat.range(0, count)) Names.remove(names, Names.hash(name), id);
    (found, Names.isEmpty(names));
  };
};
