/// What operators look at before it hurts: what is at risk at each expiry, the open positions of one, and what waits for a person.

import Iter "mo:core/Iter";
import List "mo:core/List";
import Map "mo:core/Map";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Pages "Pages";
import Positions "Positions";
import State "State";
import Types "Types";
import Units "Units";
import Views "Views";

module {
  type State = State.State;

  /// The most rows of one answer.
  public let MAX_ROWS : Nat = 500;
  /// The most positions that were set aside an answer looks at. More than a handful means that something is broken altogether.
  let MAX_SET_ASIDE : Nat = 10_000;

  /// The expiries with something at risk, oldest first, at most 500.
  public func expiries(state : State) : [Types.ExpiryRow] {
    let counts = setAsideByExpiry(state);
    let rows = state.byExpiry.entries().take(MAX_ROWS).map<(Nat64, State.ExpiryBucket), Types.ExpiryRow>(
      func(expiry, bucket) = {
        expiry_ns = expiry;
        at_risk_sats = bucket.atRisk.toNat();
        open = bucket.spot.waiting + bucket.mean.waiting;
        set_aside = switch (counts.get(expiry)) {
          case (?count) count;
          case null 0;
        };
      }
    );
    rows.toArray();
  };

  func setAsideByExpiry(state : State) : Map.Map<Nat64, Nat> {
    let counts = Map.empty<Nat64, Nat>();
    for (id in state.setAside.keys().take(MAX_SET_ASIDE)) {
      switch (Positions.find(state, id)) {
        case (?position) if (Positions.isOpen(position)) {
          let earlier = switch (counts.get(position.expiry)) {
            case (?count) count;
            case null 0;
          };
          counts.add(position.expiry, earlier + 1);
        };
        case null {};
      };
    };
    counts;
  };

  /// The open positions of one expiry. They stand in two queues in the order of their fills, which is not that of their ids, so a row is named by its place:
  /// even numbers are places in the one queue, odd ones in the other. A place stays what it is however many are filled meanwhile.
  public func positionsAt(state : State, expiry : Nat64, page : Types.Page) : Types.Answer<Types.Rows<Types.Position>> {
    let ?{ spot; mean } = Positions.bucket(state, expiry) else return switch (Pages.problem(page)) {
      case (?error) #err error;
      case null #ok { rows = []; next = null };
    };
    // What is done at the front of both is passed over at once.
    let done = (2 * Nat.min(front(spot), front(mean))).toNat64();
    let after = switch (page.after) {
      case (?place) ?Nat64.max(place, Units.minusOrZero(done, 1));
      case null if (done == 0) null else ?(done - 1);
    };
    Pages.oldestFirst<Types.Position>(
      2 * Nat.max(spot.ids.size(), mean.ids.size()),
      { page with after },
      func(place) {
        let { ids } = if (place % 2 == 0) spot else mean;
        let index = place / 2;
        if (index >= ids.size()) return null;
        Views.matching(state, ids.at(index), #active);
      },
    );
  };

  func front(queue : State.Queue) : Nat = if (queue.waiting > 0) queue.next else queue.ids.size();

  /// Positions and minutes that wait for a person, at most 500 of each.
  public func setAside(state : State) : [Types.SetAside] {
    let rows = List.empty<Types.SetAside>();
    for ((id, reason) in state.setAside.entries().take(MAX_ROWS)) rows.add(#position { id; reason });
    for ((minute_ns, { reason; answers }) in state.oracle.setAside.entries().take(MAX_ROWS)) {
      rows.add(#minute { minute_ns; reason; answers_e8 = answers.values().map<Nat64, Nat>(func(answer) = answer.toNat()).toArray() });
    };
    rows.toArray();
  };
};
