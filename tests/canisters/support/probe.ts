import { join } from 'node:path';
import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { compileMotoko, type LocalIc } from 'local-ic';

const root = join(import.meta.dirname, '../../..');

const compile = (name: string): Promise<{ wasm: Uint8Array }> =>
  compileMotoko({ entry: join(root, 'tests/canisters/motoko', `${name}.mo`), cacheDir: join(root, '.cache/motoko') });

/** Installs one of the actors in tests/canisters/motoko, which stand for canisters that misbehave or let a test call a module alone. */
export async function installProbe(ic: LocalIc, name: string, argTypes: IDL.Type[] = [], args: unknown[] = []): Promise<Principal> {
  const { wasm } = await compile(name);
  const id = await ic.createCanister();
  await ic.installCode({ canisterId: id, wasm, arg: new Uint8Array(IDL.encode(argTypes, args)), mode: 'install' });
  return id;
}

/** Stops a probe without an argument, upgrades it to the same code, starts it. */
export async function upgradeProbe(ic: LocalIc, id: Principal, name: string): Promise<void> {
  const { wasm } = await compile(name);
  await ic.stopCanister(id);
  await ic.installCode({ canisterId: id, wasm, arg: new Uint8Array(IDL.encode([], [])), mode: 'upgrade', keepMemory: true });
  await ic.startCanister(id);
}
