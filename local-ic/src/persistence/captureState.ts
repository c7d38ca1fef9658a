import { crc32 } from 'node:zlib';
import type { CanisterState } from '../canister/CanisterState.ts';
import type { Runtime } from '../canister/Runtime.ts';
import { STABLE_CHUNK_BYTES } from '../canister/StableMemory.ts';
import type { InFlight } from '../engine/InFlight.ts';
import type { Subnet } from '../engine/Subnet.ts';
import { managedFacts, managedFiles, putManagedFiles } from './managedFacts.ts';
import {
  encodeGlobal,
  MANIFEST_FORMAT,
  type CanisterEntry,
  type CanisterFacts,
  type Manifest,
  type NetworkFacts,
  type SparseFile
} from './manifest.ts';
import { captureOpenCalls } from './openCalls.ts';
import { packBytes, packChunks, type SparseBytes } from './sparse.ts';

/** A state in memory, ready to be written while the network goes on. */
export interface CapturedState {
  manifest: Omit<Manifest, 'log'>;
  /** Content of the blobs that may not be on disk yet, by name. */
  newBlobs: Map<string, Uint8Array>;
  /** Names of all blobs the manifest needs. */
  blobs: Set<string>;
}

type Memories = Pick<CanisterEntry, 'stable' | 'code'>;
type Captured = Map<CanisterState, { revision: number; memories: Memories }>;

const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** A canister without its memories. Everything in it is plain data that later changes of the canister don't reach. */
export function canisterFacts(canister: CanisterState): CanisterFacts {
  const {
    name,
    controllers,
    settings,
    status,
    cycles,
    consumedCycles,
    idlePaidUntilNs,
    version,
    certifiedData,
    globalTimerNs,
    lastHeartbeatNs,
    lowMemory
  } = canister;
  return {
    id: name,
    controllers: controllers.map((id) => id.toText()),
    settings: { ...settings },
    status,
    cycles,
    consumedCycles,
    idlePaidUntilNs,
    version,
    certifiedData,
    globalTimerNs,
    lastHeartbeatNs,
    lowMemory,
    openCalls: captureOpenCalls(canister),
    managed: managedFacts(canister)
  };
}

/** The mutable globals of a canister's instance, as texts. */
export function globalsOf({ heap }: Runtime): string[] {
  return heap.state.globals.map((value, index) => encodeGlobal(value, heap.module.globals[index]?.type ?? 'i64'));
}

export function networkFacts(
  { clock, canisters, randomness, outcalls, instructionLimits, prices }: Subnet,
  inFlight: InFlight
): NetworkFacts {
  return {
    clockOffsetNs: clock.offsetNs,
    nextCanisterIndex: canisters.nextIndex,
    rules: { instructionLimits, prices: prices ?? null },
    randomSeed: randomness.seed,
    randomCount: randomness.count,
    inFlight,
    outcalls: { nextId: outcalls.nextId, pending: [...outcalls.pending] }
  };
}

/** Takes the network's state; canisters whose memories didn't change since the last one share its files. */
export class StateCapture {
  /** Of the last capture that reached the disk. */
  #saved: Captured = new Map();
  #captured = this.#saved;
  /** Distinguishes this run's blobs from those of earlier ones. */
  readonly #run = Date.now().toString(36);
  #count = 0;

  capture(subnet: Subnet, inFlight: InFlight): CapturedState {
    const newBlobs = new Map<string, Uint8Array>();
    const captured: Captured = new Map();
    const canisters: CanisterEntry[] = [];
    for (const canister of subnet.canisters.all()) {
      const before = this.#saved.get(canister);
      const isSame = before !== undefined && before.revision === canister.revision;
      const memories = isSame ? before.memories : this.#memoriesOf(canister, newBlobs);
      captured.set(canister, { revision: canister.revision, memories });
      canisters.push({ ...canisterFacts(canister), ...memories });
    }
    this.#captured = captured;
    const manifest = { format: MANIFEST_FORMAT, ...networkFacts(subnet, inFlight), canisters };
    return { manifest, newBlobs, blobs: new Set(canisters.flatMap(blobsOf)) };
  }

  /** The last capture is on disk. */
  confirm(): void {
    this.#saved = this.#captured;
  }

  #memoriesOf(canister: CanisterState, newBlobs: Map<string, Uint8Array>): Memories {
    const prefix = `${canister.name}-${this.#run}-${this.#count++}`;
    const store = ({ content, ...sparse }: SparseBytes, file: string): SparseFile => {
      newBlobs.set(file, content);
      return { ...sparse, file, crc32: crc32(content) };
    };
    putManagedFiles(canister, newBlobs);
    const { pages, chunks } = canister.stableMemory.committed;
    const stable = { pages, ...store(packChunks(chunks, STABLE_CHUNK_BYTES), `${prefix}.stable`) };
    if (canister.runtime === undefined) return { stable };
    const { module, state } = canister.runtime.heap;
    const moduleFile = `${toHex(module.hash)}.wasm`;
    newBlobs.set(moduleFile, module.source);
    return {
      stable,
      code: { moduleFile, globals: globalsOf(canister.runtime), memory: store(packBytes(state.bytes), `${prefix}.memory`) }
    };
  }
}

function blobsOf({ stable, code, managed }: CanisterEntry): string[] {
  const files = [stable.file, ...managedFiles(managed)];
  return code === undefined ? files : [...files, code.moduleFile, code.memory.file];
}
