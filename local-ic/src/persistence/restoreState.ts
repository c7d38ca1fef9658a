import { crc32 } from 'node:zlib';
import { Principal } from '@dfinity/principal';
import { CanisterState } from '../canister/CanisterState.ts';
import { noteMemoryLeft } from '../canister/lowMemory.ts';
import { createRuntime } from '../canister/Runtime.ts';
import { StableMemory } from '../canister/StableMemory.ts';
import type { Subnet } from '../engine/Subnet.ts';
import { loadCanisterModule } from '../wasm/CanisterModule.ts';
import { restoreManaged } from './managedFacts.ts';
import { decodeGlobal, type CanisterEntry, type Manifest, type SparseFile } from './manifest.ts';
import { restoreOpenCalls } from './openCalls.ts';
import { readNamed } from './snapshotFacts.ts';
import { unpackBytes, unpackChunks, type SparseBytes } from './sparse.ts';

/** Where the blobs of a saved state are. */
export interface BlobSource {
  readBlob(name: string): Promise<Uint8Array | undefined> | Uint8Array | undefined;
}

/** Brings a saved state into an empty subnet; no code of the canisters runs. @throws Error when it is damaged */
export async function restoreState(subnet: Subnet, manifest: Omit<Manifest, 'log'>, blobs: BlobSource): Promise<void> {
  for (const entry of manifest.canisters) subnet.canisters.add(await restoreCanister(subnet, entry, blobs));
  subnet.canisters.nextIndex = manifest.nextCanisterIndex;
  subnet.randomness.count = manifest.randomCount;
  subnet.outcalls.nextId = manifest.outcalls.nextId;
  for (const [id, request] of manifest.outcalls.pending) subnet.outcalls.pending.set(id, request);
}

async function restoreCanister(subnet: Subnet, entry: CanisterEntry, blobs: BlobSource): Promise<CanisterState> {
  const controllers = entry.controllers.map((id) => Principal.fromText(id));
  const canister = new CanisterState(Principal.fromText(entry.id), controllers, entry.cycles);
  const { settings, status, consumedCycles, version, certifiedData, globalTimerNs, lastHeartbeatNs, lowMemory } = entry;
  Object.assign(canister, {
    settings: { ...settings },
    status,
    consumedCycles,
    version,
    certifiedData,
    globalTimerNs,
    lastHeartbeatNs,
    lowMemory
  });
  canister.idlePaidUntilNs = entry.idlePaidUntilNs;
  restoreOpenCalls(canister, entry.openCalls);
  await restoreManaged(canister, entry.managed, (file) => readBlob(file, blobs));
  const { pages, ...stable } = entry.stable;
  canister.stableMemory = new StableMemory({ pages, chunks: unpackChunks(await readSparse(stable, blobs)) });
  if (entry.code !== undefined) await restoreCode(canister, entry.code, subnet, blobs);
  noteMemoryLeft(canister, subnet.lowOnMemory);
  return canister;
}

async function restoreCode(
  canister: CanisterState,
  { moduleFile, globals, memory }: NonNullable<CanisterEntry['code']>,
  subnet: Subnet,
  blobs: BlobSource
): Promise<void> {
  const module = loadCanisterModule(await readNamed(moduleFile, (name) => readBlob(name, blobs)));
  if (globals.length !== module.globals.length) throw new Error(`The saved state of canister ${canister.name} doesn't fit its module`);
  canister.runtime = createRuntime(canister, module, subnet, {
    bytes: unpackBytes(await readSparse(memory, blobs)),
    globals: globals.map((text, index) => decodeGlobal(text, module.globals[index]?.type ?? 'i64'))
  });
}

async function readSparse({ file, crc32: expected, ...sparse }: SparseFile, blobs: BlobSource): Promise<SparseBytes> {
  const content = await readBlob(file, blobs);
  if (crc32(content) !== expected) throw new Error(`The saved state is damaged: the checksum of ${file} is wrong`);
  return { ...sparse, content };
}

async function readBlob(name: string, blobs: BlobSource): Promise<Uint8Array> {
  const content = await blobs.readBlob(name);
  if (content === undefined) throw new Error(`The saved state is damaged: ${name} is missing`);
  return content;
}
