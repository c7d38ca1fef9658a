/// The options exchange: accounts in satoshi, a price book, digital options filled and settled on chain, a fully reserved treasury.
///
/// This actor is thin: it says who may call, takes the locks and delegates. The rules are in the modules beside it; the
/// methods, by the people they serve, in api/. The interface with its comments is options.did.

import AdminApi "api/AdminApi";
import Blob "mo:core/Blob";
import Clockwork "api/Clockwork";
import ControlApi "api/ControlApi";
import Map "mo:core/Map";
import MarketApi "api/MarketApi";
import PricingApi "api/PricingApi";
import Principal "mo:core/Principal";
import Runtime "mo:core/Runtime";
import Settings "Settings";
import State "State";
import Tenors "Tenors";
import TradingApi "api/TradingApi";
import Types "Types";
import Units "Units";
import WalletApi "api/WalletApi";

persistent actor class Options(init : Types.InitArg) = this {
  /// The largest argument of an update from outside: ten times what the largest honest one takes.
  transient let MAX_ARGUMENT_BYTES : Nat = 10_000;

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

  /// Turns away, before it costs anything, what no person with an identity would send: this canister pays for every update it takes.
  /// One node alone decides here, so the methods check their caller all the same. Calls of canisters don't come this way.
  system func inspect({ caller : Principal; arg : Blob }) : Bool { not caller.isAnonymous() and arg.size() <= MAX_ARGUMENT_BYTES };

  include MarketApi(exchange);
  include PricingApi();
  include TradingApi(exchange);
  include WalletApi(exchange, self);
  include AdminApi(exchange, self);
  include ControlApi(exchange);
  include Clockwork(
    exchange,
    {
      retryTransfers;
      compareWithLedger = func() : async () { ignore await* compareWithLedger() };
    },
  );
  arm<system>();
};
