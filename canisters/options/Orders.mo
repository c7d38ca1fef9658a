/// Orders: what is accepted, what a resend means, until when one can be cancelled; and quotes, which show what an order
/// placed now would cost if nothing moved until its fill minute.

import Errors "Errors";
import Format "Format";
import Limits "Limits";
import List "mo:core/List";
import Map "mo:core/Map";
import Market "Market";
import Money "Money";
import Nat64 "mo:core/Nat64";
import Positions "Positions";
import Nat "mo:core/Nat";
import PriceBook "PriceBook";
import Pricing "Pricing";
import State "State";
import Tenors "Tenors";
import Text "mo:core/Text";
import Traders "Traders";
import Types "Types";
import Units "Units";

module {
  type State = State.State;

  /// What both a quote and an order are checked for.
  type Terms = { direction : Types.Direction; payout : Nat; tenor : Types.Tenor; price : Types.PriceEntry; strike : Nat };

  func terms(
    state : State,
    instrument : Types.Instrument,
    tenorName : Text,
    strike : Types.StrikeChoice,
    now : Nat64,
  ) : Types.Answer<Terms> {
    switch (Market.entryError(state, now)) {
      case (?error) return #err error;
      case null {};
    };
    let #digital { direction; payout_sats = payout } = instrument;
    switch (Market.sizeError(state, payout)) {
      case (?error) return #err error;
      case null {};
    };
    let ?tenor = Tenors.enabled(state, tenorName) else return #err(Errors.unknownTenor(if (tenorName.size() > 16) "..." else tenorName));
    let ?price = PriceBook.fresh(state, now) else return #err(Errors.priceStale());
    switch (Market.strikeAt(strike, price.price_e8, ?tenor.strike_grid_e8)) {
      case (#err error) #err error;
      case (#ok strikeNow) #ok { direction; payout; tenor; price; strike = strikeNow };
    };
  };

  /// What the terms cost at the newest price, or why the strike is not sold.
  func priced(state : State, { direction; payout; tenor; price; strike } : Terms) : Types.Answer<Pricing.Premium> {
    let cost = Market.digitalPremium(state, direction, payout, price.price_e8, strike, tenor.sigma_ppm, tenor.minutes * 60);
    if (Pricing.isTooFar(cost.fair, payout, state.settings)) {
      let share = Format.percent(state.settings.min_share_ppm);
      let rule = "At this strike the option is worth less than " # share # " of its payout: too unlikely to be sold. Choose a strike nearer to the price.";
      return #err(Errors.strikeOutOfRange(rule));
    };
    if (cost.premium >= payout) {
      let rule = "At this strike the premium would reach the payout, so there is nothing to win. Choose a strike nearer to the price.";
      return #err(Errors.strikeOutOfRange(rule));
    };
    #ok cost;
  };

  /// Prices an order at the newest price. Its real premium is computed at the price of its fill minute.
  public func quote(state : State, request : Types.QuoteRequest, now : Nat64) : Types.Answer<Types.Quote> {
    let found = switch (terms(state, request.instrument, request.tenor, request.strike, now)) {
      case (#ok found) found;
      case (#err error) return #err error;
    };
    let { payout; tenor; price; strike } = found;
    let available = state.treasury.available.toNat();
    if (payout > available) return #err(Errors.treasuryCannotCover(available));
    let fillMinute = Units.minuteAfter(now);
    let cost = switch (priced(state, found)) {
      case (#ok value) value;
      case (#err error) return #err error;
    };
    #ok {
      price_e8 = price.price_e8;
      price_minute_ns = price.minute_ns;
      strike_e8 = strike;
      sigma_ppm = tenor.sigma_ppm;
      fill_minute_ns = fillMinute;
      expiry_ns = Tenors.expiry(tenor, fillMinute);
      fair_sats = cost.fair;
      spread_sats = cost.spread;
      skew_sats = cost.skew;
      premium_sats = cost.premium;
      max_payout_sats = payout;
    };
  };

  /// Accepts an order, or answers what is wrong with it. A resend of an order that was accepted before returns that order.
  public func place(state : State, caller : Principal, request : Types.OrderRequest, now : Nat64) : Types.Answer<State.Position> {
    switch (Limits.clientId("client_order_id", request.client_order_id)) {
      case (?error) return #err error;
      case null {};
    };
    switch (Traders.find(state, caller)) {
      case (?trader) switch (trader.clientOrderIds.get(request.client_order_id)) {
        case (?id) {
          let earlier = state.positions.at(id);
          return if (sameContent(earlier, request)) #ok earlier else #err(Errors.idReused("client_order_id"));
        };
        case null {};
      };
      case null {};
    };
    let found = switch (terms(state, request.instrument, request.tenor, request.strike, now)) {
      case (#ok found) found;
      case (#err error) return #err error;
    };
    let { direction; payout; tenor } = found;
    let cost = switch (priced(state, found)) {
      case (#ok value) value;
      case (#err error) return #err error;
    };
    // An order that offers less than today's price would hold the treasury's reserve back with next to no chance of a fill.
    if (request.max_premium_sats < cost.premium) return #err(Errors.premiumNow(cost.premium, request.max_premium_sats));
    // A premium that reaches the payout never fills, so offering more could only tie up the treasury's reserve.
    if (request.max_premium_sats > payout) return #err(Errors.aboveMaximum("The maximum premium of this order", payout));
    let maxPremium = Nat64.fromNat(request.max_premium_sats);
    // Worst case: the payout or, in a tie, the premium back.
    let reserve = Nat64.fromNat(if (payout > request.max_premium_sats) payout else request.max_premium_sats);
    let ?trader = Traders.find(state, caller) else return #err(Errors.insufficientBalance(0, request.max_premium_sats));
    if (not Money.has(state, #available trader, maxPremium)) {
      return #err(Errors.insufficientBalance(trader.available.toNat(), request.max_premium_sats));
    };
    let fillMinute = Units.minuteAfter(now);
    let expiry = Tenors.expiry(tenor, fillMinute);
    switch (Limits.pendingReached(state, trader, reserve)) {
      case (?error) return #err error;
      case null {};
    };
    switch (Limits.reached(state, trader, expiry, reserve)) {
      case (?error) return #err error;
      case null {};
    };
    if (not Money.has(state, #treasury, reserve)) return #err(Errors.treasuryCannotCover(state.treasury.available.toNat()));
    #ok(
      Positions.place(
        state,
        {
          trader;
          clientOrderId = request.client_order_id;
          direction;
          payout = Nat64.fromNat(payout);
          tenor = tenor.name;
          strike = request.strike;
          maxPremium;
          placed = now;
          fillMinute;
          expiry;
          reserve;
        },
      )
    );
  };

  func sameContent(earlier : State.Position, request : Types.OrderRequest) : Bool {
    let #digital { direction; payout_sats } = request.instrument;
    let sameInstrument = earlier.direction == direction and earlier.payout.toNat() == payout_sats;
    let sameTerms = earlier.tenor == request.tenor and earlier.strike == request.strike;
    sameInstrument and sameTerms and earlier.maxPremium.toNat() == request.max_premium_sats;
  };

  /// Cancels a trader's own pending order. Only until its fill minute begins: later it would be a free option on a price that
  /// is already known. One that was set aside because it could not be filled is let go at any time: its trader's money is held.
  public func cancel(state : State, caller : Principal, id : Nat, now : Nat64) : Types.Answer<State.Position> {
    let ?position = Positions.find(state, id) else return #err(Errors.notFound("such order of yours"));
    if (position.trader.owner != caller) return #err(Errors.notFound("such order of yours"));
    switch (position.state) {
      case (#pending) {};
      case (#open _) return #err(Errors.tooLate());
      case (#cancelled _) return #err(Errors.alreadyFinal("cancelled"));
      case (#settled _) return #err(Errors.alreadyFinal("settled"));
    };
    if (now >= position.fillMinute and not state.setAside.containsKey(id)) return #err(Errors.tooLate());
    Positions.cancel(state, position, #by_trader, now);
    #ok position;
  };
};
