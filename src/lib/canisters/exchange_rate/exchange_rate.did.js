// Made from exchange_rate.did by `npm run bindings`. Change the interface, not this file.

export const idlFactory = ({ IDL }) => {
  const InitArgs = IDL.Record({
    'source' : IDL.Text,
    'first_recorded_ns' : IDL.Nat64,
    'anchor_minute_ns' : IDL.Nat64,
    'closes_cents' : IDL.Vec(IDL.Nat32),
    'require_cycles' : IDL.Opt(IDL.Bool),
    'sources' : IDL.Opt(IDL.Nat64),
  });
  const AssetClass = IDL.Variant({
    'Cryptocurrency' : IDL.Null,
    'FiatCurrency' : IDL.Null,
  });
  const Asset = IDL.Record({ 'class' : AssetClass, 'symbol' : IDL.Text });
  const Request = IDL.Record({
    'timestamp' : IDL.Opt(IDL.Nat64),
    'quote_asset' : Asset,
    'base_asset' : Asset,
  });
  const Metadata = IDL.Record({
    'decimals' : IDL.Nat32,
    'forex_timestamp' : IDL.Opt(IDL.Nat64),
    'quote_asset_num_received_rates' : IDL.Nat64,
    'base_asset_num_received_rates' : IDL.Nat64,
    'base_asset_num_queried_sources' : IDL.Nat64,
    'standard_deviation' : IDL.Nat64,
    'quote_asset_num_queried_sources' : IDL.Nat64,
  });
  const ExchangeRate = IDL.Record({
    'metadata' : Metadata,
    'rate' : IDL.Nat64,
    'timestamp' : IDL.Nat64,
    'quote_asset' : Asset,
    'base_asset' : Asset,
  });
  const ExchangeRateError = IDL.Variant({
    'AnonymousPrincipalNotAllowed' : IDL.Null,
    'CryptoQuoteAssetNotFound' : IDL.Null,
    'FailedToAcceptCycles' : IDL.Null,
    'ForexBaseAssetNotFound' : IDL.Null,
    'CryptoBaseAssetNotFound' : IDL.Null,
    'StablecoinRateTooFewRates' : IDL.Null,
    'ForexAssetsNotFound' : IDL.Null,
    'InconsistentRatesReceived' : IDL.Null,
    'RateLimited' : IDL.Null,
    'StablecoinRateZeroRate' : IDL.Null,
    'Other' : IDL.Record({ 'code' : IDL.Nat32, 'description' : IDL.Text }),
    'ForexInvalidTimestamp' : IDL.Null,
    'NotEnoughCycles' : IDL.Null,
    'ForexQuoteAssetNotFound' : IDL.Null,
    'StablecoinRateNotFound' : IDL.Null,
    'Pending' : IDL.Null,
  });
  const Result = IDL.Variant({
    'Ok' : ExchangeRate,
    'Err' : ExchangeRateError,
  });
  const RecordingInfo = IDL.Record({
    'source' : IDL.Text,
    'first_recorded_ns' : IDL.Nat64,
    'minutes' : IDL.Nat,
    'anchor_minute_ns' : IDL.Nat64,
  });
  const Quality = IDL.Record({
    'sources' : IDL.Nat64,
    'standard_deviation' : IDL.Nat64,
  });
  const ExchangeRateReplay = IDL.Service({
    'get_exchange_rate' : IDL.Func([Request], [Result], []),
    'recording' : IDL.Func([], [RecordingInfo], ['query']),
    'set_fault' : IDL.Func([IDL.Opt(ExchangeRateError)], [], []),
    'set_quality' : IDL.Func([IDL.Opt(Quality)], [], []),
    'set_rate' : IDL.Func([IDL.Nat64, IDL.Opt(IDL.Nat64)], [], []),
  });
  
  return ExchangeRateReplay;
};

export const init = ({ IDL }) => {
  const InitArgs = IDL.Record({
    'source' : IDL.Text,
    'first_recorded_ns' : IDL.Nat64,
    'anchor_minute_ns' : IDL.Nat64,
    'closes_cents' : IDL.Vec(IDL.Nat32),
    'require_cycles' : IDL.Opt(IDL.Bool),
    'sources' : IDL.Opt(IDL.Nat64),
  });
  
  return [InitArgs];
};