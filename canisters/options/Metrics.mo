/// The exchange's figures in Prometheus' text format 0.0.4. Aggregates only, never a principal: anybody may read them.

import Int "mo:core/Int";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import State "State";
import Types "Types";
import Units "Units";

module {
  public let CONTENT_TYPE : Text = "text/plain; version=0.0.4; charset=utf-8";

  type Kind = { #gauge; #counter };
  /// A figure's value, or one value for each label.
  type Values = { #one : Int; #by : (Text, [(Text, Int)]) };

  func family(name : Text, kind : Kind, help : Text, values : Values) : Text {
    let word = switch kind { case (#gauge) "gauge"; case (#counter) "counter" };
    var text = "# HELP satstrike_" # name # " " # help # "\n# TYPE satstrike_" # name # " " # word # "\n";
    switch values {
      case (#one value) text #= "satstrike_" # name # " " # plain(value) # "\n";
      case (#by(tag, rows)) for ((key, value) in rows.values()) {
        text #= "satstrike_" # name # "{" # tag # "=\"" # key # "\"} " # plain(value) # "\n";
      };
    };
    text;
  };

  func plain(value : Int) : Text = value.toText();

  /// All figures. `figures`: as operators see them at `now`.
  public func text(state : State.State, figures : Types.Overview, now : Nat64) : Text {
    let open : Int = switch (figures.entry) { case (#open) 1; case (#closed _) 0 };
    positions(figures) # treasury(state, figures) # reserves(state, now) # oracle(figures, now) # family(
      "entry_open",
      #gauge,
      "Whether new orders are taken: 1 or 0.",
      #one open,
    ) # family("users", #gauge, "Accounts that had a deposit credited.", #one(figures.users)) # family(
      "withdrawals_awaiting_approval",
      #gauge,
      "Large withdrawals that wait for an operator.",
      #one(figures.waiting.large_withdrawals),
    ) # family("transfers_in_review", #gauge, "Transfers whose outcome takes a person with the ledger's blocks.", #one(figures.waiting.transfers_in_review)) # cycles(state, figures) # family(
      "schema_version",
      #gauge,
      "The number of the memory's shape, raised by every migration.",
      #one(state.schema),
    );
  };

  func positions(figures : Types.Overview) : Text {
    let states : [(Text, Int)] = [
      ("pending", figures.positions.pending),
      ("open", figures.positions.open),
      ("settled", figures.positions.settled),
      ("cancelled", figures.positions.cancelled),
      ("voided", figures.positions.voided),
    ];
    let outcomes : [(Text, Int)] = [("win", figures.positions.wins), ("tie", figures.positions.ties), ("loss", figures.positions.losses)];
    family("positions", #gauge, "Orders and positions by state.", #by("state", states)) # family(
      "outcomes_total",
      #counter,
      "Settled positions by outcome.",
      #by("outcome", outcomes),
    ) # family("due_unsettled", #gauge, "Open positions past their expiry.", #one(figures.positions.due_unsettled)) # family(
      "set_aside",
      #gauge,
      "Positions and minutes that wait for an operator.",
      #one(figures.waiting.set_aside),
    ) # family("premiums_sats_total", #counter, "Premiums of all fills.", #one(figures.money.premiums_sats)) # family(
      "payouts_sats_total",
      #counter,
      "Payouts of all settlements.",
      #one(figures.money.payouts_sats),
    ) # family("deposits_sats_total", #counter, "Traders' deposits credited.", #one(figures.money.deposits_sats)) # family(
      "withdrawals_sats_total",
      #counter,
      "Traders' withdrawals paid.",
      #one(figures.money.withdrawals_sats),
    );
  };

  func treasury(state : State.State, figures : Types.Overview) : Text {
    let parts : [(Text, Int)] = [("available", figures.money.treasury_available_sats), ("reserved", figures.money.treasury_reserved_sats)];
    family("treasury_sats", #gauge, "The treasury's money: free, and held back for payouts.", #by("part", parts)) # family(
      "open_interest_at_risk_sats",
      #gauge,
      "What open positions can cost in the worst case, all of it held back.",
      #one(state.treasury.openReserve.toNat()),
    ) # family("utilisation_ppm", #gauge, "The share of the treasury's money that open positions hold back.", #one(figures.utilisation_ppm));
  };

  /// Books and ledger as they stood together when the ledger was last asked; nothing before it ever was.
  func reserves(state : State.State, now : Nat64) : Text {
    let ?checked = state.reserves else return "";
    let booked : [(Text, Int)] = [
      ("traders", checked.accounts_sats),
      ("treasury_available", checked.treasury_available_sats),
      ("treasury_reserved", checked.treasury_reserved_sats),
      ("migration", checked.migration_sats),
      ("withdrawals_in_transit", checked.withdrawals_in_transit_sats),
    ];
    family("reserves_ledger_sats", #gauge, "What the ledger holds for the exchange.", #one(checked.ledger_sats)) # family(
      "reserves_booked_sats",
      #gauge,
      "What the books account for.",
      #by("account", booked),
    ) # family(
      "reserves_unattributed_sats",
      #gauge,
      "Ledger less books; below zero by more than what is in flight is an alarm.",
      #one(checked.unattributed_sats),
    ) # family(
      "reserves_in_flight_sats",
      #gauge,
      "What may be missing on the ledger only because transfers went on while it was asked.",
      #one(checked.in_flight_sats),
    ) # family("reserves_age_seconds", #gauge, "How long ago the ledger was asked.", #one(age(now, checked.ledger_checked_ns)));
  };

  func oracle(figures : Types.Overview, now : Nat64) : Text {
    let newest = figures.oracle.newest_ns;
    let newestAge = if (newest == 0) "" else family(
      "oracle_newest_age_seconds",
      #gauge,
      "How old the newest minute of the price book is.",
      #one(age(now, newest)),
    );
    newestAge # family("oracle_calls_total", #counter, "Questions to the exchange rate canister.", #one(figures.oracle.calls)) # family(
      "oracle_cycles_total",
      #counter,
      "Cycles those questions cost.",
      #one(figures.oracle.cycles),
    );
  };

  func cycles(state : State.State, figures : Types.Overview) : Text {
    family("cycles_balance", #gauge, "The canister's cycles.", #one(figures.cycles.balance)) # family(
      "cycles_burned_24h",
      #gauge,
      "Cycles burned in the last 24 hours, by hourly readings.",
      #one(figures.cycles.burned_24h),
    ) # family("cycles_topped_up_total", #counter, "Cycles that came in, by hourly readings.", #one(state.cycles.toppedUp));
  };

  func age(now : Nat64, since : Nat64) : Nat = (Units.minusOrZero(now, since) / Units.SECOND_NS).toNat();
};
