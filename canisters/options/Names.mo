/// What a caller has named things, so that a repetition is recognised: orders by client_order_id, deposits and withdrawals by request_id.
///
/// The names of one caller, 8 bytes each where a map of texts took 150: 29 bits of the name's hash and 32 bits of the record's id, which fit into a word that needs
/// no memory of its own; the name itself stands in the record. The words are kept in sorted runs, at level n up to 2^n of them, and a new one is merged
/// into the first level that is free (J. L. Bentley, J. B. Saxe, Decomposable searching problems I, J. Algorithms 1, 1980). So finding one takes a few
/// steps for each of the levels, whatever the names are. That matters, since anybody can make names of one hash (it is a checksum without a secret), on
/// which a hash table would spend the square of their number; of one hash there are at most 16 here.

import Blob "mo:core/Blob";
import Nat "mo:core/Nat";
import Nat32 "mo:core/Nat32";
import Nat64 "mo:core/Nat64";
import Runtime "mo:core/Runtime";
import Text "mo:core/Text";
import VarArray "mo:core/VarArray";

module {
  /// The runs by their level; an empty one is free.
  public type Names = [var Run];
  type Run = [var Nat64];
  /// `#crowded`: as many others have this hash as may. Chance doesn't bring them together.
  public type Found = { #known : Nat; #new; #crowded };

  let ALIKE : Nat = 16;
  let ID_BITS : Nat64 = 32;
  /// In place of an id: of what was removed.
  let GONE : Nat64 = 0xffff_ffff;

  public func none() : Names = [var];

  public func hash(name : Text) : Nat64 = (name.encodeUtf8().hash() >> 3).toNat64();

  /// The record that `isIt` recognises among those whose names have this hash.
  public func find(names : Names, hash : Nat64, isIt : Nat -> Bool) : Found {
    var alike = 0;
    var level = 0;
    while (level < names.size()) {
      let run = names[level];
      var index = firstOf(run, hash);
      while (index < run.size() and run[index] >> ID_BITS == hash) {
        let id = run[index] & GONE;
        if (id != GONE) {
          if (isIt(id.toNat())) return #known(id.toNat());
          alike += 1;
        };
        index += 1;
      };
      level += 1;
    };
    if (alike < ALIKE) #new else #crowded;
  };

  /// The names with one more, which `find` has called new. The ones before are not to be used any more.
  public func add(names : Names, hash : Nat64, id : Nat) : Names {
    if (id >= GONE.toNat()) Runtime.trap("names: an id of more than 32 bits");
    var carried : Run = [var (hash << ID_BITS) | Nat64.fromNat(id)];
    var level = 0;
    while (level < names.size()) {
      if (names[level].size() == 0) {
        names[level] := carried;
        return names;
      };
      carried := merged(names[level], carried);
      names[level] := [var];
      level += 1;
    };
    let more = VarArray.repeat<Run>(carried, level + 1);
    for (below in Nat.range(0, level)) more[below] := names[below];
    more;
  };

  /// Forgets a record. Its word goes with the next merge.
  public func remove(names : Names, hash : Nat64, id : Nat) {
    let word = (hash << ID_BITS) | Nat64.fromNat(id);
    for (run in names.values()) {
      var index = firstOf(run, hash);
      while (index < run.size() and run[index] >> ID_BITS == hash) {
        if (run[index] == word) {
          run[index] := word | GONE;
          return;
        };
        index += 1;
      };
    };
  };

  public func isEmpty(names : Names) : Bool {
    for (run in names.values()) for (word in run.values()) if (isThere(word)) return false;
    true;
  };

  func isThere(word : Nat64) : Bool = word & GONE != GONE;

  /// Where a sorted run has, or would have, the first word of a hash.
  func firstOf(run : Run, hash : Nat64) : Nat {
    var low = 0;
    var high = run.size();
    while (low < high) {
      let middle = (low + high) / 2;
      if (run[middle] >> ID_BITS < hash) low := middle + 1 else high := middle;
    };
    low;
  };

  /// Both in one sorted run, without what was removed.
  func merged(one : Run, other : Run) : Run {
    var size = 0;
    var at = 0;
    while (at < one.size()) {
      if (isThere(one[at])) size += 1;
      at += 1;
    };
    at := 0;
    while (at < other.size()) {
      if (isThere(other[at])) size += 1;
      at += 1;
    };
    let all = VarArray.repeat<Nat64>(0, size);
    var left = 0;
    var right = 0;
    var index = 0;
    while (left < one.size() or right < other.size()) {
      let fromLeft = right == other.size() or left < one.size() and one[left] >> ID_BITS <= other[right] >> ID_BITS;
      let word = if fromLeft one[left] else other[right];
      if fromLeft left += 1 else right += 1;
      if (isThere(word)) {
        all[index] := word;
        index += 1;
      };
    };
    all;
  };
};
