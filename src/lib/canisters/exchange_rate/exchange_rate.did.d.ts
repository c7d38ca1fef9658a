// Made from exchange_rate.did by `npm run bindings`. Change the interface, not this file.

import type { ActorMethod } from '@dfinity/agent';
import type { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';

export interface Asset { 'class' : AssetClass, 'symbol' : string }
export type AssetClass = { 'Cryptocurrency' : null } |
  { 'FiatCurrency' : null };
export interface ExchangeRate {
  'metadata' : Metadata,
  'rate' : bigint,
  'timestamp' : bigint,
  'quote_asset' : Asset,
  'base_asset' : Asset,
}
export type ExchangeRateError = { 'AnonymousPrincipalNotAllowed' : null } |
  { 'CryptoQuoteAssetNotFound' : null } |
  { 'FailedToAcceptCycles' : null } |
  { 'ForexBaseAssetNotFound' : null } |
  { 'CryptoBaseAssetNotFound' : null } |
  { 'StablecoinRateTooFewRates' : null } |
  { 'ForexAssetsNotFound' : null } |
  { 'InconsistentRatesReceived' : null } |
  { 'RateLimited' : null } |
  { 'StablecoinRateZeroRate' : null } |
  { 'Other' : { 'code' : number, 'description' : string } } |
  { 'ForexInvalidTimestamp' : null } |
  { 'NotEnoughCycles' : null } |
  { 'ForexQuoteAssetNotFound' : null } |
  { 'StablecoinRateNotFound' : null } |
  { 'Pending' : null };
export interface ExchangeRateReplay {
  'get_exchange_rate' : ActorMethod<[Request], Result>,
  'recording' : ActorMethod<[], RecordingInfo>,
  'set_fault' : ActorMethod<[[] | [ExchangeRateError]], undefined>,
  'set_quality' : ActorMethod<[[] | [Quality]], undefined>,
  'set_rate' : ActorMethod<[bigint, [] | [bigint]], undefined>,
}
export interface InitArgs {
  'source' : string,
  'first_recorded_ns' : bigint,
  'anchor_minute_ns' : bigint,
  'closes_cents' : Uint32Array,
  'require_cycles' : [] | [boolean],
  'sources' : [] | [bigint],
}
export interface Metadata {
  'decimals' : number,
  'forex_timestamp' : [] | [bigint],
  'quote_asset_num_received_rates' : bigint,
  'base_asset_num_received_rates' : bigint,
  'base_asset_num_queried_sources' : bigint,
  'standard_deviation' : bigint,
  'quote_asset_num_queried_sources' : bigint,
}
export interface Quality { 'sources' : bigint, 'standard_deviation' : bigint }
export interface RecordingInfo {
  'source' : string,
  'first_recorded_ns' : bigint,
  'minutes' : bigint,
  'anchor_minute_ns' : bigint,
}
export interface Request {
  'timestamp' : [] | [bigint],
  'quote_asset' : Asset,
  'base_asset' : Asset,
}
export type Result = { 'Ok' : ExchangeRate } |
  { 'Err' : ExchangeRateError };
export interface _SERVICE extends ExchangeRateReplay {}
export declare const idlFactory: IDL.InterfaceFactory;
export declare const init: (args: { IDL: typeof IDL }) => IDL.Type[];