/// Orders and positions, for the trader who owns them.

import Access "../Access";
import Cancellations "../Cancellations";
import Errors "../Errors";
import List "mo:core/List";
import LegacySettlement "../LegacySettlement";
import Map "mo:core/Map";
import Mismatches "../Mismatches";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Orders "../Orders";
import Pages "../Pages";
import Positions "../Positions";
import Principal "mo:core/Principal";
import Set "mo:core/Set";
import Settlement "../Settlement";
import State "../State";
import Text "mo:core/Text";
import Traders "../Traders";
import Types "../Types";
import Names "../Names";
import Units "../Units";
import Views "../Views";

mixin (state : State.State) {
  public shared query ({ caller }) func get_positions(arg : Types.PositionsRequest) : async Types.Answer<Types.Rows<Types.Position>> {
    let ?trader = Traders.find(state, caller) else return switch (Access.refusalAnonymous(caller)) {
      case (?error) #err error;
      case null #ok { rows = []; next = null };
    };
    let { positions } = trader;
    Pages.newestFirst<Types.Position>(
      positions.size(),
      func(index) = positions.at(index),
      arg.page,
      func(id) = Views.matching(state, id, arg.filter),
    );
  };

  /// Others' positions are as good as absent, except for auditors.
  func readable(caller : Principal, id : Nat) : Types.Answer<Types.Position> {
    switch (Access.refusalAnonymous(caller)) {
      case (?error) return #err error;
      case null {};
    };
    let ?position = Positions.find(state, id) else return #err(Errors.notFound("such position of yours"));
    if (position.trader.owner == caller or Access.has(state, caller, #auditor)) return #ok(Views.position(position));
    #err(Errors.notFound("such position of yours"));
  };

  public shared query ({ caller }) func get_position(id : Nat64) : async Types.Answer<Types.Position> { readable(caller, id.toNat()) };

  public shared query ({ caller }) func get_position_by_client_id(client_order_id : Text) : async Types.Answer<Types.Position> {
    let ?trader = Traders.find(state, caller) else return readable(caller, state.positions.size());
    switch (Orders.named(state, trader, client_order_id, Names.hash(client_order_id))) {
      case (#known id) readable(caller, id);
      case _ #err(Errors.notFound("order of yours with this client_order_id"));
    };
  };

  transient let cancellations = Cancellations.none();

  public shared ({ caller }) func place_order(request : Types.OrderRequest) : async Types.OrderAnswer<Types.Position> {
    switch (Access.refusalAnonymous(caller)) {
      case (?error) return #err error;
      case null {};
    };
    let now = Units.now();
    switch (Cancellations.reached(cancellations, caller, now)) {
      case (?error) if (not Orders.isKnown(state, caller, request.client_order_id)) return #err error;
      case null {};
    };
    switch (Orders.place(state, caller, request, now)) {
      case (#ok position) #ok(Views.position(position));
      case (#err error) #err error;
    };
  };

  public shared ({ caller }) func cancel_order(id : Nat64) : async Types.Answer<Types.Position> {
    switch (Access.refusalAnonymous(caller)) {
      case (?error) return #err error;
      case null {};
    };
    let now = Units.now();
    switch (Orders.cancel(state, caller, id.toNat(), now)) {
      case (#ok position) {
        Cancellations.note(cancellations, caller, now);
        #ok(Views.position(position));
      };
      case (#err error) #err error;
    };
  };

  public shared ({ caller }) func settle(id : Nat64) : async Types.Answer<Types.Receipt> {
    switch (Access.refusalAnonymous(caller)) {
      case (?error) return #err error;
      case null {};
    };
    let ?position = Positions.find(state, id.toNat()) else return #err(Errors.notFound("position with this id"));
    switch (Settlement.settle(state, position, Units.now())) {
      case (#ok settled) #ok(Views.receipt(settled));
      case (#err error) #err error;
    };
  };

  transient let reported = Mismatches.none();

  /// The owner of the position or an operator; to others it is as good as absent.
  public shared ({ caller }) func report_mismatch(report : Mismatches.Report) : async Types.Answer<()> {
    switch (Access.refusalAnonymous(caller)) {
      case (?error) return #err error;
      case null {};
    };
    let ?position = Positions.find(state, report.position_id.toNat()) else return #err(Errors.notFound("such position of yours"));
    if (position.trader.owner != caller and not Access.has(state, caller, #operator)) return #err(Errors.notFound("such position of yours"));
    Mismatches.report(state, reported, caller, position, report, Units.now());
  };

  /// The owner of the position, as the legacy platform named it when its settlement was journaled, or an operator; to others, and before that, it is absent.
  public shared ({ caller }) func report_legacy_mismatch(report : Mismatches.Report) : async Types.Answer<()> {
    switch (Access.refusalAnonymous(caller)) {
      case (?error) return #err error;
      case null {};
    };
    let absent = Errors.notFound("such legacy position of yours that settle_legacy has settled");
    let ?settlement = state.legacy.get(report.position_id.toNat()) else return #err absent;
    let isOperator = Access.has(state, caller, #operator);
    if (settlement.owner != ?caller and not isOperator) return #err absent;
    Mismatches.reportLegacy(state, reported, caller, isOperator, settlement, report, Units.now());
  };

  /// Legacy positions that a call is working on: a second call for one of them is told to wait.
  transient let legacyInFlight = Set.empty<Nat>();

  /// No platform has that many positions, and not every platform survives being asked for one.
  transient let MAX_LEGACY_ID : Nat64 = 1_000_000_000_000;

  public shared ({ caller }) func settle_legacy(position_id : Nat64) : async Types.Answer<Types.LegacyReceipt> {
    switch (Access.refusalAnonymous(caller)) {
      case (?error) return #err error;
      case null {};
    };
    if (position_id > MAX_LEGACY_ID) return #err(Errors.notFound("such position on the legacy platform"));
    let id = position_id.toNat();
    if (legacyInFlight.contains(id)) return #err(Errors.busy());
    legacyInFlight.add(id);
    try { await* LegacySettlement.settle(state, id, Units.now) } finally { legacyInFlight.remove(id) };
  };
};
