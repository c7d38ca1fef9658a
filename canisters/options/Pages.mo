/// Pages of long lists. A page costs the same at the start and at the end of a list, whatever its length: rows are reached by
/// index, never by walking from the beginning.

import Array "mo:core/Array";
import Errors "Errors";
import List "mo:core/List";
import Map "mo:core/Map";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Runtime "mo:core/Runtime";
import Set "mo:core/Set";
import Types "Types";
import VarArray "mo:core/VarArray";

module {
  public let MAX_LIMIT : Nat = 200;
  /// A filtered page looks at no more rows than this; if fewer match, the page is short and `next` says where to go on.
  public let MAX_VISITS : Nat = 2_000;

  /// Null when the page asks for 1 to 200 rows.
  public func problem(page : Types.Page) : ?Types.Error = if (page.limit >= 1 and page.limit <= MAX_LIMIT.toNat64()) null else ?Errors.invalid(
    "limit",
    "A page has 1 to 200 rows.",
  );

  /// The first index or id of a page that goes up, and its limit.
  func above(page : Types.Page) : (Nat, Nat) = (
    switch (page.after) {
      case (?id) id.toNat() + 1;
      case null 0;
    },
    page.limit.toNat(),
  );

  /// Oldest first: rows at indexes above `after`. `row` gives the row of an index, or null to leave it out.
  public func oldestFirst<T>(size : Nat, page : Types.Page, row : Nat -> ?T) : Types.Answer<Types.Rows<T>> {
    switch (problem(page)) {
      case (?error) return #err error;
      case null {};
    };
    let (start, limit) = above(page);
    let rows = VarArray.repeat<?T>(null, limit);
    var found = 0;
    var index = start;
    while (index < size and found < limit and index < start + MAX_VISITS) {
      switch (row(index)) {
        case null {};
        case next {
          rows[found] := next;
          found += 1;
        };
      };
      index += 1;
    };
    #ok { rows = first(rows, found); next = if (index < size and index > 0) ?(index - 1 : Nat) else null };
  };

  /// Oldest first, of a map whose ids may have gaps: rows with ids above `after`.
  public func fromMap<T, R>(map : Map.Map<Nat, T>, page : Types.Page, row : T -> R) : Types.Answer<Types.Rows<R>> {
    switch (problem(page)) {
      case (?error) return #err error;
      case null {};
    };
    let rows = List.empty<R>();
    let (start, limit) = above(page);
    var last = 0;
    for ((id, value) in map.entriesFrom(start)) {
      if (rows.size() >= limit) return #ok { rows = rows.toArray(); next = ?last };
      rows.add(row(value));
      last := id;
    };
    #ok { rows = rows.toArray(); next = null };
  };

  /// Oldest first, of a set of ids: rows with ids above `after`.
  public func fromSet<R>(ids : Set.Set<Nat>, page : Types.Page, row : Nat -> R) : Types.Answer<Types.Rows<R>> {
    switch (problem(page)) {
      case (?error) return #err error;
      case null {};
    };
    let rows = List.empty<R>();
    let (start, limit) = above(page);
    var last = 0;
    for (id in ids.valuesFrom(start)) {
      if (rows.size() >= limit) return #ok { rows = rows.toArray(); next = ?last };
      rows.add(row(id));
      last := id;
    };
    #ok { rows = rows.toArray(); next = null };
  };

  /// Newest first: rows whose id is below `after`, walking ascending ids (`idAt` by index) from the end. `row` gives the row of an id.
  public func newestFirst<T>(size : Nat, idAt : Nat -> Nat, page : Types.Page, row : Nat -> ?T) : Types.Answer<Types.Rows<T>> {
    switch (problem(page)) {
      case (?error) return #err error;
      case null {};
    };
    let limit = page.limit.toNat();
    let rows = VarArray.repeat<?T>(null, limit);
    // `left`: how many rows lie before the page's start.
    var left = switch (page.after) {
      case (?id) countBelow(size, idAt, id.toNat());
      case null size;
    };
    var visits = 0;
    var found = 0;
    var lastId = 0;
    while (left > 0 and found < limit and visits < MAX_VISITS) {
      left -= 1;
      visits += 1;
      lastId := idAt(left);
      switch (row(lastId)) {
        case null {};
        case next {
          rows[found] := next;
          found += 1;
        };
      };
    };
    #ok { rows = first(rows, found); next = if (left > 0) ?lastId else null };
  };

  /// The first `count` of them, which are there.
  func first<T>(rows : [var ?T], count : Nat) : [T] = Array.tabulate<T>(
    count,
    func(index) {
      let ?row = rows[index] else Runtime.unreachable();
      row;
    },
  );

  /// How many of the ascending ids are below `id`, by halving.
  func countBelow(size : Nat, idAt : Nat -> Nat, id : Nat) : Nat {
    var low = 0;
    var high = size;
    while (low < high) {
      let middle = (low + high) / 2;
      if (idAt(middle) < id) low := middle + 1 else high := middle;
    };
    low;
  };
};
