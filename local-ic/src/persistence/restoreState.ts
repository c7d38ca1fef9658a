import { Principal } from '@dfinity/principal';
import { CanisterState, type ResourceSettings } from '../canister/CanisterState.ts';
import { createRuntime } from '../canister/Runtime.ts';
import { StableMemory } from '../canister/StableMemory.ts';
import type { Subnet } from '../engine/Subnet.ts';
import { loadCanisterModule } from '../wasm/CanisterModule.ts';
import { decodeGlobal, type CanisterEntry, type Manifest, type SparseFile } from './manifest.ts';
import { unpackBytes, unpackChunks } from './sparse.ts';
import type { StateDirectory } from './StateDirectory.ts';

/** Brings a saved state into an empty subnet; no code of the canisters runs. */
export async function restoreState(subnet: Subnet, manifest: Manifest, directory: StateDirectory): Promise<void> {
  for (const entry of manifest.canisters) subnet.canisters.add(await restoreCanister(subnet, entry, directory));
  subnet.canisters.nextIndex = BigInt(manifest.nextCanisterIndex);
  subnet.randomness.count = BigInt(manifest.randomCount);
}

async function restoreCanister(subnet: Subnet, entry: CanisterEntry, directory: StateDirectory): Promise<CanisterState> {
  const controllers = entry.controllers.map((id) => Principal.fromText(id));
  const canister = new CanisterState(Principal.fromText(entry.id), controllers, BigInt(entry.cycles));
  canister.consumedCycles = BigInt(entry.consumedCycles ?? 0);
  // Time in which nothing is charged isn't charged for later.
  canister.idlePaidUntilNs = subnet.prices === undefined ? 0n : BigInt(entry.idlePaidUntilNs ?? 0);
  canister.settings = restoreSettings(entry.settings);
  // What it was waiting for didn't survive, so there is nothing left to wait for.
  canister.status = entry.status === 'stopping' ? 'stopped' : entry.status;
  canister.version = BigInt(entry.version);
  canister.certifiedData = Uint8Array.from(Buffer.from(entry.certifiedData, 'hex'));
  canister.globalTimerNs = BigInt(entry.globalTimerNs);
  canister.lastHeartbeatNs = BigInt(entry.lastHeartbeatNs);
  const { pages, ...stable } = entry.stable;
  canister.stableMemory = new StableMemory({ pages, chunks: unpackChunks(await readSparse(stable, directory)) });
  if (entry.code !== undefined) await restoreCode(canister, entry.code, subnet, directory);
  return canister;
}

async function restoreCode(
  canister: CanisterState,
  { moduleFile, globals, memory }: NonNullable<CanisterEntry['code']>,
  subnet: Subnet,
  directory: StateDirectory
): Promise<void> {
  const module = loadCanisterModule(await directory.readBlob(moduleFile));
  if (globals.length !== module.globals.length) throw new Error(`The saved state of canister ${canister.name} doesn't fit its module`);
  canister.runtime = createRuntime(canister, module, subnet, {
    bytes: unpackBytes(await readSparse(memory, directory)),
    globals: globals.map((text, index) => decodeGlobal(text, module.globals[index]?.type ?? 'i64'))
  });
}

async function readSparse({ file, ...sparse }: SparseFile, directory: StateDirectory) {
  return { ...sparse, content: await directory.readBlob(file) };
}

function restoreSettings(settings: CanisterEntry['settings']): ResourceSettings {
  return {
    computeAllocation: BigInt(settings.computeAllocation),
    memoryAllocation: BigInt(settings.memoryAllocation),
    freezingThreshold: BigInt(settings.freezingThreshold),
    reservedCyclesLimit: BigInt(settings.reservedCyclesLimit),
    wasmMemoryLimit: BigInt(settings.wasmMemoryLimit),
    wasmMemoryThreshold: BigInt(settings.wasmMemoryThreshold)
  };
}
