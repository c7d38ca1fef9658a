import type { CanisterState, ResourceSettings } from '../canister/CanisterState.ts';
import type { Runtime } from '../canister/Runtime.ts';
import { STABLE_CHUNK_BYTES } from '../canister/StableMemory.ts';
import type { Subnet } from '../engine/Subnet.ts';
import { encodeGlobal, MANIFEST_FORMAT, type CanisterEntry, type Manifest, type SparseFile } from './manifest.ts';
import { packBytes, packChunks, type SparseBytes } from './sparse.ts';

/** A state in memory, ready to be written while the network goes on. */
export interface CapturedState {
  manifest: Manifest;
  /** Content of the blobs that may not be on disk yet, by name. */
  newBlobs: Map<string, Uint8Array>;
  /** Names of all blobs the manifest needs. */
  blobs: Set<string>;
}

type Captured = Map<CanisterState, { revision: number; entry: CanisterEntry }>;

const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Takes the network's state; canisters that didn't change since the last one share its entries and files. */
export class StateCapture {
  /** Entries of the last capture that reached the disk. */
  #saved: Captured = new Map();
  #captured = this.#saved;
  #fingerprint = '';
  #capturedFingerprint = '';
  /** Distinguishes this run's blobs from those of earlier ones. */
  readonly #run = Date.now().toString(36);
  #count = 0;

  /** Whether there is something that isn't saved. */
  isChanged(subnet: Subnet): boolean {
    return this.#fingerprintOf(subnet) !== this.#fingerprint;
  }

  capture(subnet: Subnet): CapturedState {
    const newBlobs = new Map<string, Uint8Array>();
    const captured: Captured = new Map();
    for (const canister of subnet.canisters.all()) {
      const before = this.#saved.get(canister);
      const isSame = before !== undefined && before.revision === canister.revision;
      captured.set(canister, isSame ? before : { revision: canister.revision, entry: this.#entryOf(canister, newBlobs) });
    }
    this.#captured = captured;
    this.#capturedFingerprint = this.#fingerprintOf(subnet);
    const canisters = [...captured.values()].map(({ entry }) => entry);
    const manifest: Manifest = {
      format: MANIFEST_FORMAT,
      clockOffsetNs: subnet.clock.offsetNs.toString(),
      nextCanisterIndex: subnet.canisters.nextIndex.toString(),
      randomCount: subnet.randomness.count.toString(),
      canisters
    };
    return { manifest, newBlobs, blobs: new Set(canisters.flatMap(blobsOf)) };
  }

  /** The last capture is on disk. */
  confirm(): void {
    this.#saved = this.#captured;
    this.#fingerprint = this.#capturedFingerprint;
  }

  #fingerprintOf({ canisters, clock, randomness }: Subnet): string {
    const revisions = [...canisters.all()].map(({ name, revision }) => `${name}:${revision}`);
    return [clock.offsetNs, randomness.count, canisters.nextIndex, canisters.revision, ...revisions].join();
  }

  #entryOf(canister: CanisterState, newBlobs: Map<string, Uint8Array>): CanisterEntry {
    const prefix = `${canister.name}-${this.#run}-${this.#count++}`;
    const store = ({ content, ...sparse }: SparseBytes, file: string): SparseFile => {
      newBlobs.set(file, content);
      return { ...sparse, file };
    };
    const stable = canister.stableMemory.committed;
    const entry: CanisterEntry = {
      id: canister.name,
      controllers: canister.controllers.map((id) => id.toText()),
      settings: settingsOf(canister),
      status: canister.status,
      cycles: canister.cycles.toString(),
      consumedCycles: canister.consumedCycles.toString(),
      idlePaidUntilNs: canister.idlePaidUntilNs.toString(),
      version: canister.version.toString(),
      certifiedData: toHex(canister.certifiedData),
      globalTimerNs: canister.globalTimerNs.toString(),
      lastHeartbeatNs: canister.lastHeartbeatNs.toString(),
      stable: { pages: stable.pages, ...store(packChunks(stable.chunks, STABLE_CHUNK_BYTES), `${prefix}.stable`) }
    };
    return canister.runtime === undefined ? entry : { ...entry, code: codeOf(canister.runtime) };

    function codeOf({ heap }: Runtime): NonNullable<CanisterEntry['code']> {
      const moduleFile = `${toHex(heap.module.hash)}.wasm`;
      newBlobs.set(moduleFile, heap.module.source);
      const { bytes, globals } = heap.state;
      return {
        moduleFile,
        globals: globals.map((value, index) => encodeGlobal(value, heap.module.globals[index]?.type ?? 'i64')),
        memory: store(packBytes(bytes), `${prefix}.memory`)
      };
    }
  }
}

function settingsOf({ settings }: CanisterState): CanisterEntry['settings'] {
  const entries = Object.entries(settings).map(([name, value]: [string, bigint]) => [name, value.toString()]);
  return Object.fromEntries(entries) as Record<keyof ResourceSettings, string>;
}

function blobsOf({ stable, code }: CanisterEntry): string[] {
  return code === undefined ? [stable.file] : [stable.file, code.moduleFile, code.memory.file];
}
