// Made from legacy.did by `npm run bindings`. Change the interface, not this file.

export const idlFactory = ({ IDL }) => {
  const InitArgs = IDL.Record({
    'badly_behaved' : IDL.Bool,
    'operators' : IDL.Vec(IDL.Principal),
    'options' : IDL.Opt(IDL.Principal),
  });
  const UserData = IDL.Record({
    'balance' : IDL.Float64,
    'net_pnl' : IDL.Float64,
    'created_at' : IDL.Int,
    'total_wins' : IDL.Float64,
    'total_losses' : IDL.Float64,
  });
  const TradeStatus = IDL.Variant({
    'Active' : IDL.Null,
    'Settled' : IDL.Null,
  });
  const OptionType = IDL.Variant({ 'Put' : IDL.Null, 'Call' : IDL.Null });
  const Position = IDL.Record({
    'id' : IDL.Nat,
    'pnl' : IDL.Float64,
    'status' : TradeStatus,
    'option_type' : OptionType,
    'strike_price' : IDL.Float64,
    'opened_at' : IDL.Int,
    'size' : IDL.Float64,
    'user' : IDL.Principal,
    'expiry' : IDL.Text,
    'current_value' : IDL.Float64,
    'entry_premium' : IDL.Float64,
    'settlement_price' : IDL.Opt(IDL.Float64),
    'entry_price' : IDL.Float64,
    'settled_at' : IDL.Opt(IDL.Int),
  });
  const PlatformLedger = IDL.Record({
    'total_losing_trades' : IDL.Float64,
    'net_pnl' : IDL.Float64,
    'total_trades' : IDL.Nat,
    'total_winning_trades' : IDL.Float64,
  });
  const TradingSummary = IDL.Record({
    'settled_trades' : IDL.Nat,
    'total_trades' : IDL.Nat,
    'active_trades' : IDL.Nat,
  });
  const PlatformWallet = IDL.Record({
    'balance' : IDL.Float64,
    'total_deposits' : IDL.Float64,
    'total_withdrawals' : IDL.Float64,
  });
  const LegacyPlatform = IDL.Service({
    'admin_credit_user_balance' : IDL.Func(
        [IDL.Principal, IDL.Float64],
        [IDL.Variant({ 'ok' : IDL.Text, 'err' : IDL.Text })],
        [],
      ),
    'create_user' : IDL.Func(
        [IDL.Principal],
        [IDL.Variant({ 'ok' : UserData, 'err' : IDL.Text })],
        [],
      ),
    'get_admin_logs' : IDL.Func([], [IDL.Vec(IDL.Text)], []),
    'get_all_positions' : IDL.Func([], [IDL.Vec(Position)], ['query']),
    'get_all_users' : IDL.Func(
        [],
        [IDL.Vec(IDL.Tuple(IDL.Principal, UserData))],
        ['query'],
      ),
    'get_platform_ledger' : IDL.Func([], [PlatformLedger], ['query']),
    'get_platform_trading_summary' : IDL.Func([], [TradingSummary], ['query']),
    'get_platform_wallet' : IDL.Func([], [PlatformWallet], ['query']),
    'get_position' : IDL.Func(
        [IDL.Nat],
        [IDL.Variant({ 'ok' : Position, 'err' : IDL.Text })],
        [],
      ),
    'get_user' : IDL.Func(
        [IDL.Principal],
        [IDL.Variant({ 'ok' : UserData, 'err' : IDL.Text })],
        ['query'],
      ),
    'get_user_positions' : IDL.Func([IDL.Principal], [IDL.Vec(Position)], []),
    'place_trade_simple' : IDL.Func(
        [
          IDL.Principal,
          IDL.Text,
          IDL.Nat,
          IDL.Text,
          IDL.Nat,
          IDL.Nat64,
          IDL.Nat64,
        ],
        [IDL.Variant({ 'ok' : IDL.Nat, 'err' : IDL.Text })],
        [],
      ),
    'recordSettlement' : IDL.Func(
        [IDL.Nat, IDL.Text, IDL.Nat64, IDL.Nat64, IDL.Nat64],
        [IDL.Variant({ 'ok' : IDL.Null, 'err' : IDL.Text })],
        [],
      ),
  });
  
  return LegacyPlatform;
};

export const init = ({ IDL }) => {
  const InitArgs = IDL.Record({
    'badly_behaved' : IDL.Bool,
    'operators' : IDL.Vec(IDL.Principal),
    'options' : IDL.Opt(IDL.Principal),
  });
  
  return [InitArgs];
};