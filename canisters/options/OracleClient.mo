/// Asks the exchange rate canister and writes what the guards accept into the price book. Nothing an exchange rate canister can
/// answer, or fail to answer, ends in a trap; the last error is kept for operators.

import Cycles "mo:core/Cycles";
import Error "mo:core/Error";
import ExchangeRate "ExchangeRate";
import Format "Format";
import Map "mo:core/Map";
import Nat64 "mo:core/Nat64";
import Oracle "Oracle";
import PriceBook "PriceBook";
import Principal "mo:core/Principal";
import State "State";
import Types "Types";
import Units "Units";

module {
  type State = State.State;

  /// What is only remembered until the next upgrade: whether a question is out, and how often each missing minute was asked for.
  public type Asking = { var busy : Bool; tries : Map.Map<Nat64, Try> };
  public type Try = { count : Nat; last : Nat64 };

  /// Questions for missing minutes in one round, beside the one for the newest.
  public let MAX_QUESTIONS : Nat = 3;

  public func newAsking() : Asking = { var busy = false; tries = Map.empty() };

  /// Asks for the newest minute if the book lacks it: without a timestamp, since only such a question is exempt from the exchange rate
  /// canister's rate limit. One question is out at a time: two for the same uncached minute would only get `Pending`.
  public func newest(state : State, asking : Asking, now : () -> Nat64) : async* () {
    if (asking.busy or PriceBook.at(state, Oracle.newestAskable(now())) != null) return;
    asking.busy := true;
    try { await* askAndRecord(state, null, now) } finally { asking.busy := false };
  };

  /// Asks for missing minutes that are needed, a few at a time; no more once a new minute can be asked for, which must not wait for slow answers.
  public func missing(state : State, asking : Asking, now : () -> Nat64) : async* () {
    if (asking.busy) return;
    asking.busy := true;
    try {
      var asked = 0;
      let newestAtStart = Oracle.newestAskable(now());
      label questions for (minute in Oracle.minutesNeeded(state, now()).values()) {
        if (Oracle.newestAskable(now()) != newestAtStart) break questions;
        if (asked < MAX_QUESTIONS and PriceBook.at(state, minute) == null and isDue(asking, minute, now())) {
          asked += 1;
          tried(asking, minute, now());
          await* askAndRecord(state, ?(minute / Units.SECOND_NS), now);
          if (PriceBook.at(state, minute) != null) asking.tries.remove(minute);
        };
      };
    } finally { asking.busy := false };
  };

  /// Every 10 s at first, then twice as long each time, at most every 10 minutes.
  func isDue(asking : Asking, minute : Nat64, now : Nat64) : Bool = switch (asking.tries.get(minute)) {
    case null true;
    case (?{ count; last }) {
      let doublings = if (count > 6) 6 else count;
      let wait = 5 * 2 ** doublings;
      now >= last + Nat64.fromNat(wait) * Units.SECOND_NS;
    };
  };

  func tried(asking : Asking, minute : Nat64, now : Nat64) {
    // Minutes that are no longer needed leave their count behind; forgetting all of them only means asking a little sooner.
    if (asking.tries.size() > 1_000) asking.tries.clear();
    let count = switch (asking.tries.get(minute)) {
      case (?earlier) earlier.count + 1;
      case null 1;
    };
    asking.tries.add(minute, { count; last = now });
  };

  func askAndRecord(state : State, timestamp : ?Nat64, now : () -> Nat64) : async* () {
    let ?rate = await* ask(state, timestamp, now) else return;
    // The timestamp that came back counts, not the one asked for.
    switch (Oracle.judge(state, rate, now())) {
      case (#accept entry) ignore PriceBook.record(state, entry);
      case (#refuse reason) note(state, now(), reason);
      case (#confirm entry) if (PriceBook.at(state, entry.minute) == null) await* confirm(state, entry, now);
    };
  };

  /// A jump, or a price that can't be compared with one before, is believed only if a second answer for the same minute agrees; else the minute is
  /// set aside.
  func confirm(state : State, entry : State.Accepted, now : () -> Nat64) : async* () {
    let ?second = await* ask(state, ?(entry.minute / Units.SECOND_NS), now) else return;
    let verdict = Oracle.judge(state, second, now());
    if (Oracle.confirms(state, entry, verdict)) {
      ignore PriceBook.record(state, entry);
    } else {
      let what = if (PriceBook.before(state, entry.minute) == null) "The first price in more than an hour, " else "A jump to ";
      let reason = what # Format.usd(entry.price.toNat()) # " at " # Format.clock(entry.minute) # ", was not confirmed by a second answer.";
      if (PriceBook.at(state, entry.minute) == null) setAside(state, entry, verdict, reason);
      note(state, now(), reason);
    };
  };

  /// Keeps both answers, if the guards let them through, so that two operators can choose among them.
  func setAside(state : State, first : State.Accepted, second : Oracle.Verdict, reason : Text) {
    let earlier = switch (state.oracle.setAside.get(first.minute)) {
      case (?found) found.answers;
      case null [];
    };
    let answers = Oracle.accumulated(earlier, first.price);
    state.oracle.setAside.add(
      first.minute,
      {
        reason;
        answers = switch second {
          case (#accept entry or #confirm entry) if (entry.minute == first.minute) Oracle.accumulated(answers, entry.price) else answers;
          case (#refuse _) answers;
        };
      },
    );
  };

  func ask(state : State, timestamp : ?Nat64, now : () -> Nat64) : async* ?ExchangeRate.Rate {
    let canister : ExchangeRate.Self = actor (state.config.exchangeRate.toText());
    // Without enough cycles it is still worth asking: a local network charges nothing.
    let cycles = if (Cycles.balance() > 2 * ExchangeRate.CYCLES) ExchangeRate.CYCLES else 0;
    state.oracle.calls += 1;
    try {
      let result = await (with cycles; timeout = 60) canister.get_exchange_rate(ExchangeRate.bitcoinInDollars(timestamp));
      paid(state, cycles);
      switch result {
        case (?#Ok rate) return ?rate;
        case (?#Err error) note(state, now(), Oracle.explain(error));
        case null note(state, now(), "The exchange rate canister's answer could not be read.");
      };
    } catch (error) {
      // A reject brings all of it back; only a question whose end is unknown may have cost everything.
      if (error.code() == #system_unknown) state.oracle.cycles += cycles;
      note(state, now(), "The exchange rate canister could not be asked: " # Format.shortened(error.message(), 200));
    };
    null;
  };

  /// Counts what a question cost: what was attached less what came back with the answer that was just received.
  func paid(state : State, attached : Nat) {
    let refunded = Cycles.refunded();
    if (attached > refunded) state.oracle.cycles += attached - refunded;
  };

  func note(state : State, now : Nat64, reason : Text) = state.oracle.lastError := Format.clock(now) # ": " # reason;
};
