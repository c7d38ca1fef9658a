// Made from options.did by `npm run bindings`. Change the interface, not this file.

export const idlFactory = ({ IDL }) => {
  const Volatility = IDL.Variant({
    'fixed' : IDL.Record({ 'sigma_ppm' : IDL.Nat64 }),
    'measured' : IDL.Record({
      'scale_ppm' : IDL.Nat64,
      'floor_ppm' : IDL.Nat64,
      'ceiling_ppm' : IDL.Nat64,
    }),
  });
  const Schedule = IDL.Variant({
    'minutes' : IDL.Nat64,
    'daily' : IDL.Null,
    'weekly' : IDL.Null,
  });
  const Tenor = IDL.Record({
    'strike_grid_e8' : IDL.Nat64,
    'volatility' : Volatility,
    'name' : IDL.Text,
    'band_ppm' : IDL.Nat64,
    'enabled' : IDL.Bool,
    'schedule' : Schedule,
  });
  const Action = IDL.Variant({
    'resolve_import' : IDL.Record({
      'taken' : IDL.Bool,
      'owner' : IDL.Principal,
    }),
    'void' : IDL.Record({ 'expiry_ns' : IDL.Nat64 }),
    'resolve_withdrawal' : IDL.Record({
      'id' : IDL.Nat64,
      'block' : IDL.Opt(IDL.Nat64),
    }),
    'resolve_deposit' : IDL.Record({
      'id' : IDL.Nat64,
      'block' : IDL.Opt(IDL.Nat64),
    }),
    'accept_price' : IDL.Record({
      'price_e8' : IDL.Nat64,
      'minute_ns' : IDL.Nat64,
    }),
  });
  const ProposalState = IDL.Variant({
    'expired' : IDL.Null,
    'open' : IDL.Null,
    'approved' : IDL.Record({ 'by' : IDL.Principal, 'at_ns' : IDL.Nat64 }),
    'withdrawn' : IDL.Null,
  });
  const Proposal = IDL.Record({
    'id' : IDL.Nat,
    'action' : Action,
    'approvable_ns' : IDL.Nat64,
    'state' : ProposalState,
    'proposed_by' : IDL.Principal,
    'proposed_ns' : IDL.Nat64,
  });
  const ErrorCode = IDL.Variant({
    'insufficient_balance' : IDL.Record({
      'available' : IDL.Nat,
      'required' : IDL.Nat,
    }),
    'invalid' : IDL.Record({ 'field' : IDL.Text }),
    'busy' : IDL.Null,
    'forbidden' : IDL.Record({ 'needs' : IDL.Text }),
    'no_price_yet' : IDL.Record({ 'minute_ns' : IDL.Nat64 }),
    'not_found' : IDL.Null,
    'not_due' : IDL.Record({ 'due_ns' : IDL.Nat64 }),
    'strike_off_grid' : IDL.Record({ 'grid_e8' : IDL.Nat }),
    'too_late' : IDL.Null,
    'already_final' : IDL.Null,
    'id_reused' : IDL.Null,
    'above_maximum' : IDL.Record({ 'maximum' : IDL.Nat }),
    'anonymous' : IDL.Null,
    'price_stale' : IDL.Null,
    'unknown_tenor' : IDL.Null,
    'ledger' : IDL.Record({ 'error' : IDL.Text }),
    'legacy' : IDL.Record({ 'error' : IDL.Text }),
    'treasury_cannot_cover' : IDL.Record({ 'available' : IDL.Nat }),
    'strike_out_of_range' : IDL.Null,
    'too_early' : IDL.Record({ 'from_ns' : IDL.Nat64 }),
    'entry_closed' : IDL.Record({ 'reason' : IDL.Text }),
    'needs_other_operator' : IDL.Null,
    'limit_reached' : IDL.Record({ 'limit' : IDL.Text, 'maximum' : IDL.Nat }),
    'below_minimum' : IDL.Record({ 'minimum' : IDL.Nat }),
  });
  const ErrorKind = IDL.Variant({
    'internal' : IDL.Null,
    'request' : IDL.Null,
    'temporary' : IDL.Null,
  });
  const Error = IDL.Record({
    'code' : IDL.Opt(ErrorCode),
    'kind' : ErrorKind,
    'retry_after_s' : IDL.Opt(IDL.Nat),
    'message' : IDL.Text,
  });
  const Account = IDL.Record({
    'owner' : IDL.Principal,
    'subaccount' : IDL.Opt(IDL.Vec(IDL.Nat8)),
  });
  const WithdrawalState = IDL.Variant({
    'paid' : IDL.Record({ 'block' : IDL.Nat }),
    'in_transit' : IDL.Null,
    'refunded' : IDL.Record({ 'error' : IDL.Text }),
    'needs_review' : IDL.Record({ 'error' : IDL.Text }),
    'awaiting_approval' : IDL.Null,
  });
  const Withdrawal = IDL.Record({
    'id' : IDL.Nat,
    'to' : Account,
    'request_id' : IDL.Text,
    'from_treasury' : IDL.Bool,
    'owner' : IDL.Principal,
    'created_ns' : IDL.Nat64,
    'state' : WithdrawalState,
    'amount_sats' : IDL.Nat,
    'fee_sats' : IDL.Nat,
  });
  const StrikeChoice = IDL.Variant({ 'at' : IDL.Nat64, 'offset' : IDL.Int64 });
  const Direction = IDL.Variant({ 'put' : IDL.Null, 'call' : IDL.Null });
  const Instrument = IDL.Variant({
    'capped' : IDL.Record({
      'direction' : Direction,
      'notional_sats' : IDL.Nat64,
      'cap_e8' : IDL.Nat64,
    }),
    'digital' : IDL.Record({
      'direction' : Direction,
      'payout_sats' : IDL.Nat64,
    }),
  });
  const CancelReason = IDL.Variant({
    'no_price' : IDL.Null,
    'by_trader' : IDL.Null,
    'entry_paused' : IDL.Null,
    'payout_above_reserve' : IDL.Null,
    'limit_reached' : IDL.Null,
    'premium_above_maximum' : IDL.Null,
  });
  const Outcome = IDL.Variant({
    'tie' : IDL.Null,
    'win' : IDL.Null,
    'loss' : IDL.Null,
  });
  const Receipt = IDL.Record({
    'price_minute_ns' : IDL.Nat64,
    'payout_sats' : IDL.Nat,
    'profit_sats' : IDL.Int,
    'price_e8' : IDL.Nat,
    'outcome' : Outcome,
    'premium_sats' : IDL.Nat,
    'settled_ns' : IDL.Nat64,
    'position_id' : IDL.Nat,
  });
  const Fill = IDL.Record({
    'strike_e8' : IDL.Nat,
    'spread_sats' : IDL.Nat,
    'fair_sats' : IDL.Nat,
    'sigma_ppm' : IDL.Nat,
    'filled_ns' : IDL.Nat64,
    'skew_sats' : IDL.Nat,
    'price_e8' : IDL.Nat,
    'premium_sats' : IDL.Nat,
  });
  const PositionState = IDL.Variant({
    'cancelled' : IDL.Record({
      'cancelled_ns' : IDL.Nat64,
      'reason' : IDL.Opt(CancelReason),
    }),
    'settled' : IDL.Record({ 'receipt' : Receipt, 'fill' : Fill }),
    'pending' : IDL.Null,
    'open' : Fill,
    'voided' : IDL.Record({ 'fill' : Fill, 'voided_ns' : IDL.Nat64 }),
  });
  const Position = IDL.Record({
    'id' : IDL.Nat,
    'tenor' : IDL.Text,
    'strike' : StrikeChoice,
    'expiry_ns' : IDL.Nat64,
    'placed_ns' : IDL.Nat64,
    'owner' : IDL.Principal,
    'instrument' : Instrument,
    'max_premium_sats' : IDL.Nat,
    'max_payout_sats' : IDL.Nat,
    'reserved_payout_sats' : IDL.Nat,
    'state' : PositionState,
    'fill_minute_ns' : IDL.Nat64,
    'client_order_id' : IDL.Text,
  });
  const Reserves = IDL.Record({
    'unattributed_sats' : IDL.Int,
    'migration_sats' : IDL.Nat,
    'treasury_reserved_sats' : IDL.Nat,
    'withdrawals_in_transit_sats' : IDL.Nat,
    'in_flight_sats' : IDL.Nat,
    'ledger_sats' : IDL.Nat,
    'accounts_sats' : IDL.Nat,
    'ledger_checked_ns' : IDL.Nat64,
    'treasury_available_sats' : IDL.Nat,
  });
  const DepositState = IDL.Variant({
    'in_transit' : IDL.Null,
    'needs_review' : IDL.Record({ 'error' : IDL.Text }),
    'credited' : IDL.Record({ 'block' : IDL.Nat }),
    'failed' : IDL.Record({ 'error' : IDL.Text }),
  });
  const DepositTarget = IDL.Variant({
    'account' : IDL.Null,
    'migration' : IDL.Null,
    'treasury' : IDL.Null,
  });
  const Deposit = IDL.Record({
    'id' : IDL.Nat,
    'request_id' : IDL.Text,
    'owner' : IDL.Principal,
    'created_ns' : IDL.Nat64,
    'from_subaccount' : IDL.Bool,
    'state' : DepositState,
    'target' : DepositTarget,
    'amount_sats' : IDL.Nat,
  });
  const FairRequest = IDL.Record({
    'strike_e8' : IDL.Nat64,
    'seconds' : IDL.Nat64,
    'sigma_ppm' : IDL.Nat64,
    'spot_e8' : IDL.Nat64,
    'cap_e8' : IDL.Nat64,
  });
  const FairValues = IDL.Record({
    'capped_put_e18' : IDL.Nat,
    'digital_call_e18' : IDL.Nat,
    'capped_call_e18' : IDL.Nat,
    'digital_put_e18' : IDL.Nat,
  });
  const AccountView = IDL.Record({
    'open_premium_sats' : IDL.Nat,
    'owner' : IDL.Principal,
    'reserved_sats' : IDL.Nat,
    'open_max_payout_sats' : IDL.Nat,
    'as_of_ns' : IDL.Nat64,
    'available_sats' : IDL.Nat,
    'withdrawing_sats' : IDL.Nat,
  });
  const Flags = IDL.Record({
    'admin' : IDL.Bool,
    'balances' : IDL.Bool,
    'settlement' : IDL.Bool,
  });
  const ImportReport = IDL.Record({
    'imported' : IDL.Nat,
    'skipped' : IDL.Nat,
    'migration_sats' : IDL.Nat,
    'seen' : IDL.Nat,
    'taken_sats' : IDL.Nat,
    'dust_e12' : IDL.Nat,
    'differing_sats' : IDL.Nat,
    'finished' : IDL.Bool,
    'imported_sats' : IDL.Nat,
    'differing' : IDL.Nat,
  });
  const Entry = IDL.Variant({
    'closed' : IDL.Record({ 'reason' : IDL.Text }),
    'open' : IDL.Null,
  });
  const Settings = IDL.Record({
    'premium_floor_ppm' : IDL.Nat64,
    'volatility_lambda_ppm' : IDL.Nat64,
    'max_total_payout_sats' : IDL.Nat64,
    'min_share_ppm' : IDL.Nat64,
    'spread_ppm' : IDL.Nat64,
    'max_dispersion_ppm' : IDL.Nat64,
    'max_jump_ppm' : IDL.Nat64,
    'min_premium_sats' : IDL.Nat64,
    'min_sources' : IDL.Nat64,
    'max_skew_ppm' : IDL.Nat64,
    'max_trader_payout_sats' : IDL.Nat64,
    'max_position_payout_sats' : IDL.Nat64,
    'min_deposit_sats' : IDL.Nat64,
    'min_withdrawal_sats' : IDL.Nat64,
    'min_payout_sats' : IDL.Nat64,
    'large_withdrawal_sats' : IDL.Nat64,
    'max_expiry_payout_sats' : IDL.Nat64,
    'min_spread_sats' : IDL.Nat64,
    'min_cycles' : IDL.Nat64,
    'alert_cycles' : IDL.Nat64,
  });
  const PriceEntry = IDL.Record({
    'recorded_ns' : IDL.Nat64,
    'sources' : IDL.Nat,
    'price_e8' : IDL.Nat,
    'minute_ns' : IDL.Nat64,
  });
  const TenorNow = IDL.Record({
    'tenor' : Tenor,
    'expiry_ns' : IDL.Nat64,
    'settles_at_mean' : IDL.Bool,
    'sigma_ppm' : IDL.Nat,
  });
  const Market = IDL.Record({
    'flags' : Flags,
    'now_ns' : IDL.Nat64,
    'entry' : Entry,
    'version' : IDL.Text,
    'settings' : Settings,
    'utilisation_ppm' : IDL.Nat,
    'price' : IDL.Opt(PriceEntry),
    'tenors' : IDL.Vec(TenorNow),
    'treasury_available_sats' : IDL.Nat,
  });
  const Page = IDL.Record({
    'after' : IDL.Opt(IDL.Nat64),
    'limit' : IDL.Nat64,
  });
  const MovementKind = IDL.Variant({
    'treasury_withdrawal' : IDL.Null,
    'void_refund' : IDL.Null,
    'legacy_import' : IDL.Null,
    'premium' : IDL.Null,
    'withdrawal_refund' : IDL.Null,
    'deposit' : IDL.Null,
    'withdrawal' : IDL.Null,
    'treasury_funding' : IDL.Null,
    'payout' : IDL.Null,
  });
  const Movement = IDL.Record({
    'id' : IDL.Nat,
    'at_ns' : IDL.Nat64,
    'kind' : IDL.Opt(MovementKind),
    'balance_after_sats' : IDL.Nat,
    'reference' : IDL.Opt(IDL.Nat),
    'amount_sats' : IDL.Int,
  });
  const Overview = IDL.Record({
    'money' : IDL.Record({
      'open_premium_sats' : IDL.Nat,
      'traders_reserved_sats' : IDL.Nat,
      'migration_sats' : IDL.Nat,
      'treasury_reserved_sats' : IDL.Nat,
      'withdrawals_sats' : IDL.Nat,
      'traders_available_sats' : IDL.Nat,
      'premiums_sats' : IDL.Nat,
      'treasury_available_sats' : IDL.Nat,
      'payouts_sats' : IDL.Nat,
      'deposits_sats' : IDL.Nat,
    }),
    'oracle' : IDL.Record({
      'last_error' : IDL.Text,
      'calls' : IDL.Nat,
      'newest_ns' : IDL.Nat64,
      'cycles' : IDL.Nat,
    }),
    'entry' : Entry,
    'version' : IDL.Text,
    'cycles' : IDL.Record({
      'alert' : IDL.Bool,
      'balance' : IDL.Nat,
      'burned_24h' : IDL.Nat,
    }),
    'as_of_ns' : IDL.Nat64,
    'users' : IDL.Nat,
    'utilisation_ppm' : IDL.Nat,
    'positions' : IDL.Record({
      'cancelled' : IDL.Nat,
      'settled' : IDL.Nat,
      'pending' : IDL.Nat,
      'open' : IDL.Nat,
      'ties' : IDL.Nat,
      'wins' : IDL.Nat,
      'voided' : IDL.Nat,
      'losses' : IDL.Nat,
      'due_unsettled' : IDL.Nat,
    }),
    'waiting' : IDL.Record({
      'set_aside' : IDL.Nat,
      'transfers_in_review' : IDL.Nat,
      'large_withdrawals' : IDL.Nat,
    }),
  });
  const AccessError = IDL.Record({
    'code' : IDL.Opt(
      IDL.Variant({
        'forbidden' : IDL.Record({ 'needs' : IDL.Text }),
        'anonymous' : IDL.Null,
      })
    ),
    'kind' : ErrorKind,
    'retry_after_s' : IDL.Opt(IDL.Nat),
    'message' : IDL.Text,
  });
  const PositionFilter = IDL.Variant({
    'all' : IDL.Null,
    'active' : IDL.Null,
    'finished' : IDL.Null,
  });
  const Version = IDL.Record({
    'installed_ns' : IDL.Nat64,
    'schema' : IDL.Nat,
    'version' : IDL.Text,
    'upgraded_ns' : IDL.Nat64,
  });
  const Role = IDL.Variant({
    'owner' : IDL.Null,
    'operator' : IDL.Null,
    'auditor' : IDL.Null,
  });
  const HttpRequest = IDL.Record({
    'url' : IDL.Text,
    'method' : IDL.Text,
    'body' : IDL.Vec(IDL.Nat8),
    'headers' : IDL.Vec(IDL.Tuple(IDL.Text, IDL.Text)),
  });
  const HttpResponse = IDL.Record({
    'body' : IDL.Vec(IDL.Nat8),
    'headers' : IDL.Vec(IDL.Tuple(IDL.Text, IDL.Text)),
    'status_code' : IDL.Nat16,
  });
  const ConsentMetadata = IDL.Record({
    'utc_offset_minutes' : IDL.Opt(IDL.Int16),
    'language' : IDL.Text,
  });
  const ConsentRequest = IDL.Record({
    'arg' : IDL.Vec(IDL.Nat8),
    'method' : IDL.Text,
    'user_preferences' : IDL.Record({
      'metadata' : ConsentMetadata,
      'device_spec' : IDL.Opt(
        IDL.Variant({ 'GenericDisplay' : IDL.Null, 'FieldsDisplay' : IDL.Null })
      ),
    }),
  });
  const ConsentValue = IDL.Variant({
    'Text' : IDL.Record({ 'content' : IDL.Text }),
    'TokenAmount' : IDL.Record({
      'decimals' : IDL.Nat8,
      'amount' : IDL.Nat64,
      'symbol' : IDL.Text,
    }),
    'TimestampSeconds' : IDL.Record({ 'amount' : IDL.Nat64 }),
    'DurationSeconds' : IDL.Record({ 'amount' : IDL.Nat64 }),
  });
  const ConsentMessage = IDL.Variant({
    'FieldsDisplayMessage' : IDL.Record({
      'fields' : IDL.Vec(IDL.Tuple(IDL.Text, ConsentValue)),
      'intent' : IDL.Text,
    }),
    'GenericDisplayMessage' : IDL.Text,
  });
  const ConsentProblem = IDL.Record({ 'description' : IDL.Text });
  const ConsentError = IDL.Variant({
    'GenericError' : IDL.Record({
      'description' : IDL.Text,
      'error_code' : IDL.Nat,
    }),
    'InsufficientPayment' : ConsentProblem,
    'UnsupportedCanisterCall' : ConsentProblem,
    'ConsentMessageUnavailable' : ConsentProblem,
  });
  const ConsentResponse = IDL.Variant({
    'Ok' : IDL.Record({
      'metadata' : ConsentMetadata,
      'consent_message' : ConsentMessage,
    }),
    'Err' : ConsentError,
  });
  const AuditEntry = IDL.Record({
    'id' : IDL.Nat,
    'who' : IDL.Principal,
    'action' : IDL.Text,
    'after' : IDL.Text,
    'at_ns' : IDL.Nat64,
    'hash' : IDL.Vec(IDL.Nat8),
    'before' : IDL.Text,
  });
  const ExpiryRow = IDL.Record({
    'expiry_ns' : IDL.Nat64,
    'open' : IDL.Nat,
    'set_aside' : IDL.Nat,
    'at_risk_sats' : IDL.Nat,
  });
  const ImportState = IDL.Variant({
    'taken' : IDL.Null,
    'imported' : IDL.Null,
    'skipped' : IDL.Record({ 'reason' : IDL.Text }),
    'taking' : IDL.Null,
    'differing' : IDL.Record({ 'reason' : IDL.Text }),
  });
  const ImportRow = IDL.Record({
    'at_ns' : IDL.Nat64,
    'owner' : IDL.Principal,
    'state' : ImportState,
    'amount_sats' : IDL.Nat,
  });
  const SetAside = IDL.Variant({
    'minute' : IDL.Record({
      'answers_e8' : IDL.Vec(IDL.Nat),
      'minute_ns' : IDL.Nat64,
      'reason' : IDL.Text,
    }),
    'position' : IDL.Record({ 'id' : IDL.Nat, 'reason' : IDL.Text }),
  });
  const UserRow = IDL.Record({
    'owner' : IDL.Principal,
    'created_ns' : IDL.Nat64,
    'reserved_sats' : IDL.Nat,
    'available_sats' : IDL.Nat,
    'volume_premium_sats' : IDL.Nat,
    'positions' : IDL.Nat,
    'payouts_sats' : IDL.Nat,
  });
  const OrderRequest = IDL.Record({
    'tenor' : IDL.Text,
    'strike' : StrikeChoice,
    'instrument' : Instrument,
    'max_premium_sats' : IDL.Nat64,
    'max_payout_sats' : IDL.Opt(IDL.Nat64),
    'client_order_id' : IDL.Text,
  });
  const OrderError = IDL.Record({
    'code' : IDL.Opt(
      IDL.Variant({
        'insufficient_balance' : IDL.Record({
          'available' : IDL.Nat,
          'required' : IDL.Nat,
        }),
        'invalid' : IDL.Record({ 'field' : IDL.Text }),
        'strike_off_grid' : IDL.Record({ 'grid_e8' : IDL.Nat }),
        'id_reused' : IDL.Null,
        'above_maximum' : IDL.Record({ 'maximum' : IDL.Nat }),
        'anonymous' : IDL.Null,
        'price_stale' : IDL.Null,
        'unknown_tenor' : IDL.Null,
        'treasury_cannot_cover' : IDL.Record({ 'available' : IDL.Nat }),
        'strike_out_of_range' : IDL.Null,
        'entry_closed' : IDL.Record({ 'reason' : IDL.Text }),
        'limit_reached' : IDL.Record({
          'limit' : IDL.Text,
          'maximum' : IDL.Nat,
        }),
        'below_minimum' : IDL.Record({ 'minimum' : IDL.Nat }),
      })
    ),
    'kind' : ErrorKind,
    'retry_after_s' : IDL.Opt(IDL.Nat),
    'message' : IDL.Text,
  });
  const QuoteRequest = IDL.Record({
    'tenor' : IDL.Text,
    'strike' : StrikeChoice,
    'instrument' : Instrument,
  });
  const Greeks = IDL.Record({
    'theta' : IDL.Int,
    'vega' : IDL.Int,
    'gamma' : IDL.Int,
    'delta' : IDL.Int,
  });
  const Quote = IDL.Record({
    'strike_e8' : IDL.Nat,
    'greeks' : Greeks,
    'price_minute_ns' : IDL.Nat64,
    'expiry_ns' : IDL.Nat64,
    'spread_sats' : IDL.Nat,
    'fair_sats' : IDL.Nat,
    'max_payout_sats' : IDL.Nat,
    'fill_minute_ns' : IDL.Nat64,
    'sigma_ppm' : IDL.Nat,
    'skew_sats' : IDL.Nat,
    'price_e8' : IDL.Nat,
    'premium_sats' : IDL.Nat,
  });
  const LegacyReceipt = IDL.Record({
    'price_minute_ns' : IDL.Nat64,
    'profit_cents' : IDL.Nat,
    'payout_cents' : IDL.Nat,
    'already_settled' : IDL.Bool,
    'price_e8' : IDL.Nat,
    'outcome' : Outcome,
    'settled_ns' : IDL.Nat64,
    'position_id' : IDL.Nat,
  });
  
  return IDL.Service({
    'approve' : IDL.Func(
        [IDL.Nat64],
        [IDL.Variant({ 'ok' : Proposal, 'err' : Error })],
        [],
      ),
    'approve_withdrawal' : IDL.Func(
        [IDL.Nat64],
        [IDL.Variant({ 'ok' : Withdrawal, 'err' : Error })],
        [],
      ),
    'cancel_order' : IDL.Func(
        [IDL.Nat64],
        [IDL.Variant({ 'ok' : Position, 'err' : Error })],
        [],
      ),
    'cancel_withdrawal' : IDL.Func(
        [IDL.Text],
        [IDL.Variant({ 'ok' : Withdrawal, 'err' : Error })],
        [],
      ),
    'check_reserves' : IDL.Func(
        [],
        [IDL.Variant({ 'ok' : Reserves, 'err' : Error })],
        [],
      ),
    'decline_withdrawal' : IDL.Func(
        [IDL.Nat64, IDL.Text],
        [IDL.Variant({ 'ok' : Withdrawal, 'err' : Error })],
        [],
      ),
    'deposit' : IDL.Func(
        [IDL.Record({ 'request_id' : IDL.Text, 'amount_sats' : IDL.Nat64 })],
        [IDL.Variant({ 'ok' : Deposit, 'err' : Error })],
        [],
      ),
    'fair_values' : IDL.Func(
        [IDL.Vec(FairRequest)],
        [IDL.Variant({ 'ok' : IDL.Vec(FairValues), 'err' : Error })],
        ['query'],
      ),
    'fund_migration' : IDL.Func(
        [IDL.Record({ 'request_id' : IDL.Text, 'amount_sats' : IDL.Nat64 })],
        [IDL.Variant({ 'ok' : Deposit, 'err' : Error })],
        [],
      ),
    'fund_treasury' : IDL.Func(
        [IDL.Record({ 'request_id' : IDL.Text, 'amount_sats' : IDL.Nat64 })],
        [IDL.Variant({ 'ok' : Deposit, 'err' : Error })],
        [],
      ),
    'get_account' : IDL.Func(
        [],
        [IDL.Variant({ 'ok' : AccountView, 'err' : Error })],
        ['query'],
      ),
    'get_deposit' : IDL.Func(
        [IDL.Text],
        [IDL.Variant({ 'ok' : Deposit, 'err' : Error })],
        ['query'],
      ),
    'get_deposit_account' : IDL.Func(
        [],
        [IDL.Variant({ 'ok' : Account, 'err' : Error })],
        ['query'],
      ),
    'get_flags' : IDL.Func([], [Flags], ['query']),
    'get_import_report' : IDL.Func(
        [],
        [IDL.Variant({ 'ok' : ImportReport, 'err' : Error })],
        ['query'],
      ),
    'get_market' : IDL.Func([], [Market], ['query']),
    'get_movements' : IDL.Func(
        [Page],
        [
          IDL.Variant({
            'ok' : IDL.Record({
              'next' : IDL.Opt(IDL.Nat),
              'rows' : IDL.Vec(Movement),
            }),
            'err' : Error,
          }),
        ],
        ['query'],
      ),
    'get_overview' : IDL.Func(
        [],
        [IDL.Variant({ 'ok' : Overview, 'err' : AccessError })],
        ['query'],
      ),
    'get_position' : IDL.Func(
        [IDL.Nat64],
        [IDL.Variant({ 'ok' : Position, 'err' : Error })],
        ['query'],
      ),
    'get_position_by_client_id' : IDL.Func(
        [IDL.Text],
        [IDL.Variant({ 'ok' : Position, 'err' : Error })],
        ['query'],
      ),
    'get_positions' : IDL.Func(
        [IDL.Record({ 'page' : Page, 'filter' : PositionFilter })],
        [
          IDL.Variant({
            'ok' : IDL.Record({
              'next' : IDL.Opt(IDL.Nat),
              'rows' : IDL.Vec(Position),
            }),
            'err' : Error,
          }),
        ],
        ['query'],
      ),
    'get_price' : IDL.Func([IDL.Nat64], [IDL.Opt(PriceEntry)], ['query']),
    'get_prices' : IDL.Func(
        [IDL.Record({ 'from_minute_ns' : IDL.Nat64, 'limit' : IDL.Nat64 })],
        [IDL.Vec(PriceEntry)],
        ['query'],
      ),
    'get_reserves' : IDL.Func(
        [],
        [IDL.Variant({ 'ok' : Reserves, 'err' : Error })],
        ['query'],
      ),
    'get_version' : IDL.Func([], [Version], ['query']),
    'get_withdrawal' : IDL.Func(
        [IDL.Text],
        [IDL.Variant({ 'ok' : Withdrawal, 'err' : Error })],
        ['query'],
      ),
    'get_withdrawals' : IDL.Func(
        [Page],
        [
          IDL.Variant({
            'ok' : IDL.Record({
              'next' : IDL.Opt(IDL.Nat),
              'rows' : IDL.Vec(Withdrawal),
            }),
            'err' : Error,
          }),
        ],
        ['query'],
      ),
    'grant_role' : IDL.Func(
        [IDL.Principal, Role],
        [IDL.Variant({ 'ok' : IDL.Null, 'err' : Error })],
        [],
      ),
    'http_request' : IDL.Func([HttpRequest], [HttpResponse], ['query']),
    'icrc10_supported_standards' : IDL.Func(
        [],
        [IDL.Vec(IDL.Record({ 'url' : IDL.Text, 'name' : IDL.Text }))],
        ['query'],
      ),
    'icrc21_canister_call_consent_message' : IDL.Func(
        [ConsentRequest],
        [ConsentResponse],
        [],
      ),
    'import_legacy' : IDL.Func(
        [IDL.Nat64],
        [IDL.Variant({ 'ok' : ImportReport, 'err' : Error })],
        [],
      ),
    'list_audit' : IDL.Func(
        [Page],
        [
          IDL.Variant({
            'ok' : IDL.Record({
              'next' : IDL.Opt(IDL.Nat),
              'rows' : IDL.Vec(AuditEntry),
            }),
            'err' : Error,
          }),
        ],
        ['query'],
      ),
    'list_awaiting_withdrawals' : IDL.Func(
        [Page],
        [
          IDL.Variant({
            'ok' : IDL.Record({
              'next' : IDL.Opt(IDL.Nat),
              'rows' : IDL.Vec(Withdrawal),
            }),
            'err' : Error,
          }),
        ],
        ['query'],
      ),
    'list_deposits' : IDL.Func(
        [Page],
        [
          IDL.Variant({
            'ok' : IDL.Record({
              'next' : IDL.Opt(IDL.Nat),
              'rows' : IDL.Vec(Deposit),
            }),
            'err' : Error,
          }),
        ],
        ['query'],
      ),
    'list_expiries' : IDL.Func(
        [],
        [IDL.Variant({ 'ok' : IDL.Vec(ExpiryRow), 'err' : Error })],
        ['query'],
      ),
    'list_imports' : IDL.Func(
        [Page],
        [
          IDL.Variant({
            'ok' : IDL.Record({
              'next' : IDL.Opt(IDL.Nat),
              'rows' : IDL.Vec(ImportRow),
            }),
            'err' : Error,
          }),
        ],
        ['query'],
      ),
    'list_positions' : IDL.Func(
        [IDL.Record({ 'page' : Page, 'filter' : PositionFilter })],
        [
          IDL.Variant({
            'ok' : IDL.Record({
              'next' : IDL.Opt(IDL.Nat),
              'rows' : IDL.Vec(Position),
            }),
            'err' : Error,
          }),
        ],
        ['query'],
      ),
    'list_positions_at' : IDL.Func(
        [IDL.Record({ 'expiry_ns' : IDL.Nat64, 'page' : Page })],
        [
          IDL.Variant({
            'ok' : IDL.Record({
              'next' : IDL.Opt(IDL.Nat),
              'rows' : IDL.Vec(Position),
            }),
            'err' : Error,
          }),
        ],
        ['query'],
      ),
    'list_proposals' : IDL.Func(
        [Page],
        [
          IDL.Variant({
            'ok' : IDL.Record({
              'next' : IDL.Opt(IDL.Nat),
              'rows' : IDL.Vec(Proposal),
            }),
            'err' : Error,
          }),
        ],
        ['query'],
      ),
    'list_roles' : IDL.Func(
        [],
        [
          IDL.Variant({
            'ok' : IDL.Vec(IDL.Tuple(IDL.Principal, Role)),
            'err' : Error,
          }),
        ],
        ['query'],
      ),
    'list_set_aside' : IDL.Func(
        [],
        [IDL.Variant({ 'ok' : IDL.Vec(SetAside), 'err' : Error })],
        ['query'],
      ),
    'list_users' : IDL.Func(
        [Page],
        [
          IDL.Variant({
            'ok' : IDL.Record({
              'next' : IDL.Opt(IDL.Nat),
              'rows' : IDL.Vec(UserRow),
            }),
            'err' : Error,
          }),
        ],
        ['query'],
      ),
    'list_withdrawals' : IDL.Func(
        [Page],
        [
          IDL.Variant({
            'ok' : IDL.Record({
              'next' : IDL.Opt(IDL.Nat),
              'rows' : IDL.Vec(Withdrawal),
            }),
            'err' : Error,
          }),
        ],
        ['query'],
      ),
    'my_roles' : IDL.Func([], [IDL.Vec(Role)], ['query']),
    'notify_deposit' : IDL.Func(
        [],
        [IDL.Variant({ 'ok' : Deposit, 'err' : Error })],
        [],
      ),
    'pause_entry' : IDL.Func(
        [IDL.Text],
        [IDL.Variant({ 'ok' : IDL.Null, 'err' : Error })],
        [],
      ),
    'place_order' : IDL.Func(
        [OrderRequest],
        [IDL.Variant({ 'ok' : Position, 'err' : OrderError })],
        [],
      ),
    'propose' : IDL.Func(
        [Action],
        [IDL.Variant({ 'ok' : Proposal, 'err' : Error })],
        [],
      ),
    'quote' : IDL.Func(
        [QuoteRequest],
        [IDL.Variant({ 'ok' : Quote, 'err' : OrderError })],
        ['query'],
      ),
    'report_legacy_mismatch' : IDL.Func(
        [
          IDL.Record({
            'expected' : IDL.Text,
            'received' : IDL.Text,
            'position_id' : IDL.Nat64,
          }),
        ],
        [IDL.Variant({ 'ok' : IDL.Null, 'err' : Error })],
        [],
      ),
    'report_mismatch' : IDL.Func(
        [
          IDL.Record({
            'expected' : IDL.Text,
            'received' : IDL.Text,
            'position_id' : IDL.Nat64,
          }),
        ],
        [IDL.Variant({ 'ok' : IDL.Null, 'err' : Error })],
        [],
      ),
    'restart_timers' : IDL.Func(
        [],
        [IDL.Variant({ 'ok' : IDL.Null, 'err' : Error })],
        [],
      ),
    'resume_entry' : IDL.Func(
        [],
        [IDL.Variant({ 'ok' : IDL.Null, 'err' : Error })],
        [],
      ),
    'revoke_role' : IDL.Func(
        [IDL.Principal, Role],
        [IDL.Variant({ 'ok' : IDL.Null, 'err' : Error })],
        [],
      ),
    'set_flags' : IDL.Func(
        [Flags],
        [IDL.Variant({ 'ok' : Flags, 'err' : Error })],
        [],
      ),
    'set_settings' : IDL.Func(
        [Settings],
        [IDL.Variant({ 'ok' : Settings, 'err' : Error })],
        [],
      ),
    'set_tenor' : IDL.Func(
        [Tenor],
        [IDL.Variant({ 'ok' : Tenor, 'err' : Error })],
        [],
      ),
    'settle' : IDL.Func(
        [IDL.Nat64],
        [IDL.Variant({ 'ok' : Receipt, 'err' : Error })],
        [],
      ),
    'settle_legacy' : IDL.Func(
        [IDL.Nat64],
        [IDL.Variant({ 'ok' : LegacyReceipt, 'err' : Error })],
        [],
      ),
    'withdraw' : IDL.Func(
        [
          IDL.Record({
            'to' : Account,
            'request_id' : IDL.Text,
            'amount_sats' : IDL.Nat64,
          }),
        ],
        [IDL.Variant({ 'ok' : Withdrawal, 'err' : Error })],
        [],
      ),
    'withdraw_migration' : IDL.Func(
        [
          IDL.Record({
            'to' : Account,
            'request_id' : IDL.Text,
            'amount_sats' : IDL.Nat64,
          }),
        ],
        [IDL.Variant({ 'ok' : Withdrawal, 'err' : Error })],
        [],
      ),
    'withdraw_proposal' : IDL.Func(
        [IDL.Nat64],
        [IDL.Variant({ 'ok' : Proposal, 'err' : Error })],
        [],
      ),
    'withdraw_treasury' : IDL.Func(
        [
          IDL.Record({
            'to' : Account,
            'request_id' : IDL.Text,
            'amount_sats' : IDL.Nat64,
          }),
        ],
        [IDL.Variant({ 'ok' : Withdrawal, 'err' : Error })],
        [],
      ),
  });
};

export const init = ({ IDL }) => {
  const Volatility = IDL.Variant({
    'fixed' : IDL.Record({ 'sigma_ppm' : IDL.Nat64 }),
    'measured' : IDL.Record({
      'scale_ppm' : IDL.Nat64,
      'floor_ppm' : IDL.Nat64,
      'ceiling_ppm' : IDL.Nat64,
    }),
  });
  const Schedule = IDL.Variant({
    'minutes' : IDL.Nat64,
    'daily' : IDL.Null,
    'weekly' : IDL.Null,
  });
  const Tenor = IDL.Record({
    'strike_grid_e8' : IDL.Nat64,
    'volatility' : Volatility,
    'name' : IDL.Text,
    'band_ppm' : IDL.Nat64,
    'enabled' : IDL.Bool,
    'schedule' : Schedule,
  });
  
  return [
    IDL.Record({
      'ledger' : IDL.Principal,
      'legacy' : IDL.Opt(IDL.Principal),
      'tenors' : IDL.Vec(Tenor),
      'exchange_rate' : IDL.Principal,
    }),
  ];
};