/// What callers have named themselves, so that a repetition is recognised: orders by client_order_id, deposits and withdrawals by request_id.
/// Each is one number in a sorted set, 29 bits of a hash of who and what and 32 bits of the record's id: some 20 bytes, where a map of texts took
/// 150 and another 400 for each caller. Equal hashes are told apart by the records themselves.

import Blob "mo:core/Blob";
import Nat32 "mo:core/Nat32";
import Nat64 "mo:core/Nat64";
import Principal "mo:core/Principal";
import Set "mo:core/Set";
import Text "mo:core/Text";

module {
  public type Names = Set.Set<Nat64>;

  /// Records of one hash that are looked at. Chance doesn't bring so many together; somebody who made them on purpose gets no more of them.
  public let MAX_ALIKE : Nat = 16;

  /// The smallest number of what `owner` calls `name`: the hash, and id 0. Below 2^61, up to which Motoko keeps a number without allocating it.
  public func key(owner : Principal, name : Text) : Nat64 {
    let hash = owner.toBlob().hash() *% 0x9e37_79b1 +% name.encodeUtf8().hash();
    Nat64.fromNat((hash >> 3).toNat()) << 32;
  };

  /// Notes that a record's id belongs to the key of its name.
  public func add(names : Names, key : Nat64, id : Nat) = names.add(key + Nat64.fromNat(id));

  public func remove(names : Names, key : Nat64, id : Nat) = names.remove(key + Nat64.fromNat(id));

  /// `#known`: the id of the record that `isIt` recognises; `#crowded`: none of as many as are looked at.
  public func find(names : Names, key : Nat64, isIt : Nat -> Bool) : { #known : Nat; #new; #crowded } {
    var alike = 0;
    for (entry in names.valuesFrom(key)) {
      if (entry >> 32 != key >> 32) return #new;
      let id = (entry & 0xffff_ffff).toNat();
      if (isIt(id)) return #known id;
      alike += 1;
      if (alike == MAX_ALIKE) return #crowded;
    };
    #new;
  };
};
