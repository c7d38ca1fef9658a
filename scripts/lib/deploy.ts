import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { IDL } from '@dfinity/candid';
import { Ed25519KeyIdentity } from '@dfinity/identity';
import { Principal } from '@dfinity/principal';
import type { LocalIc } from 'local-ic';
import { idlFactory as legacyIdl, init as legacyInit } from '../../src/lib/canisters/legacy/legacy.did.js';
import { idlFactory as ledgerIdl, init as ledgerInit } from '../../src/lib/canisters/ledger/ledger.did.js';
import { idlFactory as optionsIdl, init as optionsInit } from '../../src/lib/canisters/options/options.did.js';
import { init as exchangeRateInit } from '../../src/lib/canisters/exchange_rate/exchange_rate.did.js';
import type { _SERVICE as Ledger } from '../../src/lib/canisters/ledger/ledger.did.js';
import type { _SERVICE as Legacy } from '../../src/lib/canisters/legacy/legacy.did.js';
import type { _SERVICE as Options, Tenor } from '../../src/lib/canisters/options/options.did.js';
import { canisterNames, type CanisterName } from './canisters.ts';
import type { Recording } from './recording.ts';

const minuteNs = 60_000_000_000n;
/** The replay starts this far inside the recording, so that the first minute asked for exists. */
const headStartMinutes = 10n;
/** Test bitcoin the house starts with on the local network, in satoshi. */
const treasurySats = 1_000_000_000n;

/**
 * Who deploys on the local network: owner of the options canister and the house that funds its treasury. The key is public, like every development
 * account's: it guards test bitcoin on a loopback address and is known to no other network.
 */
export const deployerIdentity = Ed25519KeyIdentity.generate(
  new Uint8Array(createHash('sha256').update('satstrike local deployer').digest())
);
export const deployer: Principal = deployerIdentity.getPrincipal();

/**
 * How options are priced (docs/decisions/0004-volatility.md): the volatility that the price book's last minutes show, and the dearer end of a band around it,
 * which is wider from an hour on.
 */
const volatility: Tenor['volatility'] = { measured: { scale_ppm: 1_000_000n, floor_ppm: 200_000n, ceiling_ppm: 3_000_000n } };
const shortBandPpm = 300_000n;
const longBandPpm = 400_000n;

/** The tenors of the local network: those of every network, and one of a minute, short enough to watch an option from order to payout. Strikes on a grid of dollars. */
const tenors: Tenor[] = [
  tenor('1m', { minutes: 1n }, 5n),
  tenor('5m', { minutes: 5n }, 10n),
  tenor('15m', { minutes: 15n }, 25n),
  tenor('1h', { minutes: 60n }, 50n),
  tenor('4h', { minutes: 240n }, 100n),
  tenor('1d', { daily: null }, 250n),
  tenor('1w', { weekly: null }, 500n)
];

function tenor(name: string, schedule: Tenor['schedule'], gridUsd: bigint): Tenor {
  const isShort = 'minutes' in schedule && schedule.minutes < 60n;
  return {
    name,
    schedule,
    volatility,
    band_ppm: isShort ? shortBandPpm : longBandPpm,
    strike_grid_e8: gridUsd * 100_000_000n,
    enabled: true
  };
}

export interface Deployment {
  canisters: Record<CanisterName, string>;
  /** sha256 of the installed Wasm, hex: a canister whose source changed is upgraded at the next start. */
  wasmHashes: Record<CanisterName, string>;
  /** Network minute at which the replay shows the recording's first minute. */
  anchorNs: string;
  recordingStartNs: string;
  source: string;
}

export interface Exchange {
  readonly deployment: Deployment;
  readonly ids: Record<CanisterName, Principal>;
  /** Typed actors that act as `sender`. */
  as(sender: Principal): { options: Options; ledger: Ledger; legacy: Legacy };
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function encodeInit(init: (factory: { IDL: typeof IDL }) => IDL.Type[], value: unknown): Uint8Array {
  return new Uint8Array(IDL.encode(init({ IDL }), [value]));
}

function initArgs(deployment: Deployment, recording: Recording): Record<CanisterName, Uint8Array> {
  const id = (name: CanisterName): Principal => Principal.fromText(deployment.canisters[name]);
  return {
    ledger: encodeInit(ledgerInit, {
      minter: Principal.managementCanister(),
      initial_mints: [{ to: { owner: deployer, subaccount: [] }, amount: treasurySats + 1_000n }]
    }),
    exchange_rate: encodeInit(exchangeRateInit, {
      anchor_minute_ns: BigInt(deployment.anchorNs),
      first_recorded_ns: recording.firstRecordedNs,
      closes_cents: recording.closesCents,
      source: recording.source,
      sources: [],
      require_cycles: []
    }),
    legacy: encodeInit(legacyInit, { operators: [deployer], options: [id('options')], badly_behaved: false }),
    options: encodeInit(optionsInit, {
      ledger: id('ledger'),
      exchange_rate: id('exchange_rate'),
      legacy: [id('legacy')],
      tenors
    })
  };
}

function exchangeOf(ic: LocalIc, deployment: Deployment): Exchange {
  const ids = Object.fromEntries(canisterNames.map((name) => [name, Principal.fromText(deployment.canisters[name])])) as Record<
    CanisterName,
    Principal
  >;
  return {
    deployment,
    ids,
    as: (sender) => ({
      options: ic.actor<Options>(optionsIdl, ids.options, sender),
      ledger: ic.actor<Ledger>(ledgerIdl, ids.ledger, sender),
      legacy: ic.actor<Legacy>(legacyIdl, ids.legacy, sender)
    })
  };
}

/** The house buys itself into business: ckBTC from the deployer's wallet becomes the treasury. Safe to repeat: one request id, one deposit. */
async function fundTreasury(exchange: Exchange): Promise<void> {
  const house = exchange.as(deployer);
  await house.ledger.icrc2_approve({
    spender: { owner: exchange.ids.options, subaccount: [] },
    amount: treasurySats + 10n,
    from_subaccount: [],
    expected_allowance: [],
    expires_at: [],
    fee: [],
    memo: [],
    created_at_time: []
  });
  const funded = await house.options.fund_treasury({ request_id: 'first-funding', amount_sats: treasurySats });
  if ('err' in funded) throw new Error(`The treasury could not be funded: ${funded.err.message}`);
}

/**
 * Puts the exchange on a network: creates, installs and wires the four canisters. With a deployment from an earlier start it upgrades those whose
 * Wasm changed and leaves the rest alone.
 */
export async function deployExchange(
  ic: LocalIc,
  options: { wasms: Record<CanisterName, Uint8Array>; recording: Recording; previous?: Deployment | undefined }
): Promise<Exchange> {
  const { wasms, recording, previous } = options;
  const wasmHashes = Object.fromEntries(canisterNames.map((name) => [name, sha256(wasms[name])])) as Record<CanisterName, string>;
  if (previous) {
    const deployment = { ...previous, wasmHashes };
    const args = initArgs(deployment, recording);
    for (const name of canisterNames) {
      if (previous.wasmHashes[name] === wasmHashes[name]) continue;
      const canisterId = Principal.fromText(deployment.canisters[name]);
      // As `dfx deploy` does: stop drains open calls, so that no answer comes back to code that is gone.
      await ic.stopCanister(canisterId, deployer);
      try {
        await ic.installCode({ canisterId, wasm: wasms[name], arg: args[name], mode: 'upgrade', keepMemory: true, sender: deployer });
      } catch (error) {
        const reason = (error as Error).message;
        throw new Error(
          `The canister ${name} can't take its new code over its old state: ${reason}\nStart over with: npm start -- --fresh`,
          { cause: error }
        );
      } finally {
        // Also with the old code: a failed upgrade leaves everything as it was.
        await ic.startCanister(canisterId, deployer);
      }
    }
    return exchangeOf(ic, deployment);
  }
  const canisters: Partial<Record<CanisterName, string>> = {};
  for (const name of canisterNames) canisters[name] = (await ic.createCanister({ controllers: [deployer] })).toText();
  const deployment: Deployment = {
    canisters: canisters as Record<CanisterName, string>,
    wasmHashes,
    anchorNs: String((ic.now() / minuteNs - headStartMinutes) * minuteNs),
    recordingStartNs: String(recording.firstRecordedNs),
    source: recording.source
  };
  const args = initArgs(deployment, recording);
  // The options canister last: it calls the others as soon as it lives.
  for (const name of ['ledger', 'exchange_rate', 'legacy', 'options'] as const) {
    await ic.installCode({
      canisterId: Principal.fromText(deployment.canisters[name]),
      wasm: wasms[name],
      arg: args[name],
      mode: 'install',
      sender: deployer
    });
  }
  const exchange = exchangeOf(ic, deployment);
  await fundTreasury(exchange);
  return exchange;
}

/** Makes sure that this principal has the operator's role; does nothing when it has. */
export async function grantOperator(exchange: Exchange, operator: Principal): Promise<void> {
  const owner = exchange.as(deployer).options;
  const roles = await owner.list_roles();
  if ('err' in roles) throw new Error(roles.err.message);
  if (roles.ok.some(([who, role]) => who.toText() === operator.toText() && 'operator' in role)) return;
  const granted = await owner.grant_role(operator, { operator: null });
  if ('err' in granted) throw new Error(granted.err.message);
}

/** The app's configuration for this network, as it reads it from /config.json (src/lib/config). */
export function appConfig(deployment: Deployment, network: { providerUrl: string }): string {
  const { options, ledger, legacy } = deployment.canisters;
  return JSON.stringify(
    {
      network: 'local',
      host: '',
      canisters: { options, ledger, legacy },
      identityProvider: network.providerUrl,
      replay: { source: deployment.source, anchorNs: deployment.anchorNs, recordingStartNs: deployment.recordingStartNs },
      testBitcoin: true
    },
    null,
    2
  );
}

export async function readDeployment(file: string): Promise<Deployment | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Deployment);
}

export async function writeDeployment(file: string, deployment: Deployment): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = join(dirname(file), '.deployment.tmp');
  await writeFile(temporary, JSON.stringify(deployment, null, 2));
  await rename(temporary, file);
}
