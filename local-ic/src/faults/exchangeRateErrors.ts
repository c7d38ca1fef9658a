import { IDL } from '@dfinity/candid';
import type { CanisterFaultRule } from './canisterRules.ts';

/** As the exchange rate canister declares them (its public Candid interface). */
export const EXCHANGE_RATE_VARIANTS = [
  'AnonymousPrincipalNotAllowed',
  'Pending',
  'CryptoBaseAssetNotFound',
  'CryptoQuoteAssetNotFound',
  'StablecoinRateNotFound',
  'StablecoinRateTooFewRates',
  'StablecoinRateZeroRate',
  'ForexInvalidTimestamp',
  'ForexBaseAssetNotFound',
  'ForexQuoteAssetNotFound',
  'ForexAssetsNotFound',
  'RateLimited',
  'NotEnoughCycles',
  'FailedToAcceptCycles',
  'InconsistentRatesReceived',
  'Other'
] as const;

export type ExchangeRateVariant = (typeof EXCHANGE_RATE_VARIANTS)[number];

const METHOD = 'get_exchange_rate';

const Asset = IDL.Record({ symbol: IDL.Text, class: IDL.Variant({ Cryptocurrency: IDL.Null, FiatCurrency: IDL.Null }) });
const Metadata = IDL.Record({
  decimals: IDL.Nat32,
  base_asset_num_received_rates: IDL.Nat64,
  base_asset_num_queried_sources: IDL.Nat64,
  quote_asset_num_received_rates: IDL.Nat64,
  quote_asset_num_queried_sources: IDL.Nat64,
  standard_deviation: IDL.Nat64,
  forex_timestamp: IDL.Opt(IDL.Nat64)
});
const ExchangeRate = IDL.Record({ base_asset: Asset, quote_asset: Asset, timestamp: IDL.Nat64, rate: IDL.Nat64, metadata: Metadata });
const Other = IDL.Record({ code: IDL.Nat32, description: IDL.Text });
const ExchangeRateError = IDL.Variant(
  Object.fromEntries(EXCHANGE_RATE_VARIANTS.map((name) => [name, name === 'Other' ? Other : IDL.Null]))
);
const Result = IDL.Variant({ Ok: ExchangeRate, Err: ExchangeRateError });

/**
 * A rule: the exchange rate canister answers get_exchange_rate with an error and takes no cycles.
 * @param other what the error `Other` carries
 * @example ic.faults.add({ ...exchangeRateError('RateLimited'), match: { canisterId: oracle } })
 */
export function exchangeRateError(
  variant: ExchangeRateVariant,
  other: { code?: number; description?: string } = {}
): Extract<CanisterFaultRule, { kind: 'exchange-rate-error' }> {
  return { kind: 'exchange-rate-error', variant, ...other };
}

export function isExchangeRateMethod(method: string): boolean {
  return method === METHOD;
}

/** The Candid answer of get_exchange_rate. */
export function encodeExchangeRateError(
  variant: ExchangeRateVariant,
  { code = 0, description = 'The exchange rate canister was told to fail.' }: { code?: number; description?: string }
): Uint8Array {
  return new Uint8Array(IDL.encode([Result], [{ Err: { [variant]: variant === 'Other' ? { code, description } : null } }]));
}
