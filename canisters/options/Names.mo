/// What callers have named themselves, so that a repetition is recognised: orders by client_order_id, deposits and withdrawals by request_id.
/// An entry is two numbers, a hash of who and what and the record's id: some 50 bytes, where a map of texts took 150 and another 400 for each
/// caller. What a hash found is told from others of the same hash by the record itself; those stand under the numbers that follow.

import Blob "mo:core/Blob";
import Map "mo:core/Map";
import Nat32 "mo:core/Nat32";
import Nat64 "mo:core/Nat64";
import Principal "mo:core/Principal";
import Text "mo:core/Text";

module {
  public type Names = Map.Map<Nat64, Nat>;
  /// `#known`: the id of the record. `#new`: none, and the key under which to note it. `#crowded`: too many others are in its place.
  public type Found = { #known : Nat; #new : Nat64; #crowded };

  /// How many in a row are looked at. Chance doesn't bring so many together; somebody who does it on purpose gets no further.
  public let MAX_ALIKE : Nat64 = 16;

  /// `who` of a principal, where there need be no account.
  public func principal(owner : Principal) : Nat32 = owner.toBlob().hash() >> 3;

  /// The record that `isIt` recognises among those that `who` (29 bits) may have called `name`.
  public func find(names : Names, who : Nat32, name : Text, isIt : Nat -> Bool) : Found {
    let first = firstKey(who, name);
    var key = first;
    while (key < first + MAX_ALIKE) {
      switch (names.get(key)) {
        case (?id) if (isIt(id)) return #known id;
        case null return #new key;
      };
      key += 1;
    };
    #crowded;
  };

  /// Forgets a record. Where another follows it the entry stays, so that the other is still found.
  public func remove(names : Names, who : Nat32, name : Text, id : Nat) {
    var key = firstKey(who, name);
    loop {
      switch (names.get(key)) {
        case null return;
        case (?found) if (found == id) {
          if (not names.containsKey(key + 1)) names.remove(key);
          return;
        };
      };
      key += 1;
    };
  };

  /// Below 2^61, up to which a number needs no memory of its own.
  func firstKey(who : Nat32, name : Text) : Nat64 = ((who & 0x1fff_ffff).toNat64() << 32) | name.encodeUtf8().hash().toNat64();
};
