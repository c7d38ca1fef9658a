/// What all orders of a kind have in common, made once for each tenor and shared by its positions: with millions of them, five words less
/// in each.

import Array "mo:core/Array";
import List "mo:core/List";
import Map "mo:core/Map";
import Nat "mo:core/Nat";
import State "State";
import Text "mo:core/Text";
import Types "Types";

module {
  type Terms = State.Terms;
  public type Unnumbered = { kind : { #digital; #capped }; direction : Types.Direction; tenor : Text; strike : { #at; #offset }; settlesAtMean : Bool };

  let KINDS : [{ #digital; #capped }] = [#digital, #capped];
  let DIRECTIONS : [Types.Direction] = [#call, #put];
  let STRIKES : [{ #at; #offset }] = [#at, #offset];

  /// Makes those of a tenor, unless it has them. Positions that exist keep the ones they have.
  public func make(state : State.State, tenor : Text, settlesAtMean : Bool) {
    switch (state.terms.get(tenor)) {
      case (?made) if (made[0].settlesAtMean == settlesAtMean) return;
      case null {};
    };
    var all : [Terms] = [];
    for (kind in KINDS.values()) for (direction in DIRECTIONS.values()) for (strike in STRIKES.values()) {
      all := all.concat([numbered(state, { kind; direction; tenor; strike; settlesAtMean })]);
    };
    state.terms.add(tenor, all);
  };

  /// What a position refers to for ever by a number; the same again if there is one like it.
  public func numbered(state : State.State, terms : Unnumbered) : Terms {
    let { kind; direction; tenor; strike; settlesAtMean } = terms;
    for (known in state.termsByNumber.values()) {
      let sameOrder = known.kind == kind and known.direction == direction and known.strike == strike;
      if (sameOrder and known.tenor == tenor and known.settlesAtMean == settlesAtMean) return known;
    };
    let made = { terms with number = state.termsByNumber.size() };
    state.termsByNumber.add(made);
    made;
  };

  /// Those of an order; the tenor is one of the table.
  public func of(state : State.State, instrument : Types.Instrument, tenor : Text, strike : Types.StrikeChoice) : ?Terms {
    let ?all = state.terms.get(tenor) else return null;
    let (kind, direction) = switch instrument {
      case (#digital { direction }) (0, direction);
      case (#capped { direction }) (1, direction);
    };
    let way = switch direction { case (#call) 0; case (#put) 1 };
    let level = switch strike { case (#at _) 0; case (#offset _) 1 };
    ?all[kind * 4 + way * 2 + level];
  };
};
