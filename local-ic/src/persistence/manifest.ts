import type { Prices } from '../canister/cycles/prices.ts';
import type { InstructionLimits } from '../canister/instructionLimits.ts';
import type { ResourceSettings } from '../canister/CanisterState.ts';
import type { LowMemoryStatus } from '../canister/lowMemory.ts';
import type { InFlight } from '../engine/InFlight.ts';
import type { OutcallRequest } from '../outcalls/Outcalls.ts';
import type { ManagedFacts } from './managedFacts.ts';
import { decodePlain } from './plainData.ts';
import type { OpenCalls } from './openCalls.ts';
import type { SparseBytes } from './sparse.ts';

/** Raised whenever another program couldn't read what this one writes. */
export const MANIFEST_FORMAT = 3;

/** A sparse byte string on disk: its content is the file. */
export type SparseFile = Omit<SparseBytes, 'content'> & { file: string; crc32: number };

/** One canister in the manifest. */
export interface CanisterEntry extends CanisterFacts {
  stable: SparseFile & { pages: number };
  /** Absent while no code is installed. */
  code?: { moduleFile: string; globals: string[]; memory: SparseFile };
}

/** A canister without its memories. */
export interface CanisterFacts {
  id: string;
  controllers: string[];
  settings: ResourceSettings;
  status: 'running' | 'stopping' | 'stopped';
  cycles: bigint;
  consumedCycles: bigint;
  idlePaidUntilNs: bigint;
  version: bigint;
  certifiedData: Uint8Array;
  globalTimerNs: bigint;
  lastHeartbeatNs: bigint;
  lowMemory: LowMemoryStatus;
  openCalls: OpenCalls;
  managed: ManagedFacts;
}

/** What belongs to no canister. */
export interface NetworkFacts {
  clockOffsetNs: bigint;
  nextCanisterIndex: bigint;
  /** What the log was written under, and has to be run again under. */
  rules: { instructionLimits: InstructionLimits; prices: Prices | null };
  randomSeed: Uint8Array;
  randomCount: bigint;
  inFlight: InFlight;
  outcalls: { nextId: number; pending: [number, OutcallRequest][] };
}

/** The whole network at one moment between two rounds; the file that names all others, replaced in one step. */
export interface Manifest extends NetworkFacts {
  format: number;
  /** The file of the log in which what happened afterwards begins. */
  log: number;
  canisters: CanisterEntry[];
}

/** Mutable globals as texts: 64-bit integers don't fit a JSON number, and neither do NaN and -0. */
export function encodeGlobal(value: number | bigint, type: string): string {
  if (type === 'i32' || type === 'i64') return value.toString();
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, Number(value));
  return bits.getBigUint64(0).toString(16);
}

export function decodeGlobal(text: string, type: string): number | bigint {
  if (type === 'i32') return Number(text);
  if (type === 'i64') return BigInt(text);
  const bits = new DataView(new ArrayBuffer(8));
  bits.setBigUint64(0, BigInt(`0x${text}`));
  return bits.getFloat64(0);
}

/** @throws Error when the text is no manifest this program can read */
export function parseManifest(text: string): Manifest {
  const manifest = decodePlain(text) as Manifest;
  if (manifest.format !== MANIFEST_FORMAT) {
    throw new Error(
      `The saved state has format ${manifest.format}, and this version reads format ${MANIFEST_FORMAT}. Start afresh, or use the version that wrote it.`
    );
  }
  return manifest;
}
