/// A trader's statement: one line for everything that changed what the account holds. A line is a number, kind + 16 * id, and the rest stands in the
/// record that the id names.

import Archive "Archive";
import Int "mo:core/Int";
import List "mo:core/List";
import Map "mo:core/Map";
import Nat64 "mo:core/Nat64";
import State "State";
import Types "Types";

module {
  type State = State.State;
  public type Kind = { #premium; #payout; #voidRefund; #deposit; #withdrawal; #withdrawalRefund; #legacyImport };

  func code(kind : Kind) : Nat64 = switch kind {
    case (#premium) 0;
    case (#payout) 1;
    case (#voidRefund) 2;
    case (#deposit) 3;
    case (#withdrawal) 4;
    case (#withdrawalRefund) 5;
    case (#legacyImport) 6;
  };

  /// What a statement calls the balance: available and reserved together.
  public func balance(trader : State.Trader) : Nat64 = trader.available + trader.reserved;

  /// Appends a line. The record it names holds amount, time and balance.
  public func add(trader : State.Trader, kind : Kind, id : Nat) = trader.statement.add(code(kind) + 16 * Nat64.fromNat(id));

  /// The line at an index, as the interface shows it; null if its record is gone.
  public func line(state : State, trader : State.Trader, index : Nat) : ?Types.Movement {
    let coded = trader.statement.at(index);
    let id = (coded / 16).toNat();
    func made(kind : Types.MovementKind, at : Nat64, amount : Int, balanceAfter : Nat64) : ?Types.Movement = ?{
      id = index;
      at_ns = at;
      kind = ?kind;
      amount_sats = amount;
      balance_after_sats = balanceAfter.toNat();
      reference = ?id;
    };
    func plus(sats : Nat64) : Int = sats.toNat();
    func minus(sats : Nat64) : Int = -(sats.toNat() : Int);
    switch (coded % 16) {
      case 0 {
        let position = Archive.at(state, id);
        made(#premium, position.filled, minus(position.fair + position.spread + position.skew), position.balanceAfterFill);
      };
      case 1 {
        let position = Archive.at(state, id);
        made(#payout, position.ended, plus(position.payout), position.balanceAfterEnd);
      };
      case 2 {
        let position = Archive.at(state, id);
        made(#void_refund, position.ended, plus(position.payout), position.balanceAfterEnd);
      };
      case 3 {
        let ?deposit = state.deposits.get(id) else return null;
        made(#deposit, deposit.credited, plus(deposit.amount), deposit.balanceAfter);
      };
      case 4 {
        let withdrawal = state.withdrawals.at(id);
        made(#withdrawal, withdrawal.created, minus(withdrawal.amount), withdrawal.balanceAfter);
      };
      case 5 {
        let withdrawal = state.withdrawals.at(id);
        made(#withdrawal_refund, withdrawal.refunded, plus(withdrawal.amount), withdrawal.balanceAfterRefund);
      };
      case _ {
        let entry = state.imports.order.at(id);
        made(#legacy_import, entry.last, plus(entry.amount), entry.balanceAfter);
      };
    };
  };
};
