/// The options exchange: accounts in satoshi, a price book, digital options filled and settled on chain, a fully reserved treasury.
///
/// This actor is thin: it says who may call, takes the locks and delegates. The rules are in the modules beside it; the
/// methods, by the people they serve, in api/. The interface with its comments is options.did.

import AdminApi "api/AdminApi";
import Blob "mo:core/Blob";
import Clockwork "api/Clockwork";
import ControlApi "api/ControlApi";
import HttpApi "api/HttpApi";
import Inspection "Inspection";
import Map "mo:core/Map";
import MarketApi "api/MarketApi";
import PricingApi "api/PricingApi";
import Principal "mo:core/Principal";
import RiskApi "api/RiskApi";
import Runtime "mo:core/Runtime";
import Settings "Settings";
import StandardsApi "api/StandardsApi";
import State "State";
import Tenors "Tenors";
import TradingApi "api/TradingApi";
import Types "Types";
import Units "Units";
import WalletApi "api/WalletApi";

persistent actor class Options(init : Types.InitArg) = this {
  /// Everything that outlives an upgrade. The init argument counts at the first installation only.
  let exchange = State.empty(
    { ledger = init.ledger; exchangeRate = init.exchange_rate; legacy = init.legacy },
    Settings.defaults(),
    Units.now(),
  );
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
