/// The proof of reserves: the books beside what the ledger says it holds.
///
/// The ledger answers a while after it looked, and transfers go on meanwhile. So the two sides may differ by what was in flight then without anything
/// missing; only what is missing beyond that is an alarm.

import Int "mo:core/Int";
import Map "mo:core/Map";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Set "mo:core/Set";
import List "mo:core/List";
import State "State";
import Types "Types";

module {
  type State = State.State;

  /// What is remembered while the ledger is asked: the deposits that were not booked yet, and the id of the first that is still to come.
  public type Question = { open : [Nat]; next : Nat };

  /// To be called right before the ledger is asked.
  public func ask(state : State) : Question = { open = state.depositsInTransit.toArray(); next = state.nextDeposit };

  /// To be called with the answer, in sats: the books as they stand at this moment beside it.
  public func compare(state : State, question : Question, ledgerSats : Nat, checked : Nat64) : Types.Reserves {
    let { totals; treasury } = state;
    let accounts = (totals.tradersAvailable + totals.tradersReserved).toNat();
    let transit = totals.withdrawing.toNat();
    let booked : Int = accounts + treasury.available.toNat() + treasury.reserved.toNat() + state.migration.toNat() + transit;
    {
      ledger_sats = ledgerSats;
      ledger_checked_ns = checked;
      accounts_sats = accounts;
      treasury_available_sats = treasury.available.toNat();
      treasury_reserved_sats = treasury.reserved.toNat();
      migration_sats = state.migration.toNat();
      withdrawals_in_transit_sats = transit;
      in_flight_sats = (mayHaveLeft(state) + creditedSince(state, question)).toNat();
      unattributed_sats = ledgerSats - booked;
    };
  };

  /// What the ledger lacks for certain, sats.
  public func missing({ unattributed_sats; in_flight_sats } : Types.Reserves) : Nat {
    let short = -unattributed_sats - in_flight_sats : Int;
    if (short > 0) Int.abs(short) else 0;
  };

  /// Withdrawals that the ledger may have carried out without the books knowing it yet: all but those that wait for an operator.
  func mayHaveLeft(state : State) : Nat64 {
    var waiting : Nat64 = 0;
    for (id in state.withdrawalsAwaiting.values()) waiting += state.withdrawals.at(id).amount;
    state.totals.withdrawing - waiting;
  };

  /// Deposits booked while the ledger was asked: it may have looked before they came.
  func creditedSince(state : State, { open; next } : Question) : Nat64 {
    var sum : Nat64 = 0;
    func add(id : Nat) = switch (state.deposits.get(id)) {
      case (?deposit) switch (deposit.state) {
        case (#credited _) sum += deposit.amount;
        case _ {};
      };
      case null {};
    };
    for (id in open.values()) add id;
    for (id in Nat.range(next, state.nextDeposit)) add id;
    sum;
  };
};
