/// The market, open to everybody.

import Orders "../Orders";
import Market "../Market";
import PriceBook "../PriceBook";
import State "../State";
import Types "../Types";
import Units "../Units";

mixin (state : State.State) {
  public query func get_market() : async Types.Market { Market.view(state, Units.now()) };

  public query func get_prices(arg : { from_minute_ns : Nat64; limit : Nat64 }) : async [Types.PriceEntry] {
    PriceBook.list(state, arg.from_minute_ns, arg.limit);
  };

  public query func get_price(minute_ns : Nat64) : async ?Types.PriceEntry {
    let ?entry = PriceBook.at(state, minute_ns) else return null;
    ?PriceBook.view(entry);
  };

  public query func get_flags() : async Types.Flags { state.flags };

  public query func quote(request : Types.QuoteRequest) : async Types.OrderAnswer<Types.Quote> {
    Orders.quote(state, request, Units.now());
  };

  public query func get_version() : async Types.Version {
    { version = Market.VERSION; schema = state.schema; installed_ns = state.installed; upgraded_ns = state.upgraded };
  };
};
