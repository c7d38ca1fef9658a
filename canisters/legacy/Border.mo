/// From the books to the legacy Candid types: the one place where integers become floats, and where a float becomes satoshi.
import Float "mo:core/Float";
import List "mo:core/List";
import Map "mo:core/Map";
import Platform "Platform";
import Types "Types";

module {
  let SATS_PER_BTC = 100_000_000.0;
  /// No one can own more bitcoin than there will be.
  let MAX_BTC = 21_000_000.0;

  public func usd(cents : Int) : Float = Float.fromInt(cents) / 100.0;

  public func btc(sats : Int) : Float = Float.fromInt(sats) / SATS_PER_BTC;

  /// The nearest satoshi, or null for what is no amount of bitcoin.
  public func sats(btc : Float) : ?Int {
    if (Float.isNaN(btc) or Float.abs(btc) > MAX_BTC) return null;
    ?Float.toInt(Float.nearest(btc * SATS_PER_BTC));
  };

  public func userData(user : Platform.User) : Types.UserData = {
    balance = btc(user.balanceSats);
    total_wins = usd(user.winsCents);
    total_losses = usd(user.lossesCents);
    net_pnl = usd((user.winsCents : Int) - user.lossesCents);
    created_at = user.createdNs;
  };

  /// An open position is shown at its premium: the legacy platform never revalued.
  public func position(p : Platform.Position) : Types.Position {
    let (status, currentCents, pnlCents, settledNs, priceUsd) = switch (p.settlement) {
      case null (#Active, p.premiumCents, 0 : Int, null, null);
      case (?s) (#Settled, s.payoutCents, s.pnlCents, ?s.atNs, ?usd(s.priceCents));
    };
    {
      id = p.id;
      user = p.user.principal;
      option_type = p.direction;
      strike_price = usd(p.strikeCents);
      entry_price = usd(p.entryCents);
      expiry = p.expiry;
      size = Float.fromInt(p.contracts);
      entry_premium = usd(p.premiumCents);
      current_value = usd(currentCents);
      pnl = usd(pnlCents);
      status;
      opened_at = p.openedNs;
      settled_at = settledNs;
      settlement_price = priceUsd;
    };
  };

  public func ledger(state : Platform.State) : Types.PlatformLedger = {
    total_winning_trades = usd(state.tradersLostCents);
    total_losing_trades = usd(state.tradersWonCents);
    net_pnl = usd((state.tradersLostCents : Int) - state.tradersWonCents);
    total_trades = List.size(state.positions);
  };

  /// Nothing can be withdrawn through this interface, so custody is what was deposited.
  public func wallet(state : Platform.State) : Types.PlatformWallet = {
    balance = btc(state.depositsSats);
    total_deposits = btc(state.depositsSats);
    total_withdrawals = 0.0;
  };

  public func users(state : Platform.State) : [(Principal, Types.UserData)] {
    let rows = List.empty<(Principal, Types.UserData)>();
    for ((principal, user) in Map.entries(state.users)) List.add(rows, (principal, userData(user)));
    List.toArray(rows);
  };
};
