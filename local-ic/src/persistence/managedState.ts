import { IDL } from '@dfinity/candid';
import type { CanisterState, EnvironmentVariable, LogVisibility } from '../canister/CanisterState.ts';
import type { Origin } from '../canister/CallContext.ts';
import type { CanisterChange, SnapshotSource } from '../canister/ChangeHistory.ts';
import type { LogRecord } from '../canister/CanisterLog.ts';
import type { GlobalValue, Snapshot } from '../canister/Snapshot.ts';
import { STABLE_CHUNK_BYTES, type StableImage } from '../canister/StableMemory.ts';
import { Blob, type Opt } from '../management/candid.ts';
import { ChangeType, SnapshotSourceType } from '../management/history.ts';
import { LogRecordType } from '../management/logs.ts';
import { EnvironmentType, LogVisibilityType } from '../management/settings.ts';
import { GlobalType } from '../management/snapshotTransfer.ts';
import { decodeOrigin, encodeOrigin, OriginType, type OriginValue } from './originType.ts';
import { packChunks, unpackChunks } from './sparse.ts';

/** A sparse memory: which of its chunks are kept, and the file with their content. */
const ImageType = IDL.Record({ pages: IDL.Nat64, chunks: IDL.Nat32, parts: IDL.Vec(IDL.Nat32), file: IDL.Text });
interface ImageValue {
  pages: bigint;
  chunks: number;
  parts: number[] | Uint32Array;
  file: string;
}

const SnapshotType = IDL.Record({
  id: Blob,
  source: SnapshotSourceType,
  takenAtNs: IDL.Nat64,
  canisterVersion: IDL.Nat64,
  moduleFile: IDL.Text,
  wasmMemory: ImageType,
  stableMemory: ImageType,
  globals: IDL.Vec(GlobalType),
  certifiedData: Blob,
  globalTimerNs: IDL.Opt(IDL.Nat64),
  chunks: IDL.Vec(IDL.Text)
});
interface SnapshotValue {
  id: Uint8Array;
  source: SnapshotSource;
  takenAtNs: bigint;
  canisterVersion: bigint;
  moduleFile: string;
  wasmMemory: ImageValue;
  stableMemory: ImageValue;
  globals: GlobalValue[];
  certifiedData: Uint8Array;
  globalTimerNs: Opt<bigint>;
  /** Hashes, which are the names of their files. */
  chunks: string[];
}

/** What the management canister keeps of a canister; Candid, so that a newer version of this program can add fields. */
const ManagedType = IDL.Record({
  logVisibility: LogVisibilityType,
  environmentVariables: EnvironmentType,
  logRecords: IDL.Vec(LogRecordType),
  nextLogIdx: IDL.Nat64,
  changes: IDL.Vec(ChangeType),
  changesTotal: IDL.Nat64,
  chunks: IDL.Vec(IDL.Text),
  snapshots: IDL.Vec(SnapshotType),
  nextSnapshotNumber: IDL.Nat64,
  stopRequests: IDL.Vec(IDL.Record({ origin: OriginType, cycles: IDL.Nat, deadlineNs: IDL.Nat64 }))
});
interface ManagedValue {
  logVisibility: LogVisibility;
  environmentVariables: EnvironmentVariable[];
  logRecords: LogRecord[];
  nextLogIdx: bigint;
  changes: CanisterChange[];
  changesTotal: bigint;
  chunks: string[];
  snapshots: SnapshotValue[];
  nextSnapshotNumber: bigint;
  stopRequests: { origin: OriginValue; cycles: bigint; deadlineNs: bigint }[];
}

/** In the manifest. */
export interface ManagedEntry {
  /** ManagedType in Candid, base64. */
  state: string;
  /** Names of the files it needs. */
  files: string[];
}

/** Files of snapshots that have been named, so that they are written once. */
const fileNames = new WeakMap<Snapshot, string>();

const chunkFile = (hash: string): string => `${hash}.chunk`;

/**
 * @param prefix a name no file has yet
 * @param put takes the content of a file; it is written unless a file of that name is there
 */
export function encodeManaged(canister: CanisterState, prefix: string, put: (file: string, content: Uint8Array) => void): ManagedEntry {
  const files = new Set<string>();
  const store = (file: string, content: Uint8Array): string => {
    files.add(file);
    put(file, content);
    return file;
  };
  const storeChunks = (chunks: ReadonlyMap<string, Uint8Array>): string[] => {
    for (const [hash, chunk] of chunks) store(chunkFile(hash), chunk);
    return [...chunks.keys()];
  };
  const storeImage = ({ pages, chunks }: StableImage, file: string): ImageValue => {
    const { parts, content } = packChunks(chunks, STABLE_CHUNK_BYTES);
    return { pages: BigInt(pages), chunks: chunks.length, parts, file: store(file, content) };
  };
  const snapshotValue = (snapshot: Snapshot, index: number): SnapshotValue => {
    const name = fileNames.get(snapshot) ?? `${prefix}-${index}`;
    fileNames.set(snapshot, name);
    return {
      id: snapshot.id,
      source: snapshot.source,
      takenAtNs: snapshot.takenAtNs,
      canisterVersion: snapshot.canisterVersion,
      moduleFile: store(`${name}.snapshot-wasm`, snapshot.wasmModule),
      wasmMemory: storeImage(snapshot.wasmMemory, `${name}.snapshot-memory`),
      stableMemory: storeImage(snapshot.stableMemory, `${name}.snapshot-stable`),
      globals: [...snapshot.globals],
      certifiedData: snapshot.certifiedData,
      globalTimerNs: snapshot.globalTimerNs === undefined ? [] : [snapshot.globalTimerNs],
      chunks: storeChunks(snapshot.chunks)
    };
  };
  const value: ManagedValue = {
    logVisibility: canister.logVisibility,
    environmentVariables: canister.environmentVariables,
    logRecords: canister.log.records,
    nextLogIdx: canister.log.nextIdx,
    changes: canister.history.recent,
    changesTotal: canister.history.total,
    chunks: storeChunks(canister.chunks),
    snapshots: [...canister.snapshots.values()].map(snapshotValue),
    nextSnapshotNumber: canister.nextSnapshotNumber,
    stopRequests: canister.stopRequests.map((request) => ({ ...request, origin: encodeOrigin(request.origin) }))
  };
  return { state: Buffer.from(IDL.encode([ManagedType], [value])).toString('base64'), files: [...files] };
}

/** Brings back what `encodeManaged` took. @param read gives the content of a file */
export async function restoreManaged(
  canister: CanisterState,
  { state }: ManagedEntry,
  read: (file: string) => Promise<Uint8Array>
): Promise<void> {
  const value = IDL.decode([ManagedType], Uint8Array.from(Buffer.from(state, 'base64')))[0] as unknown as ManagedValue;
  const readChunks = async (hashes: string[]): Promise<Map<string, Uint8Array>> => {
    const chunks = new Map<string, Uint8Array>();
    for (const hash of hashes) chunks.set(hash, await read(chunkFile(hash)));
    return chunks;
  };
  const readImage = async ({ pages, chunks, parts, file }: ImageValue): Promise<StableImage> => {
    const length = chunks * STABLE_CHUNK_BYTES;
    const sparse = { partBytes: STABLE_CHUNK_BYTES, parts: [...parts], length, content: await read(file) };
    return { pages: Number(pages), chunks: unpackChunks(sparse) };
  };
  canister.logVisibility = value.logVisibility;
  canister.environmentVariables = value.environmentVariables;
  canister.log.records = value.logRecords;
  canister.log.nextIdx = value.nextLogIdx;
  canister.history.recent = value.changes;
  canister.history.total = value.changesTotal;
  canister.chunks = await readChunks(value.chunks);
  canister.nextSnapshotNumber = value.nextSnapshotNumber;
  canister.stopRequests = value.stopRequests.map((request) => ({ ...request, origin: decodeOrigin(request.origin) }));
  for (const entry of value.snapshots) {
    const snapshot: Snapshot = {
      id: Uint8Array.from(entry.id),
      source: entry.source,
      takenAtNs: entry.takenAtNs,
      canisterVersion: entry.canisterVersion,
      wasmModule: await read(entry.moduleFile),
      wasmMemory: await readImage(entry.wasmMemory),
      stableMemory: await readImage(entry.stableMemory),
      globals: entry.globals,
      certifiedData: Uint8Array.from(entry.certifiedData),
      globalTimerNs: entry.globalTimerNs[0],
      chunks: await readChunks(entry.chunks)
    };
    fileNames.set(snapshot, entry.moduleFile.slice(0, entry.moduleFile.lastIndexOf('.')));
    canister.snapshots.set(Buffer.from(snapshot.id).toString('hex'), snapshot);
  }
}
