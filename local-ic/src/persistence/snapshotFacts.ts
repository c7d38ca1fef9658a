import { createHash } from 'node:crypto';
import type { SnapshotSource } from '../canister/ChangeHistory.ts';
import type { GlobalValue, Snapshot } from '../canister/Snapshot.ts';
import { STABLE_CHUNK_BYTES, type StableImage } from '../canister/StableMemory.ts';
import { packChunks, unpackChunks } from './sparse.ts';
import { decodeGlobal, encodeGlobal } from './manifest.ts';

export type ReadFile = (name: string) => Promise<Uint8Array>;

/** A memory image: which of its chunks are kept, and the file with their content, which is named by its hash. */
interface ImageFacts {
  pages: number;
  chunks: number;
  parts: number[];
  file: string;
}

/** A snapshot as plain data; equal snapshots have equal facts. */
export interface SnapshotFacts {
  id: Uint8Array;
  isUploaded: boolean;
  takenAtNs: bigint;
  canisterVersion: bigint;
  moduleFile: string;
  wasmMemory: ImageFacts;
  stableMemory: ImageFacts;
  globals: { type: string; value: string }[];
  certifiedData: Uint8Array;
  globalTimerNs: bigint | undefined;
  chunks: string[];
}

const known = new WeakMap<Snapshot, SnapshotFacts>();

const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');
const pack = ({ chunks }: StableImage): Uint8Array => packChunks(chunks, STABLE_CHUNK_BYTES).content;

function imageFacts({ pages, chunks }: StableImage): ImageFacts {
  const { parts, content } = packChunks(chunks, STABLE_CHUNK_BYTES);
  return { pages, chunks: chunks.length, parts, file: `${sha256(content)}.image` };
}

/** Made once for each snapshot, which never changes: hashing its memories takes a while. */
export function snapshotFacts(snapshot: Snapshot): SnapshotFacts {
  const before = known.get(snapshot);
  if (before !== undefined) return before;
  const facts: SnapshotFacts = {
    id: snapshot.id,
    isUploaded: 'metadata_upload' in snapshot.source,
    takenAtNs: snapshot.takenAtNs,
    canisterVersion: snapshot.canisterVersion,
    moduleFile: `${sha256(snapshot.wasmModule)}.wasm`,
    wasmMemory: imageFacts(snapshot.wasmMemory),
    stableMemory: imageFacts(snapshot.stableMemory),
    globals: snapshot.globals.map((global) => {
      const [type, value] = Object.entries(global)[0] as [string, number | bigint];
      return { type, value: encodeGlobal(value, type) };
    }),
    certifiedData: snapshot.certifiedData,
    globalTimerNs: snapshot.globalTimerNs,
    chunks: [...snapshot.chunks.keys()]
  };
  known.set(snapshot, facts);
  return facts;
}

export function chunkFiles(chunks: ReadonlyMap<string, Uint8Array>): [string, Uint8Array][] {
  return Array.from(chunks, ([hash, chunk]) => [`${hash}.chunk`, chunk]);
}

/** The content of all files that a snapshot's facts name. */
export function snapshotFiles(snapshot: Snapshot): [string, Uint8Array][] {
  const { moduleFile, wasmMemory, stableMemory } = snapshotFacts(snapshot);
  return [
    [moduleFile, snapshot.wasmModule],
    [wasmMemory.file, pack(snapshot.wasmMemory)],
    [stableMemory.file, pack(snapshot.stableMemory)],
    ...chunkFiles(snapshot.chunks)
  ];
}

/** @throws Error when a file is missing or damaged */
export async function readChunks(hashes: readonly string[], read: ReadFile): Promise<Map<string, Uint8Array>> {
  const chunks = new Map<string, Uint8Array>();
  for (const hash of hashes) chunks.set(hash, await readNamed(`${hash}.chunk`, read));
  return chunks;
}

/** @throws Error when a file is missing or damaged */
export async function restoreSnapshot(facts: SnapshotFacts, read: ReadFile): Promise<Snapshot> {
  const readImage = async ({ pages, chunks, parts, file }: ImageFacts): Promise<StableImage> => {
    const content = await readNamed(file, read);
    return { pages, chunks: unpackChunks({ partBytes: STABLE_CHUNK_BYTES, parts, length: chunks * STABLE_CHUNK_BYTES, content }) };
  };
  const source: SnapshotSource = facts.isUploaded ? { metadata_upload: null } : { taken_from_canister: null };
  return {
    id: facts.id,
    source,
    takenAtNs: facts.takenAtNs,
    canisterVersion: facts.canisterVersion,
    wasmModule: await readNamed(facts.moduleFile, read),
    wasmMemory: await readImage(facts.wasmMemory),
    stableMemory: await readImage(facts.stableMemory),
    globals: facts.globals.map(({ type, value }) => ({ [type]: decodeGlobal(value, type) }) as GlobalValue),
    certifiedData: facts.certifiedData,
    globalTimerNs: facts.globalTimerNs,
    chunks: await readChunks(facts.chunks, read)
  };
}

/** Reads a file that is named by the hash of its content. @throws Error when the content is another */
export async function readNamed(name: string, read: ReadFile): Promise<Uint8Array> {
  const content = await read(name);
  if (!name.startsWith(sha256(content))) throw new Error(`The saved state is damaged: the content of ${name} is another`);
  return content;
}
