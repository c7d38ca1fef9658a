/// Orders: what is accepted, what a resend means, until when one can be cancelled; and quotes, which show what an order
/// placed now would cost if nothing moved until its fill minute.

import Archive "Archive";
import Contracts "Contracts";
import Errors "Errors";
import Format "Format";
import Int64 "mo:core/Int64";
import Limits "Limits";
import List "mo:core/List";
import Map "mo:core/Map";
import Market "Market";
import Money "Money";
import Names "Names";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Positions "Positions";
import PriceBook "PriceBook";
import State "State";
import Tenors "Tenors";
import Terms "Terms";
import Text "mo:core/Text";
import Traders "Traders";
import Types "Types";
import Units "Units";

module {
  type State = State.State;

  /// What both a quote and an order come to at the newest price.
  type Priced = {
    contract : Contracts.Contract;
    tenor : Types.Tenor;
    price : State.Price;
    strikeOrdered : Int64;
    strike : Nat64;
    fillMinute : Nat64;
    expiry : Nat64;
    cost : Market.Cost;
    premium : Nat64;
  };

  /// Checks terms and prices them at the newest price.
  func priced(
    state : State,
    instrument : Types.Instrument,
    tenorName : Text,
    strikeChoice : Types.StrikeChoice,
    now : Nat64,
  ) : Types.OrderAnswer<Priced> {
    switch (Market.entryError(state, now)) {
      case (?error) return #err error;
      case null {};
    };
    let ?price = PriceBook.fresh(state, now) else return #err(Errors.priceStale());
    let ?tenor = Tenors.enabled(state, tenorName) else return #err(Errors.unknownTenor(if (tenorName.size() > 16) "..." else tenorName));
    let contract = switch (sizes(state.settings.max_position_payout_sats, instrument)) {
      case (#ok found) found;
      case (#err error) return #err error;
    };
    let (strikeOrdered, strike) = switch (Market.strikeNow(strikeChoice, price.price, tenor.strike_grid_e8)) {
      case (#ok found) found;
      case (#err error) return #err error;
    };
    if (contract.kind == #capped and contract.cap >= strike) {
      return #err(Errors.invalid("cap_e8", "The cap must be less than the strike, which is " # Format.usd(strike.toNat()) # " now."));
    };
    switch (payoutProblem(state, Contracts.largest(contract, strike))) {
      case (?error) return #err error;
      case null {};
    };
    let fillMinute = Units.minuteAfter(now);
    let expiry = Tenors.expiry(tenor, fillMinute);
    let cost = Market.cost(state, contract, tenor, price, strike, (expiry - fillMinute) / Units.SECOND_NS);
    switch (costProblem(state, cost)) {
      case (?error) #err error;
      case null #ok {
        contract;
        tenor;
        price;
        strikeOrdered;
        strike;
        fillMinute;
        expiry;
        cost;
        premium = cost.fair + cost.spread + cost.skew;
      };
    };
  };

  /// The contract in the canister's own units, if its sizes are ones. `most`: the largest payout of a position, for the message.
  func sizes(most : Nat64, instrument : Types.Instrument) : Types.OrderAnswer<Contracts.Contract> {
    switch instrument {
      case (#digital { direction; payout_sats }) {
        if (not Units.isSats(payout_sats)) return #err(Errors.aboveMaximum("The payout of one position", most));
        #ok { kind = #digital; direction; size = payout_sats; cap = 0 };
      };
      case (#capped { direction; notional_sats; cap_e8 }) {
        if (notional_sats < 1) return #err(Errors.belowMinimum("The notional", notional_sats, 1));
        if (not Units.isSats(notional_sats)) return #err(Errors.aboveMaximum("The notional", Units.MAX_SATS));
        if (cap_e8 < 1 or not Units.isPrice(cap_e8)) {
          return #err(Errors.invalid("cap_e8", "The cap must be more than zero and less than the strike (USD x 10^8)."));
        };
        #ok { kind = #capped; direction; size = notional_sats; cap = cap_e8 };
      };
    };
  };

  /// Null when the most a contract can pay is within the parameters.
  func payoutProblem(state : State, largest : Nat64) : ?Types.OrderError {
    let { min_payout_sats = least; max_position_payout_sats = most } = state.settings;
    if (largest < least) return ?Errors.belowMinimum("The payout", largest, least);
    if (largest > most) ?Errors.aboveMaximum("The payout of one position", most) else null;
  };

  /// Why a contract is not sold at this cost; null if it is.
  func costProblem(state : State, { fair; spread; skew; largest; isTooFar } : Market.Cost) : ?Types.OrderError {
    if isTooFar {
      let share = Format.percent(state.settings.min_share_ppm.toNat());
      let rule = "At this strike the option is worth less than " # share # " of its payout: too unlikely to be sold. Choose a strike nearer to the price.";
      return ?Errors.strikeOutOfRange(rule);
    };
    if (fair + spread + skew >= largest) {
      let rule = "At this strike the premium would reach the payout, so there is nothing to win. Choose a strike nearer to the price.";
      return ?Errors.strikeOutOfRange(rule);
    };
    null;
  };

  /// Prices an order at the newest price. Its real premium is computed at the price of its fill minute.
  public func quote(state : State, request : Types.QuoteRequest, now : Nat64) : Types.OrderAnswer<Types.Quote> {
    let found = switch (priced(state, request.instrument, request.tenor, request.strike, now)) {
      case (#ok found) found;
      case (#err error) return #err error;
    };
    let { contract; price; strike; cost; premium; fillMinute; expiry } = found;
    if (not Money.has(state, #treasury, cost.largest)) return #err(Errors.treasuryCannotCover(state.treasury.available));
    #ok {
      price_e8 = price.price.toNat();
      price_minute_ns = price.minute;
      strike_e8 = strike.toNat();
      sigma_ppm = cost.sigmaPpm.toNat();
      fill_minute_ns = fillMinute;
      expiry_ns = expiry;
      fair_sats = cost.fair.toNat();
      spread_sats = cost.spread.toNat();
      skew_sats = cost.skew.toNat();
      premium_sats = premium.toNat();
      max_payout_sats = cost.largest.toNat();
      greeks = Contracts.greeks(contract, price.price, strike, cost.sigmaPpm, (expiry - fillMinute) / Units.SECOND_NS);
    };
  };

  /// Looks for the order that a trader has named `name`, which has this hash.
  public func named(state : State, trader : State.Trader, name : Text, hash : Nat64) : Names.Found = Names.find(
    trader.names,
    hash,
    func(id) = switch (state.positions.at(id)) {
      case (#kept position) position.clientOrderId == name;
      case (#archived) Archive.clientOrderId(state, id) == name;
    },
  );

  /// Whether a trader has placed an order with this id before, so that placing it again is a resend.
  public func isKnown(state : State, caller : Principal, clientOrderId : Text) : Bool = switch (Traders.find(state, caller)) {
    case (?trader) switch (named(state, trader, clientOrderId, Names.hash(clientOrderId))) {
      case (#known _) true;
      case _ false;
    };
    case null false;
  };

  /// Accepts an order, or answers what is wrong with it. A resend of an order that was accepted before returns that order.
  public func place(state : State, caller : Principal, request : Types.OrderRequest, now : Nat64) : Types.OrderAnswer<State.Position> {
    switch (Limits.clientId("client_order_id", request.client_order_id)) {
      case (?error) return #err error;
      case null {};
    };
    let known = Traders.find(state, caller);
    let nameHash = Names.hash(request.client_order_id);
    switch known {
      case (?trader) switch (named(state, trader, request.client_order_id, nameHash)) {
        case (#known id) {
          let earlier = Archive.at(state, id);
          return if (sameContent(earlier, request)) #ok earlier else #err(Errors.idReused("client_order_id"));
        };
        case (#crowded) return #err(Errors.idsAlike("client_order_id"));
        case (#new) {};
      };
      case null {};
    };
    let { contract; tenor; strikeOrdered; fillMinute; expiry; cost; premium } = switch (priced(state, request.instrument, request.tenor, request.strike, now)) {
      case (#ok found) found;
      case (#err error) return #err error;
    };
    let maxPayout = switch (maximumPayout(state, request, cost.largest)) {
      case (#ok sats) sats;
      case (#err error) return #err error;
    };
    // An order that offers less than today's price would hold the treasury's reserve back with next to no chance of a fill.
    if (request.max_premium_sats < premium) return #err(Errors.premiumNow(premium, request.max_premium_sats));
    // A premium that reaches the payout never fills, so offering more could only tie up the treasury's reserve.
    if (request.max_premium_sats > maxPayout) return #err(Errors.aboveMaximum("The maximum premium of this order", maxPayout));
    let maxPremium = request.max_premium_sats;
    let ?trader = known else return #err(Errors.insufficientBalance(0, maxPremium));
    if (not Money.has(state, #available trader, maxPremium)) {
      return #err(Errors.insufficientBalance(trader.available, maxPremium));
    };
    switch (Limits.pendingReached(state, trader, maxPayout)) {
      case (?error) return #err error;
      case null {};
    };
    let bucket = Positions.bucket(state, expiry);
    switch (Limits.reached(state, trader, bucket, maxPayout)) {
      case (?error) return #err error;
      case null {};
    };
    if (not Money.has(state, #treasury, maxPayout)) return #err(Errors.treasuryCannotCover(state.treasury.available));
    let ?terms = Terms.of(state, request.instrument, tenor.name, request.strike) else return #err(Errors.unknownTenor(tenor.name));
    #ok(
      Positions.place(
        state,
        {
          trader;
          clientOrderId = request.client_order_id;
          terms;
          size = contract.size;
          cap = contract.cap;
          strikeOrdered;
          maxPremium;
          maxPayout;
          placed = now;
          expiry;
        },
        { nameHash; fillMinute; bucket },
      )
    );
  };

  /// What the treasury is to hold back: the payout of a digital, or what the order of a capped option names. At least what the strike
  /// can pay now; more leaves room for the price to move until the fill, up to twice that.
  func maximumPayout(state : State, { instrument; max_payout_sats } : Types.OrderRequest, least : Nat64) : Types.OrderAnswer<Nat64> {
    switch (instrument, max_payout_sats) {
      case (#digital _, null) #ok least;
      case (#digital _, ?named) if (named == least) #ok least else #err(
        Errors.invalid("max_payout_sats", "The largest payout of a digital is its payout, " # Format.sats(least.toNat()) # "; leave max_payout_sats out.")
      );
      case (#capped _, null) #err(Errors.invalid("max_payout_sats", "An order of a capped option names the most it may pay: max_payout_sats."));
      case (#capped _, ?named) {
        if (named < least) return #err(Errors.belowMinimum("The largest payout (max_payout_sats)", named, least));
        let most = Nat64.min(2 * least, state.settings.max_position_payout_sats);
        if (named > most) #err(Errors.aboveMaximum("The largest payout (max_payout_sats)", most)) else #ok named;
      };
    };
  };

  /// What an order was sent with.
  func sameContent(earlier : State.Position, request : Types.OrderRequest) : Bool {
    let { terms } = earlier;
    let instrument : Types.Instrument = switch (terms.kind) {
      case (#digital) #digital { direction = terms.direction; payout_sats = earlier.size };
      case (#capped) #capped { direction = terms.direction; notional_sats = earlier.size; cap_e8 = earlier.cap };
    };
    let strike : Types.StrikeChoice = switch (terms.strike) {
      case (#at) #at(Int64.toNat64(earlier.strikeOrdered));
      case (#offset) #offset(earlier.strikeOrdered);
    };
    let sameTerms = instrument == request.instrument and terms.tenor == request.tenor and strike == request.strike;
    let sameMaximum = switch (request.max_payout_sats) {
      case (?named) named == earlier.maxPayout;
      case null terms.kind == #digital;
    };
    sameTerms and sameMaximum and earlier.maxPremium == request.max_premium_sats;
  };

  /// Cancels a trader's own pending order. Only until its fill minute begins: later it would be a free option on a price that
  /// is already known. One that was set aside because it could not be filled is let go at any time: its trader's money is held.
  public func cancel(state : State, caller : Principal, id : Nat, now : Nat64) : Types.Answer<State.Position> {
    let ?position = Positions.find(state, id) else return #err(Errors.notFound("such order of yours"));
    if (position.trader.owner != caller) return #err(Errors.notFound("such order of yours"));
    switch (position.status) {
      case (#pending) {};
      case (#open) return #err(Errors.tooLate());
      case (#cancelled) return #err(Errors.alreadyFinal("cancelled"));
      case (#settled) return #err(Errors.alreadyFinal("settled"));
      case (#voided) return #err(Errors.alreadyFinal("voided"));
    };
    if (now >= Positions.fillMinute(position) and not state.setAside.containsKey(id)) return #err(Errors.tooLate());
    #ok(Positions.cancel(state, position, #by_trader, now));
  };
};
