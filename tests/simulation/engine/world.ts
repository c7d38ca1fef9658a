// The exchange under test with its surroundings, prepared once; every history runs on a fork of it.
import { join } from 'node:path';
import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { compileMotoko, type LocalIc, type NetworkSnapshot } from 'local-ic';
import * as exchangeRateBindings from '../../../src/lib/canisters/exchange_rate/exchange_rate.did.js';
import type { _SERVICE as ExchangeRate } from '../../../src/lib/canisters/exchange_rate/exchange_rate.did.js';
import * as ledgerBindings from '../../../src/lib/canisters/ledger/ledger.did.js';
import type { _SERVICE as Ledger } from '../../../src/lib/canisters/ledger/ledger.did.js';
import * as optionsBindings from '../../../src/lib/canisters/options/options.did.js';
import type { _SERVICE as Options, Tenor } from '../../../src/lib/canisters/options/options.did.js';
import { installExchangeRate, installLedger, minuteNs, person, secondNs, startNs, stillNetwork } from '../../canisters/support/standins.ts';

const root = join(import.meta.dirname, '../../..');
const cacheDir = join(root, '.cache/motoko');

export const people = { alice: person('alice'), bob: person('bob'), operator: person('operator'), owner: person('owner') };
export type Person = keyof typeof people;
export const traders: Person[] = ['alice', 'bob'];
export const minter = person('minter');
export const ledgerFee = 10n;

const fixed = (sigma: bigint): Tenor['volatility'] => ({ fixed: { sigma_ppm: sigma } });
const measured: Tenor['volatility'] = { measured: { scale_ppm: 1_200_000n, floor_ppm: 200_000n, ceiling_ppm: 2_000_000n } };
const tenor = (name: string, schedule: Tenor['schedule'], volatility: Tenor['volatility'], band: bigint): Tenor => ({
  name,
  schedule,
  volatility,
  band_ppm: band,
  strike_grid_e8: 500_000_000n,
  enabled: true
});
/** Every schedule, both kinds of volatility, with and without a band, both ways to settle. */
const tenors: Tenor[] = [
  tenor('1m', { minutes: 1n }, measured, 0n),
  tenor('5m', { minutes: 5n }, fixed(600_000n), 250_000n),
  tenor('4h', { minutes: 240n }, measured, 100_000n),
  tenor('daily', { daily: null }, fixed(800_000n), 0n),
  tenor('weekly', { weekly: null }, measured, 0n)
];

/** Minutes of the recording: three weeks, so that a weekly option can be waited for. */
const minutes = 21 * 1_440;
const anchor = startNs - 60n * minuteNs;

/** Cents of every minute: a walk around 28,000 USD that is the same in every run, up to twenty dollars a step. */
const recording = ((): Uint32Array => {
  const cents = new Uint32Array(minutes);
  let state = 20_261_102;
  let price = 2_800_000;
  for (let index = 0; index < minutes; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    price += (state >>> 20) - 2_048 + Math.round((2_800_000 - price) / 200);
    cents[index] = price;
  }
  return cents;
})();

/** USD x 10^8 of a minute, as it was recorded. */
export const recordedPrice = (at: bigint): bigint => BigInt(recording[Number((at - anchor) / minuteNs)] ?? 0) * 1_000_000n;

export interface Module {
  wasm: Uint8Array;
}

/** The module of the options canister, from the sources in `canisters`; from the cache when it was compiled before. */
export const optionsModule = (canisters = join(root, 'canisters')): Promise<Module> =>
  compileMotoko({ entry: join(canisters, 'options/main.mo'), cacheDir });

/** One network with the exchange on it. */
export interface World {
  readonly ic: LocalIc;
  readonly id: Principal;
  readonly ledgerId: Principal;
  readonly oracleId: Principal;
  options(who?: Principal): Options;
  ledger(who?: Principal): Ledger;
  oracle(): ExchangeRate;
  upgrade(): Promise<void>;
}

export interface Stage {
  fork(): Promise<World>;
  close(): Promise<void>;
}

/** An actor costs more than most calls: one for each caller. */
function remembered<T>(make: (who?: Principal) => T): (who?: Principal) => T {
  const made = new Map<string, T>();
  return (who) => {
    const key = who?.toText() ?? '';
    const actor = made.get(key) ?? make(who);
    made.set(key, actor);
    return actor;
  };
}

/** Installs, funds and gets everything going; then forks as often as one likes. */
export async function prepare({ wasm }: Module): Promise<Stage> {
  const ic = await stillNetwork();
  const pocket = (owner: Principal, amount: bigint) => ({ to: { owner, subaccount: [] as [] }, amount });
  const { alice, bob, operator, owner } = people;
  const ledger = await installLedger(ic, {
    minter,
    initial_mints: [pocket(operator, 100_000_000n), pocket(owner, 1_000_000n), pocket(alice, 10_000_000n), pocket(bob, 10_000_000n)]
  });
  const oracle = await installExchangeRate(ic, {
    anchor_minute_ns: anchor,
    first_recorded_ns: anchor,
    closes_cents: recording,
    source: 'a walk for the simulation',
    sources: [],
    require_cycles: []
  });
  const id = await ic.createCanister();
  const init = { ledger: ledger.id, exchange_rate: oracle.id, legacy: [], tenors };
  const arg = new Uint8Array(IDL.encode(optionsBindings.init({ IDL }), [init]));
  await ic.installCode({ canisterId: id, wasm, arg, mode: 'install' });
  const worldOn = (network: LocalIc): World => {
    const exchangeRate = network.actor<ExchangeRate>(exchangeRateBindings.idlFactory, oracle.id);
    return {
      ic: network,
      id,
      ledgerId: ledger.id,
      oracleId: oracle.id,
      options: remembered((who) => network.actor<Options>(optionsBindings.idlFactory, id, who)),
      ledger: remembered((who) => network.actor<Ledger>(ledgerBindings.idlFactory, ledger.id, who)),
      oracle: () => exchangeRate,
      upgrade: () => network.installCode({ canisterId: id, wasm, arg, mode: 'upgrade', keepMemory: true })
    };
  };
  const world = worldOn(ic);
  const must = (answer: object): void => {
    if ('err' in answer) throw new Error(`preparing failed: ${(answer.err as { message: string }).message}`);
  };
  must(await world.options().grant_role(operator, { operator: null }));
  must(await world.options().grant_role(owner, { owner: null }));
  await ic.advance(secondNs); // the first round: the price, the ledger's fee
  for (const [who, sats] of [
    ['operator', 4_000_000n],
    ['alice', 2_000_000n],
    ['bob', 1_000_000n]
  ] as [Person, bigint][]) {
    await approve(world, who, sats + ledgerFee);
    const request = { request_id: 'first', amount_sats: sats };
    const actor = world.options(people[who]);
    must(who === 'operator' ? await actor.fund_treasury(request) : await actor.deposit(request));
  }
  // Whoever withdraws first makes the canister ask for the ledger's fee.
  must(await world.options(alice).withdraw({ request_id: 'first', amount_sats: 1_000n, to: { owner: alice, subaccount: [] } }));
  await ic.advance(90n * secondNs);
  const base: NetworkSnapshot = ic.snapshot();
  return { fork: async () => worldOn(await base.fork()), close: () => ic.close() };
}

/** Lets the exchange take so many sats from somebody's ledger account. */
export async function approve(world: World, who: Person, sats: bigint): Promise<void> {
  await world.ledger(people[who]).icrc2_approve({
    from_subaccount: [],
    spender: { owner: world.id, subaccount: [] },
    amount: sats,
    expected_allowance: [],
    expires_at: [],
    fee: [],
    memo: [],
    created_at_time: []
  });
}
