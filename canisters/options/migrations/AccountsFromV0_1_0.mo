/// The part of FromV0_1_0.mo about people: traders, their positions, deposits, withdrawals and statements.

import Int64 "mo:core/Int64";
import Iter "mo:core/Iter";
import List "mo:core/List";
import Map "mo:core/Map";
import Names "../Names";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Positions "../Positions";
import Principal "mo:core/Principal";
import Set "mo:core/Set";
import State "../State";
import Statement "../Statement";
import Tenors "../Tenors";
import Terms "../Terms";
import Text "mo:core/Text";
import Traders "../Traders";
import Transfers "../Transfers";
import Types "../Types";
import Units "../Units";
import V0_1_0 "V0_1_0";

module {
  type Old = V0_1_0.State;
  type New = State.State;

  /// The table of tenors is there already.
  public func move(old : Old, new : New) {
    for (trader in old.traders.values()) addTrader(new, trader);
    let positions = List.empty<State.Position>();
    for (position in old.positions.values()) positions.add(madePosition(new, position));
    transfers(old, new);
    for (trader in old.traders.values()) fillTrader(new, trader, positions);
    for (position in positions.values()) Positions.move(new, position);
  };

  func addTrader(new : New, old : V0_1_0.Trader) {
    let trader : State.Trader = {
      owner = old.owner;
      index = old.index;
      created = old.created;
      var available = old.available;
      var reserved = old.reserved;
      var withdrawing = old.withdrawing;
      var openPremium = old.openPremium;
      var openPayout = old.openPayout;
      var atRisk = old.atRisk;
      var pending = old.pending;
      var volumePremium = old.volumePremium;
      var payouts = old.payouts;
      statement = List.empty();
      positions = old.positions.clone();
      var names = Names.none();
    };
    for ((name, id) in old.clientOrderIds.entries()) trader.names := Names.add(trader.names, Names.hash(name), id);
    Traders.add(new, trader);
  };

  func madePosition(new : New, old : V0_1_0.Position) : State.Position {
    let none : V0_1_0.Fill = { price = 0; strike = 0; sigmaPpm = 0; fair = 0; spread = 0; skew = 0; premium = 0; at = 0 };
    let fill = switch (old.state) {
      case (#open fill or #settled { fill }) fill;
      case (#pending or #cancelled _) none;
    };
    let position : State.Position = {
      id = old.id;
      trader = new.traders.at(old.trader.index);
      clientOrderId = old.clientOrderId;
      terms = terms(new, old);
      size = old.payout;
      cap = 0;
      strikeOrdered = switch (old.strike) {
        case (#at price) Int64.fromInt(price);
        case (#offset distance) Int64.fromInt(distance);
      };
      maxPremium = old.maxPremium;
      maxPayout = old.payout;
      placed = old.placed;
      expiry = old.expiry;
      reserve = old.reserve;
      status = #pending;
      reason = #by_trader;
      price = fill.price;
      strike = fill.strike;
      sigmaPpm = Nat64.fromNat(fill.sigmaPpm);
      fair = fill.fair;
      spread = fill.spread;
      skew = fill.skew;
      filled = fill.at;
      balanceAfterFill = 0;
      ended = 0;
      settlementPrice = 0;
      outcome = #loss;
      payout = 0;
      balanceAfterEnd = 0;
    };
    switch (old.state) {
      case (#pending) position;
      case (#open _) ({ position with status = #open : State.Status });
      case (#cancelled { reason; at }) ({ position with status = #cancelled : State.Status; reason; ended = at });
      case (#settled { receipt = { price; outcome; payout; at } }) {
        { position with status = #settled : State.Status; settlementPrice = price; outcome; payout; ended = at };
      };
    };
  };

  /// A position keeps the settlement it was sold with, also where its tenor has been changed since.
  func terms(new : New, old : V0_1_0.Position) : State.Terms {
    let settlesAtMean = (old.expiry - old.fillMinute) / Units.MINUTE_NS >= Tenors.MEAN_FROM_MINUTES;
    let instrument : Types.Instrument = #digital { direction = old.direction; payout_sats = 0 };
    // Of payout and strike only the kind counts.
    let choice : Types.StrikeChoice = switch (old.strike) { case (#at _) #at 0; case (#offset _) #offset 0 };
    switch (Terms.of(new, instrument, old.tenor, choice)) {
      case (?ofTenor) if (ofTenor.settlesAtMean == settlesAtMean) ofTenor else Terms.numbered(new, { ofTenor with settlesAtMean });
      case null {
        let strike = switch (old.strike) { case (#at _) #at; case (#offset _) #offset };
        Terms.numbered(new, { kind = #digital; direction = old.direction; tenor = old.tenor; strike; settlesAtMean });
      };
    };
  };

  func transfers(old : Old, new : New) {
    for ((owner, { deposits; withdrawals; withdrawalIds }) in old.requests.entries()) {
      let requests = Transfers.requestsOrNew(new, owner);
      for ((name, id) in deposits.entries()) requests.deposits := Names.add(requests.deposits, Names.hash(name), id);
      for ((name, id) in withdrawals.entries()) requests.withdrawals := Names.add(requests.withdrawals, Names.hash(name), id);
      if (withdrawalIds.size() > 0) requests.withdrawalIds := ?withdrawalIds.clone();
    };
    new.nextDeposit := old.nextDeposit;
    for ((id, deposit) in old.deposits.entries()) {
      let made : State.Deposit = {
        id;
        owner = deposit.owner;
        requestId = deposit.requestId;
        amount = deposit.amount;
        created = deposit.created;
        target = if (deposit.toTreasury) #treasury else #account;
        source = #allowance;
        attempts = deposit.attempts;
        var state = deposit.state;
        var credited = 0;
        var balanceAfter = 0;
      };
      new.deposits.add(id, made);
      switch (deposit.state) {
        case (#needs_review _) {
          new.transfersInReview += 1;
          new.totals.depositsInReview += deposit.amount;
        };
        case _ {};
      };
    };
    for (withdrawal in old.withdrawals.values()) {
      let source : State.Source = switch (withdrawal.source) {
        case (#treasury) #treasury;
        case (#trader trader) #trader(new.traders.at(trader.index));
      };
      let made : State.Withdrawal = {
        id = withdrawal.id;
        owner = withdrawal.owner;
        source;
        requestId = withdrawal.requestId;
        amount = withdrawal.amount;
        to = withdrawal.to;
        created = withdrawal.created;
        attempts = withdrawal.attempts;
        var fee = withdrawal.fee;
        // A repetition of the call must be the same in every argument.
        var sent = withdrawal.created;
        var state = withdrawal.state;
        var balanceAfter = 0;
        var refunded = 0;
        var balanceAfterRefund = 0;
      };
      new.withdrawals.add(made);
      switch (withdrawal.state) {
        case (#needs_review _) new.transfersInReview += 1;
        case _ {};
      };
    };
    for (id in old.depositsInTransit.values()) new.depositsInTransit.add(id);
    for (id in old.withdrawalsInTransit.values()) new.withdrawalsInTransit.add(id);
    new.ledger.fee := old.ledger.fee;
    new.ledger.minter := old.ledger.minter;
  };

  /// The statement of a trader, and from its movements the times and balances that stand in the records now.
  func fillTrader(new : New, old : V0_1_0.Trader, positions : List.List<State.Position>) {
    let trader = new.traders.at(old.index);
    for ({ kind; at; balanceAfter; reference } in old.movements.values()) {
      switch kind {
        case (#deposit) {
          Statement.add(trader, #deposit, reference);
          switch (new.deposits.get(reference)) {
            case (?deposit) {
              deposit.credited := at;
              deposit.balanceAfter := balanceAfter;
            };
            case null {};
          };
        };
        case (#withdrawal) {
          Statement.add(trader, #withdrawal, reference);
          new.withdrawals.at(reference).balanceAfter := balanceAfter;
        };
        case (#withdrawal_refund) {
          Statement.add(trader, #withdrawalRefund, reference);
          let withdrawal = new.withdrawals.at(reference);
          withdrawal.refunded := at;
          withdrawal.balanceAfterRefund := balanceAfter;
        };
        case (#premium) {
          Statement.add(trader, #premium, reference);
          positions.put(reference, { positions.at(reference) with balanceAfterFill = balanceAfter });
        };
        case (#payout) {
          Statement.add(trader, #payout, reference);
          positions.put(reference, { positions.at(reference) with balanceAfterEnd = balanceAfter });
        };
        // The treasury's own.
        case (#treasury_funding or #treasury_withdrawal) {};
      };
    };
  };
};
