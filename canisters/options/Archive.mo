/// Final positions, in stable memory. They never change again, and there are soon millions of them: on the heap each would be carried along by every
/// collection of garbage for ever, here it costs nothing but its bytes. A row has a fixed size and stands at id * ROW, so finding one costs the same
/// however many there are.
///
/// A row, little-endian words of 8 bytes, at
///   0    trader's index (32 bits), number of the terms (16), length of the client order id in bytes (8), status (2), reason (3), outcome (2)
///   8    expiry in minutes since 1970 (32), volatility in ppm (32)
///   16   size, cap, strike as ordered (signed), maximum premium, maximum payout, time placed
///   64   price, strike, fair value, spread, skew, time filled, balance after it
///   120  time of the end, settlement price, payout, balance after it
///   152  client order id, up to 64 bytes of UTF-8
/// What is 0 is not written: rows are written once, and memory is 0 before.

import Blob "mo:core/Blob";
import Int64 "mo:core/Int64";
import List "mo:core/List";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Region "mo:core/Region";
import State "State";
import Text "mo:core/Text";
import Types "Types";
import Units "Units";

module {
  type State = State.State;
  type Position = State.Position;

  let TEXT : Nat64 = 152;
  let MAX_TEXT : Nat = 64;
  let ROW : Nat64 = 216;
  let PAGE : Nat64 = 65_536;
  /// Pages the memory grows by: 4,854 rows.
  let GROWTH : Nat64 = 16;
  let NO_MORE : Nat64 = 0xffff_ffff_ffff_ffff;

  /// Writes a final position down; false if it doesn't fit into a row (a client order id of many bytes, a volatility beyond 429,000 %) or the stable
  /// memory is as large as it may be. It stays on the heap then.
  public func keep(state : State, position : Position) : Bool {
    let { archive } = state;
    let name = position.clientOrderId.encodeUtf8();
    let length = name.size();
    let minutes = position.expiry / Units.MINUTE_NS;
    let fits = length <= MAX_TEXT and position.sigmaPpm >> 32 == 0 and minutes >> 32 == 0 and minutes * Units.MINUTE_NS == position.expiry and position.terms.number < 65_536;
    let at = Nat64.fromNat(position.id) * ROW;
    if (not fits or not hasRoom(archive, at + ROW)) return false;
    let kinds = statusCode(position.status) | (reasonCode(position.reason) << 2) | (outcomeCode(position.outcome) << 5);
    let numbers = Nat64.fromNat(position.trader.index) | (Nat64.fromNat(position.terms.number) << 32);
    archive.storeNat64(at, numbers | (Nat64.fromNat(length) << 48) | (kinds << 56));
    archive.storeNat64(at + 8, minutes | (position.sigmaPpm << 32));
    store(archive, at + 16, position.size);
    store(archive, at + 24, position.cap);
    store(archive, at + 32, Int64.toNat64(position.strikeOrdered));
    store(archive, at + 40, position.maxPremium);
    store(archive, at + 48, position.maxPayout);
    store(archive, at + 56, position.placed);
    store(archive, at + 64, position.price);
    store(archive, at + 72, position.strike);
    store(archive, at + 80, position.fair);
    store(archive, at + 88, position.spread);
    store(archive, at + 96, position.skew);
    store(archive, at + 104, position.filled);
    store(archive, at + 112, position.balanceAfterFill);
    store(archive, at + 120, position.ended);
    store(archive, at + 128, position.settlementPrice);
    store(archive, at + 136, position.payout);
    store(archive, at + 144, position.balanceAfterEnd);
    archive.storeBlob(at + TEXT, name);
    true;
  };

  /// The position with an id that there is, wherever it is.
  public func at(state : State, id : Nat) : Position = switch (state.positions.at(id)) {
    case (#kept position) position;
    case (#archived) read(state, id);
  };

  func read(state : State, id : Nat) : Position {
    let { archive } = state;
    let at = Nat64.fromNat(id) * ROW;
    let first = archive.loadNat64(at);
    let second = archive.loadNat64(at + 8);
    let terms = state.termsByNumber.at(((first >> 32) & 0xffff).toNat());
    let status = statusOf((first >> 56) & 3);
    let filled = status != #cancelled;
    {
      id;
      trader = state.traders.at((first & 0xffff_ffff).toNat());
      clientOrderId = text(archive, at, first);
      terms;
      size = archive.loadNat64(at + 16);
      cap = if (terms.kind == #capped) archive.loadNat64(at + 24) else 0;
      strikeOrdered = Int64.fromNat64(archive.loadNat64(at + 32));
      maxPremium = archive.loadNat64(at + 40);
      maxPayout = archive.loadNat64(at + 48);
      placed = archive.loadNat64(at + 56);
      expiry = (second & 0xffff_ffff) * Units.MINUTE_NS;
      reserve = 0;
      status;
      reason = reasonOf((first >> 58) & 7);
      price = if filled archive.loadNat64(at + 64) else 0;
      strike = if filled archive.loadNat64(at + 72) else 0;
      sigmaPpm = second >> 32;
      fair = if filled archive.loadNat64(at + 80) else 0;
      spread = if filled archive.loadNat64(at + 88) else 0;
      skew = if filled archive.loadNat64(at + 96) else 0;
      filled = if filled archive.loadNat64(at + 104) else 0;
      balanceAfterFill = if filled archive.loadNat64(at + 112) else 0;
      ended = archive.loadNat64(at + 120);
      settlementPrice = if filled archive.loadNat64(at + 128) else 0;
      outcome = outcomeOf((first >> 61) & 3);
      payout = if filled archive.loadNat64(at + 136) else 0;
      balanceAfterEnd = if filled archive.loadNat64(at + 144) else 0;
    };
  };

  /// What the trader has called a position in the archive.
  public func clientOrderId(state : State, id : Nat) : Text {
    let at = Nat64.fromNat(id) * ROW;
    text(state.archive, at, state.archive.loadNat64(at));
  };

  func text(archive : Region, at : Nat64, first : Nat64) : Text {
    let length = ((first >> 48) & 0xff).toNat();
    switch (archive.loadBlob(at + TEXT, length).decodeUtf8()) {
      case (?name) name;
      // It was encoded from a text.
      case null "";
    };
  };

  func store(archive : Region, at : Nat64, word : Nat64) = if (word != 0) archive.storeNat64(at, word);

  func hasRoom(archive : Region, end : Nat64) : Bool {
    while (archive.size() * PAGE < end) if (archive.grow(GROWTH) == NO_MORE) return false;
    true;
  };

  func statusCode(of : State.Status) : Nat64 = switch of {
    case (#cancelled) 1;
    case (#settled) 2;
    case (#voided) 3;
    // Not final: not for the archive.
    case (#pending or #open) 0;
  };
  func statusOf(code : Nat64) : State.Status = switch code {
    case 1 #cancelled;
    case 2 #settled;
    case _ #voided;
  };
  func outcomeCode(of : Types.Outcome) : Nat64 = switch of {
    case (#loss) 0;
    case (#tie) 1;
    case (#win) 2;
  };
  func reasonCode(of : Types.CancelReason) : Nat64 = switch of {
    case (#by_trader) 0;
    case (#premium_above_maximum) 1;
    case (#payout_above_reserve) 2;
    case (#limit_reached) 3;
    case (#entry_paused) 4;
    case (#no_price) 5;
  };
  func reasonOf(code : Nat64) : Types.CancelReason = switch code {
    case 0 #by_trader;
    case 1 #premium_above_maximum;
    case 2 #payout_above_reserve;
    case 3 #limit_reached;
    case 4 #entry_paused;
    case _ #no_price;
  };
  func outcomeOf(code : Nat64) : Types.Outcome = switch code {
    case 0 #loss;
    case 1 #tie;
    case _ #win;
  };
};
