/// Double entry. Every satoshi inside the canister is in exactly one account, and only `move` changes a balance: what one
/// account loses another gains. `outside` is the world beyond the books (the ledger's side of deposits and withdrawals).
///
/// The invariant that follows, checked by tests after every step and shown live to operators:
///   traders (available + reserved) + treasury (available + reserved) + migration + withdrawals in transit + unattributed
///     = what the ledger holds for this canister,
/// where `unattributed` is only ever a surplus: satoshis anybody sent here unasked, or a deposit whose answer is still out. What lies in
/// people's own subaccounts (Subaccounts.mo) is on neither side until it is swept.

import Int "mo:core/Int";
import List "mo:core/List";
import Nat64 "mo:core/Nat64";
import Runtime "mo:core/Runtime";
import State "State";
import Types "Types";

module {
  type State = State.State;

  public type Account = {
    #available : State.Trader;
    #reserved : State.Trader;
    #withdrawing : State.Trader;
    #treasury;
    #treasuryReserved;
    /// Withdrawals of the house in transit: the treasury's and the migration account's.
    #treasuryWithdrawing;
    /// What pays for imported legacy balances.
    #migration;
    #outside;
  };

  /// What an account holds, sats.
  public func balance(state : State, account : Account) : Nat64 = switch account {
    case (#available trader) trader.available;
    case (#reserved trader) trader.reserved;
    case (#withdrawing trader) trader.withdrawing;
    case (#treasury) state.treasury.available;
    case (#treasuryReserved) state.treasury.reserved;
    case (#treasuryWithdrawing) state.treasury.withdrawing;
    case (#migration) state.migration;
    case (#outside) Nat64.maxValue;
  };

  /// Whether an account holds at least `amount`.
  public func has(state : State, account : Account, amount : Nat64) : Bool = balance(state, account) >= amount;

  func change(state : State, account : Account, apply : Nat64 -> Nat64) {
    let totals = state.totals;
    switch account {
      case (#available trader) {
        trader.available := apply(trader.available);
        totals.tradersAvailable := apply(totals.tradersAvailable);
      };
      case (#reserved trader) {
        trader.reserved := apply(trader.reserved);
        totals.tradersReserved := apply(totals.tradersReserved);
      };
      case (#withdrawing trader) {
        trader.withdrawing := apply(trader.withdrawing);
        totals.withdrawing := apply(totals.withdrawing);
      };
      case (#treasury) state.treasury.available := apply(state.treasury.available);
      case (#treasuryReserved) state.treasury.reserved := apply(state.treasury.reserved);
      case (#treasuryWithdrawing) {
        state.treasury.withdrawing := apply(state.treasury.withdrawing);
        totals.withdrawing := apply(totals.withdrawing);
      };
      case (#migration) state.migration := apply(state.migration);
      case (#outside) {};
    };
  };

  /// Moves `amount` sats from one account to another. Callers check before that the amount is there and answer with an error
  /// of their own if not; if a check is ever missing, the whole message is undone here rather than a balance made wrong.
  public func move(state : State, from : Account, to : Account, amount : Nat64) {
    // What half of all settlements pay out, and the other half give back to the treasury.
    if (amount == 0) return;
    if (not has(state, from, amount)) Runtime.trap("money: an account holds less than is to be moved from it");
    change(state, from, func(held) = held - amount);
    change(state, to, func(held) = held + amount);
  };

  /// Appends a line to the treasury's statement of fundings and withdrawals. `amount` is signed from the treasury's view.
  public func noteTreasury(state : State, at : Nat64, kind : Types.MovementKind, amount : Int, reference : Nat) {
    let { treasury } = state;
    treasury.movements.add({ at; kind; amount; balanceAfter = treasury.available + treasury.reserved; reference });
  };

  /// All sats the books account for.
  public func total(state : State) : Nat64 {
    let { totals; treasury } = state;
    totals.tradersAvailable + totals.tradersReserved + totals.withdrawing + treasury.available + treasury.reserved + state.migration;
  };

  /// The treasury's own money, free or held back for payouts.
  public func treasuryTotal(state : State) : Nat64 = state.treasury.available + state.treasury.reserved;
};
