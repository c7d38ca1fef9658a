import { join } from 'node:path';
import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { compileMotoko, type LocalIc } from 'local-ic';
import { root } from '../../scripts/lib/paths.ts';

/** An empty argument. */
export const NOTHING = new Uint8Array(IDL.encode([], []));
/** What `grow` of the fixture adds. */
const STEP_MB = 8;

export interface Ballast {
  increment(): Promise<bigint>;
  get(): Promise<bigint>;
}

export const ballastIdl: IDL.InterfaceFactory = ({ IDL }) =>
  IDL.Service({ increment: IDL.Func([], [IDL.Nat]), get: IDL.Func([], [IDL.Nat], ['query']) });

/** The compiled fixture; from the cache after the first time. */
export async function ballastWasm(): Promise<Uint8Array> {
  const { wasm } = await compileMotoko({ entry: join(root, 'tests/bench/Ballast.mo'), cacheDir: join(root, '.cache/motoko') });
  return wasm;
}

/** Installs the fixture; its heap is then grown to about so many megabytes. */
export async function installBallast(ic: LocalIc, megabytes = 5): Promise<Principal> {
  const canisterId = await ic.createCanister();
  await ic.installCode({ canisterId, wasm: await ballastWasm(), arg: NOTHING, mode: 'install' });
  for (let size = STEP_MB; size < megabytes; size += STEP_MB) await ic.update({ canisterId, method: 'grow', arg: NOTHING });
  return canisterId;
}
