/// Settles positions that live on the legacy platform, once: the live platform would pay a second time. So the position is read
/// first, the settlement journaled before it is sent, read back after, and never sent again while the outcome of an earlier
/// attempt could still be open. Prices come from the price book, payouts from the legacy payout table; nothing from the browser.

import Error "mo:core/Error";
import Errors "Errors";
import Format "Format";
import LegacyBorder "../shared/LegacyBorder";
import LegacyTerms "LegacyTerms";
import Map "mo:core/Map";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Oracle "Oracle";
import PriceBook "PriceBook";
import Principal "mo:core/Principal";
import State "State";
import Types "Types";
import Units "Units";

module {
  type State = State.State;

  /// A call waits 30 s for its answer and can't be delivered later than that; after this long a position that still reads `Active`
  /// was not settled by it and never will be.
  public let RESEND_AFTER_NS : Nat64 = 300_000_000_000;
  /// How long a missing minute is asked for after a request needed it.
  public let WANTED_FOR_NS : Nat64 = 900_000_000_000;
  /// More missing minutes than this are not asked for at once.
  public let MAX_WANTED : Nat = 200;

  /// Settles a legacy position, or answers the receipt it has already. The caller holds the lock of this position.
  public func settle(state : State, id : Nat, now : () -> Nat64) : async* Types.Answer<Types.LegacyReceipt> {
    switch (known(state, id)) {
      case (?answer) return answer;
      case null {};
    };
    let ?principal = state.config.legacy else return #err(Errors.legacyRefused("this exchange runs without the legacy platform"));
    let legacy : LegacyBorder.Self = actor (principal.toText());
    let terms = switch (await* read(legacy, id)) {
      case (#ok found) found;
      case (#err error) return #err error;
    };
    switch (terms.settled, state.legacy.get(id)) {
      case (?settled, journaled) return settledThere(state, terms, settled, journaled);
      case (null, ?journaled) {
        if (journaled.state == #accepted) return acceptedOnly(journaled);
        if (now() < journaled.sent + RESEND_AFTER_NS) return #err(Errors.legacy("an earlier attempt is not yet known to have failed"));
      };
      case (null, null) {};
    };
    let receipt = switch (compute(state, terms, now())) {
      case (#ok made) made;
      case (#err error) return #err error;
    };
    await* send(state, legacy, terms.user, receipt, now);
  };

  /// The answer the journal already holds.
  func known(state : State, id : Nat) : ?Types.Answer<Types.LegacyReceipt> {
    let ?journaled = state.legacy.get(id) else return null;
    switch (journaled.state) {
      case (#recorded) ?#ok { journaled.receipt with already_settled = true };
      case (#unclear error) ?#err(Errors.legacyUnclear(error));
      case (#sending or #accepted) null;
    };
  };

  /// It said yes and didn't do it: sending again could pay twice once it does.
  func acceptedOnly(journaled : State.LegacySettlement) : Types.Answer<Types.LegacyReceipt> {
    let reason = "it accepted the settlement but still shows the position as active";
    journaled.state := #unclear reason;
    #err(Errors.legacyUnclear(reason));
  };

  func read(legacy : LegacyBorder.Self, id : Nat) : async* Types.Answer<LegacyBorder.Terms> {
    try {
      switch (await (with timeout = 30) legacy.get_position(id)) {
        case (?#ok position) switch (LegacyBorder.read(position)) {
          case (#ok terms) if (terms.id == id) #ok terms else #err(Errors.legacyRefused("it answered with another position"));
          case (#err reason) #err(Errors.legacyRefused(reason));
        };
        case (?#err error) #err(Errors.legacyRefused(Format.shortened(error, 200)));
        case null #err(Errors.legacy("its answer could not be read"));
      };
    } catch (error) {
      #err(Errors.legacy(Format.shortened(error.message(), 200)));
    };
  };

  /// A position that is settled on the legacy platform: by an attempt of ours whose answer was lost, or by somebody else. It is ours only
  /// if it was settled at our price; else the receipt says what stands there.
  func settledThere(
    state : State,
    terms : LegacyBorder.Terms,
    settled : { atNs : Nat64; priceCents : Nat64 },
    journaled : ?State.LegacySettlement,
  ) : Types.Answer<Types.LegacyReceipt> {
    switch journaled {
      case (?ours) if (priceCents(ours.receipt) == settled.priceCents) {
        state.legacy.add(terms.id, { receipt = ours.receipt; owner = ?terms.user; var sent = ours.sent; var state = #recorded : State.LegacyState });
        return #ok { ours.receipt with already_settled = true };
      };
      case null {};
    };
    switch (LegacyTerms.settle(terms, settled.priceCents)) {
      case (#err reason) #err(Errors.legacyRefused(reason));
      case (#ok result) {
        let receipt = newReceipt(terms.id, result, settled.priceCents.toNat() * 1_000_000, LegacyTerms.dueMinute(terms), settled.atNs);
        state.legacy.add(terms.id, { receipt; owner = ?terms.user; var sent = settled.atNs; var state = #recorded : State.LegacyState });
        #ok { receipt with already_settled = true };
      };
    };
  };

  /// The price of a receipt as the legacy platform records it.
  func priceCents(receipt : Types.LegacyReceipt) : Nat64 = Units.centsHalfUp(Nat64.fromNat(receipt.price_e8));

  /// The settlement that follows from the price book.
  func compute(state : State, terms : LegacyBorder.Terms, now : Nat64) : Types.Answer<Types.LegacyReceipt> {
    let minute = LegacyTerms.dueMinute(terms);
    if (now < minute) {
      let seconds = (Units.minusOrZero(minute + Oracle.ASK_AFTER_NS, now) / Units.SECOND_NS).toNat() + 1;
      return #err(Errors.notDue(minute, seconds));
    };
    let ?price = PriceBook.at(state, minute) else {
      if (state.oracle.wanted.size() >= MAX_WANTED) forgetOldWishes(state, now);
      if (state.oracle.wanted.size() < MAX_WANTED) state.oracle.wanted.add(minute, now + WANTED_FOR_NS);
      return #err(Errors.noPriceYet(minute));
    };
    switch (LegacyTerms.settle(terms, Units.centsHalfUp(price.price))) {
      case (#ok result) #ok(newReceipt(terms.id, result, price.price.toNat(), minute, now));
      case (#err reason) #err(Errors.legacyRefused(reason));
    };
  };

  func forgetOldWishes(state : State, now : Nat64) {
    for ((minute, until) in state.oracle.wanted.toArray().values()) {
      if (now >= until) state.oracle.wanted.remove(minute);
    };
  };

  func newReceipt(id : Nat, result : LegacyTerms.Result, priceE8 : Nat, minute : Nat64, at : Nat64) : Types.LegacyReceipt = {
    position_id = id;
    price_e8 = priceE8;
    price_minute_ns = minute;
    outcome = result.outcome;
    payout_cents = result.payoutCents.toNat();
    profit_cents = result.profitCents.toNat();
    already_settled = false;
    settled_ns = at;
  };

  /// Journals, sends, and reads back: accepted is not executed.
  func send(
    state : State,
    legacy : LegacyBorder.Self,
    owner : Principal,
    receipt : Types.LegacyReceipt,
    now : () -> Nat64,
  ) : async* Types.Answer<Types.LegacyReceipt> {
    let id = receipt.position_id;
    let journaled : State.LegacySettlement = { receipt; owner = ?owner; var sent = now(); var state = #sending };
    state.legacy.add(id, journaled);
    var problem : ?Text = null;
    var refused = false;
    try {
      let answer = await (with timeout = 30) legacy.recordSettlement(
        id,
        LegacyTerms.word(receipt.outcome),
        Nat64.fromNat(receipt.payout_cents),
        Nat64.fromNat(receipt.profit_cents),
        priceCents(receipt),
      );
      switch answer {
        case (?#ok) journaled.state := #accepted;
        case (?#err error) {
          refused := true;
          problem := ?Format.shortened(error, 200);
        };
        case null problem := ?"its answer could not be read";
      };
    } catch (error) {
      problem := ?Format.shortened(error.message(), 200);
    };
    switch (await* read(legacy, id)) {
      case (#ok terms) {
        switch (terms.settled) {
          case (?settled) {
            if (not refused and settled.priceCents == priceCents(receipt)) {
              journaled.state := #recorded;
              return #ok receipt;
            };
            // Somebody else was quicker: what is recorded there counts.
            return settledThere(state, terms, settled, null);
          };
          case null {};
        };
        if (journaled.state == #accepted) return acceptedOnly(journaled);
        // A typed refusal is definite: the next request may try again at once.
        if refused state.legacy.remove(id);
        let reason = switch problem { case (?text) text; case null "no answer" };
        #err(if refused Errors.legacyRefused(reason) else Errors.legacy(reason));
      };
      // The reading failed: the journal entry stays as it is, and the next request begins by reading.
      case (#err error) {
        let accepted = journaled.state == #accepted;
        #err(if accepted Errors.legacy("it accepted the settlement but could not be read since; nothing is sent again") else error);
      };
    };
  };
};
