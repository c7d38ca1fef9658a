import { IDL } from '@dfinity/candid';
import type { LocalIc } from 'local-ic';
import { installProbe } from './probe.ts';

const word = IDL.Nat64;
const option = IDL.Record({ spot_e8: word, strike_e8: word, cap_e8: word, sigma_ppm: word, seconds: word });
const four = (type: IDL.Type) => IDL.Record({ digital_call: type, digital_put: type, capped_call: type, capped_put: type });
const greeks = IDL.Record({ delta: IDL.Int64, gamma: IDL.Int64, vega: IDL.Int64, theta: IDL.Int64 });
const direction = IDL.Variant({ call: IDL.Null, put: IDL.Null });
const fair = IDL.Record({ option, direction, sats: word });
const parameters = IDL.Record({
  spread_ppm: word,
  min_spread_sats: word,
  max_skew_ppm: word,
  min_premium_sats: word,
  premium_floor_ppm: word,
  min_share_ppm: word
});
const premium = IDL.Record({ fair: word, spread: word, skew: word, premium: word });
const worth = IDL.Record({ fair: word, dearest: word });
const premiumRequest = IDL.Record({ fair, band_ppm: word, parameters, utilisation_ppm: word });
const use = IDL.Record({ scale_ppm: word, floor_sigma_ppm: word, ceiling_sigma_ppm: word });
const estimate = IDL.Record({ lambda_ppm: word, seed_ppm: word, prices: IDL.Vec(IDL.Tuple(word, word)), use });

const settingsFields = ['spread_ppm', 'min_spread_sats', 'max_skew_ppm', 'min_premium_sats', 'premium_floor_ppm', 'min_share_ppm'] as const;
const settingsType = IDL.Record(Object.fromEntries(settingsFields.map((name) => [name, word])));

/** A digital when the cap is 0. */
export interface ProbeOption {
  spot_e8: bigint;
  strike_e8: bigint;
  cap_e8: bigint;
  sigma_ppm: bigint;
  seconds: bigint;
}
interface Four<T> {
  digital_call: T;
  digital_put: T;
  capped_call: T;
  capped_put: T;
}
type Direction = { call: null } | { put: null };
/** Sats: the payout of a digital, the notional of a capped option. */
export interface FairRequest {
  option: ProbeOption;
  direction: Direction;
  sats: bigint;
}
type Parameters = Record<(typeof settingsFields)[number], bigint>;
interface Premium {
  fair: bigint;
  spread: bigint;
  skew: bigint;
  premium: bigint;
}
interface EstimateRequest {
  lambda_ppm: bigint;
  seed_ppm: bigint;
  /** Minute and price, USD x 10^8. */
  prices: [bigint, bigint][];
  use: { scale_ppm: bigint; floor_sigma_ppm: bigint; ceiling_sigma_ppm: bigint };
}

/** The options canister's pricing alone (tests/canisters/motoko/PricingProbe.mo). */
export interface PricingProbe {
  shares(options: ProbeOption[]): Promise<Four<bigint>[]>;
  greeks(options: ProbeOption[]): Promise<Four<Record<'delta' | 'gamma' | 'vega' | 'theta', bigint>>[]>;
  costs(option: ProbeOption): Promise<[string, bigint][]>;
  fair_sats(requests: FairRequest[]): Promise<bigint[]>;
  premiums(
    requests: { fair: FairRequest; band_ppm: bigint; parameters: Parameters; utilisation_ppm: bigint }[]
  ): Promise<[Premium, boolean][]>;
  premium(worth: { fair: bigint; dearest: bigint }, most: bigint, parameters: Parameters, utilisationPpm: bigint): Promise<Premium>;
  is_too_far(fair: bigint, most: bigint, parameters: Parameters): Promise<boolean>;
  utilisation_ppm(openReserve: bigint, reserve: bigint, total: bigint): Promise<bigint>;
  max_payouts(requests: FairRequest[]): Promise<bigint[]>;
  payouts(requests: [FairRequest, bigint][]): Promise<bigint[]>;
  estimate(request: EstimateRequest): Promise<[bigint, bigint][]>;
  default_volatility(minutes: bigint): Promise<Omit<EstimateRequest, 'prices'> & { band_ppm: bigint }>;
  default_settings(): Promise<Parameters>;
  normal(xs: bigint[]): Promise<[bigint, bigint][]>;
  mul_div(rows: [bigint, bigint, bigint][]): Promise<bigint[]>;
  square_root(ns: bigint[]): Promise<bigint[]>;
}
type Types = [IDL.Type, ...IDL.Type[]] | [];
const query = (args: Types, results: Types) => IDL.Func(args, results, ['query']);
const idlFactory: IDL.InterfaceFactory = () =>
  IDL.Service({
    shares: query([IDL.Vec(option)], [IDL.Vec(four(word))]),
    greeks: query([IDL.Vec(option)], [IDL.Vec(four(greeks))]),
    costs: query([option], [IDL.Vec(IDL.Tuple(IDL.Text, word))]),
    fair_sats: query([IDL.Vec(fair)], [IDL.Vec(word)]),
    premiums: query([IDL.Vec(premiumRequest)], [IDL.Vec(IDL.Tuple(premium, IDL.Bool))]),
    premium: query([worth, word, parameters, word], [premium]),
    is_too_far: query([word, word, parameters], [IDL.Bool]),
    utilisation_ppm: query([word, word, word], [word]),
    max_payouts: query([IDL.Vec(fair)], [IDL.Vec(word)]),
    payouts: query([IDL.Vec(IDL.Tuple(fair, word))], [IDL.Vec(word)]),
    estimate: query([estimate], [IDL.Vec(IDL.Tuple(word, word))]),
    default_volatility: query([word], [IDL.Record({ lambda_ppm: word, seed_ppm: word, use, band_ppm: word })]),
    default_settings: query([], [settingsType]),
    normal: query([IDL.Vec(word)], [IDL.Vec(IDL.Tuple(word, word))]),
    mul_div: query([IDL.Vec(IDL.Tuple(word, word, word))], [IDL.Vec(word)]),
    square_root: query([IDL.Vec(word)], [IDL.Vec(word)])
  });

export async function installPricingProbe(ic: LocalIc): Promise<PricingProbe> {
  return ic.actor<PricingProbe>(idlFactory, await installProbe(ic, 'PricingProbe'));
}
