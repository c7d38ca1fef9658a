import type { ResourceSettings } from '../canister/CanisterState.ts';
import type { SparseBytes } from './sparse.ts';

/** Raised whenever an older program couldn't read what this one writes. */
export const MANIFEST_FORMAT = 1;

/** A sparse byte string on disk: its content is the file. */
export type SparseFile = Omit<SparseBytes, 'content'> & { file: string };

/** One canister in the manifest. Big integers are decimal texts, byte strings hexadecimal. */
export interface CanisterEntry {
  id: string;
  controllers: string[];
  settings: Record<keyof ResourceSettings, string>;
  status: 'running' | 'stopping' | 'stopped';
  cycles: string;
  /** Absent, as the next, in states of older versions. */
  consumedCycles?: string;
  idlePaidUntilNs?: string;
  version: string;
  certifiedData: string;
  globalTimerNs: string;
  lastHeartbeatNs: string;
  stable: SparseFile & { pages: number };
  /** Absent while no code is installed. */
  code?: { moduleFile: string; globals: string[]; memory: SparseFile };
}

/** The whole network; the file that names all others, replaced in one step. */
export interface Manifest {
  format: number;
  clockOffsetNs: string;
  nextCanisterIndex: string;
  randomCount: string;
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
  const manifest = JSON.parse(text) as Manifest;
  if (manifest.format !== MANIFEST_FORMAT) {
    throw new Error(
      `The saved state has format ${manifest.format}, and this version reads format ${MANIFEST_FORMAT}. Start afresh, or use the version that wrote it.`
    );
  }
  return manifest;
}
