/// Candid types of the legacy platform. Its floats exist only here: inside, everything is counted in satoshi and US cents.
module {
  public type InitArgs = {
    /// May create users, credit balances, place trades and record settlements for anybody.
    operators : [Principal];
    /// The options canister: records settlements that it computed from its price book.
    options : ?Principal;
    /// Behaves as the live platform does: nobody is authenticated, nothing is checked, every settlement pays. For tests.
    badly_behaved : Bool;
  };

  public type OptionType = { #Call; #Put };
  public type TradeStatus = { #Active; #Settled };

  /// Prices, premium, value and pnl in USD; `size`: contracts; times in ns.
  public type Position = {
    id : Nat;
    user : Principal;
    option_type : OptionType;
    strike_price : Float;
    entry_price : Float;
    expiry : Text;
    size : Float;
    entry_premium : Float;
    current_value : Float;
    pnl : Float;
    status : TradeStatus;
    opened_at : Int;
    settled_at : ?Int;
    settlement_price : ?Float;
  };
  /// `balance` in BTC; wins (profit of winning trades), losses (premium of losing ones) and net in USD.
  public type UserData = { balance : Float; total_wins : Float; total_losses : Float; net_pnl : Float; created_at : Int };
  /// USD, from the platform's side: `total_winning_trades` is what traders lost, `total_losing_trades` what they won.
  public type PlatformLedger = { total_winning_trades : Float; total_losing_trades : Float; net_pnl : Float; total_trades : Nat };
  /// BTC in the platform's custody, users' balances included; trades move nothing in or out.
  public type PlatformWallet = { balance : Float; total_deposits : Float; total_withdrawals : Float };
  public type TradingSummary = { total_trades : Nat; active_trades : Nat; settled_trades : Nat };
};
