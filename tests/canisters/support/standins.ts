import { join } from 'node:path';
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { compileMotoko, createLocalIc, type LocalIc } from 'local-ic';
import * as exchangeRateBindings from '../../../src/lib/canisters/exchange_rate/exchange_rate.did.js';
import type { _SERVICE as ExchangeRate, InitArgs as ExchangeRateInit } from '../../../src/lib/canisters/exchange_rate/exchange_rate.did.js';
import * as ledgerBindings from '../../../src/lib/canisters/ledger/ledger.did.js';
import type { _SERVICE as Ledger, InitArgs as LedgerInit } from '../../../src/lib/canisters/ledger/ledger.did.js';
import * as legacyBindings from '../../../src/lib/canisters/legacy/legacy.did.js';
import type { _SERVICE as Legacy, InitArgs as LegacyInit } from '../../../src/lib/canisters/legacy/legacy.did.js';

const root = join(import.meta.dirname, '../../..');
export const secondNs = 1_000_000_000n;
export const minuteNs = 60n * secondNs;
export const dayNs = 86_400n * secondNs;
/** 2026-11-02 12:00:00 UTC: a whole minute, so that tests can count seconds from it. */
export const startNs = BigInt(Date.UTC(2026, 10, 2, 12)) * 1_000_000n;

/** An installed stand-in: actors by caller, and its upgrade. */
export interface Standin<Service, Init> {
  readonly id: Principal;
  /** Acts as `sender`; the network's controller when omitted. */
  as(sender?: Principal): Service;
  upgrade(init: Init): Promise<void>;
}

interface Source {
  entry: string;
  bindings: { idlFactory: IDL.InterfaceFactory; init: (factory: { IDL: typeof IDL }) => IDL.Type[] };
}

async function installStandin<Service, Init>(ic: LocalIc, source: Source, init: Init): Promise<Standin<Service, Init>> {
  const { wasm } = await compileMotoko({ entry: join(root, source.entry), cacheDir: join(root, '.cache/motoko') });
  const encode = (value: Init): Uint8Array => new Uint8Array(IDL.encode(source.bindings.init({ IDL }), [value]));
  const id = await ic.createCanister();
  await ic.installCode({ canisterId: id, wasm, arg: encode(init), mode: 'install' });
  return {
    id,
    as: (sender) => ic.actor<Service>(source.bindings.idlFactory, id, sender),
    upgrade: (value) => ic.installCode({ canisterId: id, wasm, arg: encode(value), mode: 'upgrade', keepMemory: true })
  };
}

export type LedgerStandin = Standin<Ledger, LedgerInit>;
export const installLedger = (ic: LocalIc, init: LedgerInit): Promise<LedgerStandin> =>
  installStandin(ic, { entry: 'canisters/local/ledger/main.mo', bindings: ledgerBindings }, init);

export type ExchangeRateStandin = Standin<ExchangeRate, ExchangeRateInit>;
export const installExchangeRate = (ic: LocalIc, init: ExchangeRateInit): Promise<ExchangeRateStandin> =>
  installStandin(ic, { entry: 'canisters/local/exchange_rate/main.mo', bindings: exchangeRateBindings }, init);

export type LegacyStandin = Standin<Legacy, LegacyInit>;
export const installLegacy = (ic: LocalIc, init: LegacyInit): Promise<LegacyStandin> =>
  installStandin(ic, { entry: 'canisters/legacy/main.mo', bindings: legacyBindings }, init);

/** A network whose clock stands still at `startNs` until a test moves it. */
export const stillNetwork = (): Promise<LocalIc> => createLocalIc({ clock: { startNs } });

/** The same principal for the same name, always; different ones for different names. */
export function person(name: string): Principal {
  return Principal.selfAuthenticating(new TextEncoder().encode(`stand-in test: ${name}`));
}
