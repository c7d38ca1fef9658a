import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { compileMotoko } from 'local-ic';
import { root } from './paths.ts';

/** Every Motoko canister of the project: where its source and its checked-in interface are. `local` ones never leave the local network. */
export const canisterSources = {
  options: { entry: 'canisters/options/main.mo', candid: 'canisters/options/options.did', local: false },
  legacy: { entry: 'canisters/legacy/main.mo', candid: 'canisters/legacy/legacy.did', local: true },
  ledger: { entry: 'canisters/local/ledger/main.mo', candid: 'canisters/local/ledger/ledger.did', local: true },
  exchange_rate: { entry: 'canisters/local/exchange_rate/main.mo', candid: 'canisters/local/exchange_rate/exchange_rate.did', local: true }
} as const;

export type CanisterName = keyof typeof canisterSources;
export const canisterNames = Object.keys(canisterSources) as CanisterName[];

/** Compiles one canister, or takes it from the cache when no source changed. Returns its Wasm. */
export async function buildCanister(name: CanisterName): Promise<Uint8Array> {
  const { entry } = canisterSources[name];
  const { wasm, candid } = await compileMotoko({ entry: join(root, entry), cacheDir: join(root, '.cache/motoko') });
  // Where dfx.json looks for them.
  const out = join(root, '.cache/canisters', `${name}.wasm`);
  await mkdir(dirname(out), { recursive: true });
  const previous = await readFile(out).catch(() => undefined);
  if (!previous || !previous.equals(wasm)) {
    await writeFile(out, wasm);
    await writeFile(join(root, '.cache/canisters', `${name}.did`), candid);
  }
  return wasm;
}

/** All of them, by name. */
export async function buildCanisters(): Promise<Record<CanisterName, Uint8Array>> {
  const built: Partial<Record<CanisterName, Uint8Array>> = {};
  for (const name of canisterNames) built[name] = await buildCanister(name);
  return built as Record<CanisterName, Uint8Array>;
}
