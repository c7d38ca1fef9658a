import { WASM_PAGE_BYTES } from '../wasm/layout.ts';
import type { SnapshotSource } from './ChangeHistory.ts';
import { STABLE_CHUNK_BYTES, StableMemory, type StableImage } from './StableMemory.ts';

/** What a Wasm global held, by its type. */
export type GlobalValue = { i32: number } | { i64: bigint } | { f32: number } | { f64: number };

/** A canister as it was at some moment. Never changed: an upload replaces it by one with more in it. */
export interface Snapshot {
  readonly id: Uint8Array;
  readonly source: SnapshotSource;
  readonly takenAtNs: bigint;
  readonly canisterVersion: bigint;
  /** The module as it was installed, perhaps compressed. */
  readonly wasmModule: Uint8Array;
  /** The Wasm memory, in the same sparse form as the stable memory. */
  readonly wasmMemory: StableImage;
  readonly stableMemory: StableImage;
  readonly globals: readonly GlobalValue[];
  readonly certifiedData: Uint8Array;
  /** 0: no timer is set. Undefined (possible after an upload): loading leaves the canister's timer alone. */
  readonly globalTimerNs: bigint | undefined;
  /** By their hashes in hexadecimal. */
  readonly chunks: ReadonlyMap<string, Uint8Array>;
}

const ZEROS = new Uint8Array(STABLE_CHUNK_BYTES);

/** Takes a copy of a Wasm memory without its empty parts. */
export function imageOf(bytes: Uint8Array): StableImage {
  const chunks: (Uint8Array | undefined)[] = [];
  for (let start = 0; start < bytes.length; start += STABLE_CHUNK_BYTES) {
    const chunk = bytes.subarray(start, start + STABLE_CHUNK_BYTES);
    chunks.push(Buffer.compare(chunk, ZEROS) === 0 ? undefined : chunk.slice());
  }
  return { pages: bytes.length / WASM_PAGE_BYTES, chunks };
}

/** The whole memory again. */
export function bytesOf(image: StableImage): Uint8Array {
  return sliceOf(image, 0, image.pages * WASM_PAGE_BYTES);
}

/** A part of a memory; it has to lie within. */
export function sliceOf(image: StableImage, offset: number, size: number): Uint8Array {
  const target = new Uint8Array(size);
  new StableMemory(image).read(offset, target);
  return target;
}

export function imageBytes({ pages }: StableImage): bigint {
  return BigInt(pages) * BigInt(WASM_PAGE_BYTES);
}

/** What a snapshot counts for in the canister's memory usage. */
export function snapshotBytes({ wasmModule, wasmMemory, stableMemory, globals, certifiedData, chunks }: Snapshot): bigint {
  const chunkBytes = [...chunks.values()].reduce((sum, { length }) => sum + length, 0);
  const own = wasmModule.length + globals.length * 8 + certifiedData.length + chunkBytes;
  return BigInt(own) + imageBytes(wasmMemory) + imageBytes(stableMemory);
}
