/// What a caller has named things, so that a repetition is recognised - orders by client_order_id, deposits and withdrawals by request_id - and the
/// traders by their principals.
///
/// A hash table, 8 to 16 bytes an entry (a map of texts took 150, and 400 while it was empty). An entry is 29 bits of the name's hash and 32 bits of the
/// record's id, which fit into a word that needs no memory of its own; the name stands in the record. Collisions are looked for in the next entries (linear
/// probing). Each caller has tables of their own, so that names made to collide slow down nobody else; in that of the traders an entry costs a deposit.
/// D. E. Knuth, The Art of Computer Programming, volume 3, 6.4, algorithm L.

import Blob "mo:core/Blob";
import Nat "mo:core/Nat";
import Nat32 "mo:core/Nat32";
import Nat64 "mo:core/Nat64";
import Principal "mo:core/Principal";
import Text "mo:core/Text";
import VarArray "mo:core/VarArray";

module {
  /// The number of entries, then a power of two of places; 0 is a free one. Nothing at all before the first entry.
  public type Names = [var Nat64];

  public func none() : Names = [var];

  let FEWEST : Nat = 4;
  let ID_BITS : Nat64 = 32;

  public func hash(name : Text) : Nat64 = (name.encodeUtf8().hash() >> 3).toNat64();
  public func hashOf(principal : Principal) : Nat64 = (principal.toBlob().hash() >> 3).toNat64();

  /// The id of the record that `isIt` recognises among those whose names have this hash.
  public func find(names : Names, hash : Nat64, isIt : Nat -> Bool) : ?Nat {
    if (names.size() == 0) return null;
    let places = names.size() - 1 : Nat;
    var place = firstPlace(hash, places);
    loop {
      let entry = names[place + 1];
      if (entry == 0) return null;
      if ((entry - 1) >> ID_BITS == hash) {
        let id = ((entry - 1) & 0xffff_ffff).toNat();
        if (isIt(id)) return ?id;
      };
      place := after(place, places);
    };
  };

  /// The table with one more record, which is not in it. The old one is not to be used any more.
  public func add(names : Names, hash : Nat64, id : Nat) : Names {
    let table = if (hasRoom(names)) names else larger(names);
    put(table, (hash << ID_BITS) + Nat64.fromNat(id) + 1);
    table;
  };

  /// The table without a record. It is made anew: what stood behind the entry might not be found otherwise.
  public func without(names : Names, id : Nat) : Names {
    var table = none();
    var index = 1;
    while (index < names.size()) {
      let entry = names[index];
      if (entry != 0 and (entry - 1) & 0xffff_ffff != Nat64.fromNat(id)) {
        if (not hasRoom(table)) table := larger(table);
        put(table, entry);
      };
      index += 1;
    };
    table;
  };

  public func isEmpty(names : Names) : Bool = names.size() == 0 or names[0] == 0;

  /// A quarter stays free: that keeps the ways short.
  func hasRoom(names : Names) : Bool = names.size() > 0 and 4 * (names[0].toNat() + 1) <= 3 * (names.size() - 1 : Nat);

  func larger(names : Names) : Names {
    let places = if (names.size() == 0) FEWEST else 2 * (names.size() - 1 : Nat);
    let table = VarArray.repeat<Nat64>(0, places + 1);
    var index = 1;
    while (index < names.size()) {
      if (names[index] != 0) put(table, names[index]);
      index += 1;
    };
    table;
  };

  func put(table : Names, entry : Nat64) {
    let places = table.size() - 1 : Nat;
    var place = firstPlace((entry - 1) >> ID_BITS, places);
    while (table[place + 1] != 0) place := after(place, places);
    table[place + 1] := entry;
    table[0] += 1;
  };

  func firstPlace(hash : Nat64, places : Nat) : Nat = (hash & Nat64.fromNat(places - 1 : Nat)).toNat();
  func after(place : Nat, places : Nat) : Nat = if (place + 1 == places) 0 else place + 1;
};
