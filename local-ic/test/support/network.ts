import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { createActor } from '../../src/actor.ts';
import { unwrapReply } from '../../src/engine/CanisterReject.ts';
import { createEngine, type EngineOptions } from '../../src/engine/createEngine.ts';
import type { EmbeddedEngine } from '../../src/engine/EmbeddedEngine.ts';
import { compileMotoko } from '../../src/motoko/compileMotoko.ts';
import type { InitArguments } from './interfaces.ts';

/** Controls the canisters of the tests. */
export const ADMIN = Principal.selfAuthenticating(new Uint8Array(32).fill(1));
export const STRANGER = Principal.selfAuthenticating(new Uint8Array(32).fill(2));

/** 2026-01-01T00:00:00Z: where the virtual clocks of the tests begin. */
export const START_NS = 1_767_225_600_000_000_000n;
export const SECOND_NS = 1_000_000_000n;

const FIXTURES = new URL('../fixtures/', import.meta.url).pathname;
const CACHE = new URL('../../../.cache/motoko', import.meta.url).pathname;

export async function fixtureWasm(name: string): Promise<Uint8Array> {
  const { wasm } = await compileMotoko({ entry: `${FIXTURES}${name}.mo`, cacheDir: CACHE });
  return wasm;
}

export function initArgument(init: InitArguments): Uint8Array {
  const types = { start: IDL.Nat, callee: IDL.Principal, counter: IDL.Principal };
  const given = Object.keys(init) as (keyof InitArguments)[];
  if (given.length === 0) return new Uint8Array(IDL.encode([], []));
  return new Uint8Array(IDL.encode([IDL.Record(Object.fromEntries(given.map((name) => [name, types[name]])))], [init]));
}

/** An engine with what tests do to it all the time. */
export interface TestNetwork {
  engine: EmbeddedEngine;
  log: string[];
  /** Creates a canister and installs a fixture, or Wasm. */
  install(code: string | Uint8Array, init?: InitArguments): Promise<Principal>;
  upgrade(id: Principal, code: string | Uint8Array, options?: { keep?: boolean; skipPreUpgrade?: boolean }): Promise<void>;
  actor<T>(factory: IDL.InterfaceFactory, id: Principal, sender?: Principal): T;
}

export async function startNetwork(options: Partial<EngineOptions> = {}): Promise<TestNetwork> {
  const log: string[] = [];
  const engine = await createEngine({
    clock: { startNs: START_NS },
    randomSeed: new Uint8Array(32),
    log: (line) => log.push(line),
    ...options
  });
  const wasmOf = async (code: string | Uint8Array): Promise<Uint8Array> => (typeof code === 'string' ? fixtureWasm(code) : code);
  return {
    engine,
    log,
    async install(code, init = {}) {
      const wasm = await wasmOf(code);
      const canisterId = await engine.createCanister({ controllers: [ADMIN] });
      await engine.installCode({ canisterId, sender: ADMIN, mode: 'install', wasm, arg: initArgument(init) });
      return canisterId;
    },
    async upgrade(canisterId, code, { keep = true, skipPreUpgrade = false } = {}) {
      const wasm = await wasmOf(code);
      await engine.installCode({
        canisterId,
        sender: ADMIN,
        mode: 'upgrade',
        wasm,
        arg: initArgument({ start: 0n }),
        wasmMemoryPersistence: keep ? 'keep' : undefined,
        skipPreUpgrade
      });
    },
    actor: (factory, canisterId, sender = ADMIN) =>
      createActor(factory, {
        update: async (method, arg) => unwrapReply(await engine.update({ canisterId, method, arg, sender })),
        query: async (method, arg) => unwrapReply(await engine.query({ canisterId, method, arg, sender }))
      })
  };
}
