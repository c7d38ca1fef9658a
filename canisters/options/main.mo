/// The options exchange: accounts in satoshi, a price book, digital options filled and settled on chain, a fully reserved treasury.
///
/// This actor is thin: it says who may call, takes the locks and delegates. The rules are in the modules beside it; the
/// methods, by the people they serve, in api/. The interface with its comments is options.did.

import EmptyState "EmptyState";
import AdminApi "api/AdminApi";
import Blob "mo:core/Blob";
import CandidLimits "CandidLimits";
import Clockwork "api/Clockwork";
import ControlApi "api/ControlApi";
import FromV0_1_0 "migrations/FromV0_1_0";
import ImportApi "api/ImportApi";
import HttpApi "api/HttpApi";
import Inspection "Inspection";
import Map "mo:core/Map";
import MarketApi "api/MarketApi";
import MemoryOfV0_1_0 "migrations/MemoryOfV0_1_0";
import PricingApi "api/PricingApi";
import Principal "mo:core/Principal";
import ProposalsApi "api/ProposalsApi";
import RiskApi "api/RiskApi";
import Runtime "mo:core/Runtime";
import Settings "Settings";
import StandardsApi "api/StandardsApi";
import Tenors "Tenors";
import TradingApi "api/TradingApi";
import Types "Types";
import Units "Units";
import WalletApi "api/WalletApi";

persistent actor class Options(init : Types.InitArg) = this {
  /// The memory of version 0.1.0, under the name it had. Where that version never was, and after the upgrade from it, nothing is in it.
  let state = MemoryOfV0_1_0.none();

  /// Everything that outlives an upgrade. This runs where the variable is new: at the first installation, at which alone the init argument counts,
  /// and once at the upgrade from version 0.1.0.
  let exchange = if (MemoryOfV0_1_0.isThere(state)) {
    let moved = FromV0_1_0.migrate(state, Units.now());
    MemoryOfV0_1_0.clear(state);
    moved;
  } else EmptyState.empty(
    { ledger = init.ledger; exchangeRate = init.exchange_rate; legacy = init.legacy },
    Settings.defaults(),
    Units.now(),
  );
  exchange.upgraded := Units.now();
  CandidLimits.set<system>();
  if (exchange.tenors.isEmpty()) {
    for (tenor in init.tenors.values()) {
      switch (Tenors.put(exchange, tenor)) {
        case (#ok _) {};
        case (#err error) Runtime.trap("init argument, tenor " # tenor.name # ": " # error.message);
      };
    };
  };

  func self() : Principal = Principal.fromActor(this);

  /// Asked before an update from outside runs; see Inspection.mo. One node alone decides here, so the methods check their caller all the same.
  system func inspect({ caller : Principal; arg : Blob; msg : Inspection.Message }) : Bool = Inspection.accepts(caller, arg, msg);

  include MarketApi(exchange);
  include PricingApi();
  include TradingApi(exchange);
  include WalletApi(exchange, self);
  include AdminApi(exchange, self);
  include ControlApi(exchange);
  include ImportApi(exchange, self);
  include ProposalsApi(exchange, self, runWithdrawal);
  include RiskApi(exchange);
  include HttpApi(exchange);
  include StandardsApi(exchange);
  include Clockwork(
    exchange,
    {
      retryTransfers;
      compareWithLedger = func() : async () { ignore await* compareWithLedger() };
    },
  );
  arm<system>();
};
