import { IDL } from '@dfinity/candid';
import type { LocalIc } from 'local-ic';
import { installProbe } from './probe.ts';

const digital = IDL.Record({ spot_e8: IDL.Nat, strike_e8: IDL.Nat, sigma_ppm: IDL.Nat, seconds: IDL.Nat });
const shares = IDL.Record({ call: IDL.Nat, put: IDL.Nat, instructions: IDL.Nat64 });
const premium = IDL.Record({ fair: IDL.Nat, spread: IDL.Nat, skew: IDL.Nat, premium: IDL.Nat });
export const settingsFields = [
  'spread_ppm',
  'min_spread_sats',
  'max_skew_ppm',
  'min_premium_sats',
  'premium_floor_ppm',
  'min_share_ppm',
  'min_payout_sats',
  'max_position_payout_sats',
  'max_trader_payout_sats',
  'max_expiry_payout_sats',
  'max_total_payout_sats',
  'min_deposit_sats',
  'min_withdrawal_sats',
  'min_sources',
  'max_dispersion_ppm',
  'max_jump_ppm',
  'min_cycles'
];
const settingsType = IDL.Record(Object.fromEntries(settingsFields.map((name) => [name, IDL.Nat])));

interface Digital {
  spot_e8: bigint;
  strike_e8: bigint;
  sigma_ppm: bigint;
  seconds: bigint;
}
/** The options canister's pricing alone (tests/canisters/motoko/PricingProbe.mo). */
export interface PricingProbe {
  digital_shares(digitals: Digital[]): Promise<{ call: bigint; put: bigint; instructions: bigint }[]>;
  premium(
    fair: bigint,
    payout: bigint,
    settings: Record<string, bigint>,
    utilisationPpm: bigint
  ): Promise<{ fair: bigint; spread: bigint; skew: bigint; premium: bigint }>;
  is_too_far(fair: bigint, payout: bigint, settings: Record<string, bigint>): Promise<boolean>;
  default_settings(): Promise<Record<string, bigint>>;
  utilisation_ppm(openReserve: bigint, reserve: bigint, total: bigint): Promise<bigint>;
  normal(xs: bigint[]): Promise<bigint[]>;
  ln_ratio(a: bigint, b: bigint): Promise<bigint>;
  square_root(n: bigint): Promise<bigint>;
}
const idlFactory: IDL.InterfaceFactory = () =>
  IDL.Service({
    digital_shares: IDL.Func([IDL.Vec(digital)], [IDL.Vec(shares)], ['query']),
    premium: IDL.Func([IDL.Nat, IDL.Nat, settingsType, IDL.Nat], [premium], ['query']),
    is_too_far: IDL.Func([IDL.Nat, IDL.Nat, settingsType], [IDL.Bool], ['query']),
    default_settings: IDL.Func([], [settingsType], ['query']),
    utilisation_ppm: IDL.Func([IDL.Nat, IDL.Nat, IDL.Nat], [IDL.Nat], ['query']),
    normal: IDL.Func([IDL.Vec(IDL.Int)], [IDL.Vec(IDL.Nat)], ['query']),
    ln_ratio: IDL.Func([IDL.Nat, IDL.Nat], [IDL.Int], ['query']),
    square_root: IDL.Func([IDL.Nat], [IDL.Nat], ['query'])
  });

export async function installPricingProbe(ic: LocalIc): Promise<PricingProbe> {
  return ic.actor<PricingProbe>(idlFactory, await installProbe(ic, 'PricingProbe'));
}
