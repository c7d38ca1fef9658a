import { IDL } from '@dfinity/candid';
import type { CanisterState, EnvironmentVariable, LogVisibility, StopRequest } from '../canister/CanisterState.ts';
import type { LogRecord } from '../canister/CanisterLog.ts';
import type { CanisterChange } from '../canister/ChangeHistory.ts';
import { ChangeType } from '../management/history.ts';
import { LogVisibilityType } from '../management/settings.ts';
import {
  chunkFiles,
  readChunks,
  restoreSnapshot,
  snapshotFacts,
  snapshotFiles,
  type ReadFile,
  type SnapshotFacts
} from './snapshotFacts.ts';

const History = IDL.Vec(ChangeType);

/** What the management canister keeps of a canister, as plain data; what is large is named by its file. */
export interface ManagedFacts {
  /** Candid, as is all that has principals in it. */
  logVisibility: Uint8Array;
  environmentVariables: EnvironmentVariable[];
  logRecords: LogRecord[];
  nextLogIdx: bigint;
  /** Candid. */
  changes: Uint8Array;
  changesTotal: bigint;
  stopRequests: StopRequest[];
  /** Hashes of the chunk store's chunks. */
  chunks: string[];
  snapshots: SnapshotFacts[];
  nextSnapshotNumber: bigint;
}

const encode = (type: IDL.Type, value: unknown): Uint8Array => new Uint8Array(IDL.encode([type], [value]));
const decode = <T>(type: IDL.Type, bytes: Uint8Array): T => IDL.decode([type], bytes)[0] as T;

export function managedFacts(canister: CanisterState): ManagedFacts {
  const { log, history, snapshots } = canister;
  return {
    logVisibility: encode(LogVisibilityType, canister.logVisibility),
    environmentVariables: [...canister.environmentVariables],
    logRecords: [...log.records],
    nextLogIdx: log.nextIdx,
    changes: encode(History, history.recent),
    changesTotal: history.total,
    stopRequests: [...canister.stopRequests],
    chunks: [...canister.chunks.keys()],
    snapshots: [...snapshots.values()].map(snapshotFacts),
    nextSnapshotNumber: canister.nextSnapshotNumber
  };
}

/** Gives the content of all files that a canister's facts name. */
export function putManagedFiles({ chunks, snapshots }: CanisterState, files: Map<string, Uint8Array>): void {
  for (const [name, content] of chunkFiles(chunks)) files.set(name, content);
  for (const snapshot of snapshots.values()) for (const [name, content] of snapshotFiles(snapshot)) files.set(name, content);
}

/** Names of the files that a canister's facts need. */
export function managedFiles({ chunks, snapshots }: ManagedFacts): string[] {
  const own = snapshots.flatMap(({ moduleFile, wasmMemory, stableMemory }) => [moduleFile, wasmMemory.file, stableMemory.file]);
  return [...own, ...[chunks, ...snapshots.map((snapshot) => snapshot.chunks)].flat().map((hash) => `${hash}.chunk`)];
}

/** @throws Error when a file is missing or damaged */
export async function restoreManaged(canister: CanisterState, facts: ManagedFacts, read: ReadFile): Promise<void> {
  canister.logVisibility = decode<LogVisibility>(LogVisibilityType, facts.logVisibility);
  canister.environmentVariables = [...facts.environmentVariables];
  canister.log.records = [...facts.logRecords];
  canister.log.nextIdx = facts.nextLogIdx;
  canister.history.recent = decode<CanisterChange[]>(History, facts.changes);
  canister.history.total = facts.changesTotal;
  canister.stopRequests = [...facts.stopRequests];
  canister.chunks = await readChunks(facts.chunks, read);
  canister.nextSnapshotNumber = facts.nextSnapshotNumber;
  for (const entry of facts.snapshots) {
    const snapshot = await restoreSnapshot(entry, read);
    canister.snapshots.set(Buffer.from(snapshot.id).toString('hex'), snapshot);
  }
}
