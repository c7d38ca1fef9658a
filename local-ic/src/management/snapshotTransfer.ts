import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { SnapshotSource } from '../canister/ChangeHistory.ts';
import { imageBytes, sliceOf, type GlobalValue, type Snapshot } from '../canister/Snapshot.ts';
import { StableMemory, type StableImage } from '../canister/StableMemory.ts';
import { WASM_PAGE_BYTES } from '../wasm/layout.ts';
import { controlledCanister } from './access.ts';
import { Blob, decodeArgument, EMPTY_REPLY, encodeReply, type Opt } from './candid.ts';
import { ChunkHash, toHex, withChunk } from './chunks.ts';
import { SnapshotSourceType } from './history.ts';
import type { ManagementCall, ManagementParts, MethodTable } from './ManagementCall.ts';
import { refusal } from './refusal.ts';
import { keepSnapshot, ownSnapshot } from './snapshots.ts';

/** The IC's limit of a part that is read. */
const MAX_SLICE_BYTES = 2_000_000n;
/** What a snapshot may claim to be; as much as a canister can be here. */
const MAX_MODULE_BYTES = 100n * 2n ** 20n;
const MAX_WASM_MEMORY_BYTES = 6n * 2n ** 30n;
const MAX_STABLE_MEMORY_BYTES = 500n * 2n ** 30n;
const MAX_GLOBALS = 1_000;
const MAX_CERTIFIED_BYTES = 32;

const GlobalType = IDL.Variant({ i32: IDL.Int32, i64: IDL.Int64, f32: IDL.Float32, f64: IDL.Float64, v128: IDL.Nat });
const TimerType = IDL.Opt(IDL.Variant({ inactive: IDL.Null, active: IDL.Nat64 }));
const HookType = IDL.Opt(IDL.Variant({ condition_not_satisfied: IDL.Null, ready: IDL.Null, executed: IDL.Null }));

const reference = { canister_id: IDL.Principal, snapshot_id: Blob };
const sizes = { wasm_module_size: IDL.Nat64, wasm_memory_size: IDL.Nat64, stable_memory_size: IDL.Nat64 };
const content = {
  globals: IDL.Vec(GlobalType),
  certified_data: Blob,
  global_timer: TimerType,
  on_low_wasm_memory_hook_status: HookType
};

const ReadMetadata = IDL.Record(reference);
const ReadMetadataReply = IDL.Record({
  source: SnapshotSourceType,
  taken_at_timestamp: IDL.Nat64,
  canister_version: IDL.Nat64,
  wasm_chunk_store: IDL.Vec(ChunkHash),
  ...sizes,
  ...content
});
const Slice = IDL.Record({ offset: IDL.Nat64, size: IDL.Nat64 });
const ReadData = IDL.Record({
  ...reference,
  kind: IDL.Variant({ wasm_module: Slice, wasm_memory: Slice, stable_memory: Slice, wasm_chunk: ChunkHash })
});
const ReadDataReply = IDL.Record({ chunk: Blob });
const UploadMetadata = IDL.Record({ canister_id: IDL.Principal, replace_snapshot: IDL.Opt(Blob), ...sizes, ...content });
const UploadMetadataReply = IDL.Record({ snapshot_id: Blob });
const Place = IDL.Record({ offset: IDL.Nat64 });
const UploadData = IDL.Record({
  ...reference,
  kind: IDL.Variant({ wasm_module: Place, wasm_memory: Place, stable_memory: Place, wasm_chunk: IDL.Null }),
  chunk: Blob
});

interface Reference {
  canister_id: Principal;
  snapshot_id: Uint8Array;
}
interface Sizes {
  wasm_module_size: bigint;
  wasm_memory_size: bigint;
  stable_memory_size: bigint;
}
type UploadMetadataArgument = Sizes & {
  canister_id: Principal;
  replace_snapshot: Opt<Uint8Array>;
  globals: (GlobalValue | { v128: bigint })[];
  certified_data: Uint8Array;
  global_timer: Opt<{ inactive: null } | { active: bigint }>;
};
type SliceValue = { offset: bigint; size: bigint };
type ReadKind =
  { wasm_module: SliceValue } | { wasm_memory: SliceValue } | { stable_memory: SliceValue } | { wasm_chunk: { hash: Uint8Array } };
type PlaceValue = { offset: bigint };
type UploadKind = { wasm_module: PlaceValue } | { wasm_memory: PlaceValue } | { stable_memory: PlaceValue } | { wasm_chunk: null };

/** Snapshots go out of the network in parts, and come back into this or another canister. */
export function snapshotTransferMethods({ subnet }: ManagementParts): MethodTable {
  const readMetadata = (call: ManagementCall): Uint8Array => {
    const { canister_id, snapshot_id } = decodeArgument<Reference>(ReadMetadata, call.arg);
    const snapshot = ownSnapshot(controlledCanister(subnet, canister_id, call), snapshot_id);
    return encodeReply(ReadMetadataReply, describe(snapshot));
  };
  const readData = (call: ManagementCall): Uint8Array => {
    const { canister_id, snapshot_id, kind } = decodeArgument<Reference & { kind: ReadKind }>(ReadData, call.arg);
    const snapshot = ownSnapshot(controlledCanister(subnet, canister_id, call), snapshot_id);
    return encodeReply(ReadDataReply, { chunk: read(snapshot, kind) });
  };
  const uploadMetadata = (call: ManagementCall): Uint8Array => {
    const argument = decodeArgument<UploadMetadataArgument>(UploadMetadata, call.arg);
    const canister = controlledCanister(subnet, argument.canister_id, call);
    const { id } = keepSnapshot(canister, argument.replace_snapshot, emptySnapshot(argument, subnet.clock.now(), canister.version));
    return encodeReply(UploadMetadataReply, { snapshot_id: id });
  };
  const uploadData = (call: ManagementCall): Uint8Array => {
    type Argument = Reference & { kind: UploadKind; chunk: Uint8Array };
    const { canister_id, snapshot_id, kind, chunk } = decodeArgument<Argument>(UploadData, call.arg);
    const canister = controlledCanister(subnet, canister_id, call);
    const snapshot = ownSnapshot(canister, snapshot_id);
    if (!('metadata_upload' in snapshot.source)) {
      throw refusal('IC0409', 'Only canister snapshots created by metadata upload can be mutated.');
    }
    canister.snapshots.set(toHex(snapshot.id), { ...snapshot, ...written(snapshot, kind, chunk) });
    canister.revision++;
    return EMPTY_REPLY;
  };
  return {
    read_canister_snapshot_metadata: { run: readMetadata },
    read_canister_snapshot_data: { run: readData },
    upload_canister_snapshot_metadata: { run: uploadMetadata },
    upload_canister_snapshot_data: { run: uploadData }
  };
}

function describe(snapshot: Snapshot): Record<string, unknown> {
  const { globalTimerNs } = snapshot;
  return {
    source: snapshot.source,
    taken_at_timestamp: snapshot.takenAtNs,
    canister_version: snapshot.canisterVersion,
    wasm_chunk_store: [...snapshot.chunks.keys()].map((key) => ({ hash: Uint8Array.from(Buffer.from(key, 'hex')) })),
    wasm_module_size: BigInt(snapshot.wasmModule.length),
    wasm_memory_size: imageBytes(snapshot.wasmMemory),
    stable_memory_size: imageBytes(snapshot.stableMemory),
    globals: snapshot.globals,
    certified_data: snapshot.certifiedData,
    global_timer: globalTimerNs === undefined ? [] : [globalTimerNs === 0n ? { inactive: null } : { active: globalTimerNs }],
    on_low_wasm_memory_hook_status: []
  };
}

function read({ wasmModule, wasmMemory, stableMemory, chunks }: Snapshot, kind: ReadKind): Uint8Array {
  if ('wasm_chunk' in kind) {
    const { hash } = kind.wasm_chunk;
    const chunk = chunks.get(toHex(hash));
    if (chunk === undefined) throw refusal('IC0504', `Error from Wasm chunk store: Chunk hash ${toHex(hash)} was not found.`);
    return chunk;
  }
  if ('wasm_module' in kind) {
    const { offset, size } = checkSlice(kind.wasm_module, BigInt(wasmModule.length));
    return wasmModule.subarray(offset, offset + size);
  }
  const [image, slice] = 'wasm_memory' in kind ? [wasmMemory, kind.wasm_memory] : [stableMemory, kind.stable_memory];
  const { offset, size } = checkSlice(slice, imageBytes(image));
  return sliceOf(image, offset, size);
}

function checkSlice({ offset, size }: SliceValue, length: bigint): { offset: number; size: number } {
  if (size > MAX_SLICE_BYTES) throw refusal('IC0408', `Requested slice too large: ${size} > ${MAX_SLICE_BYTES}`);
  if (offset + size > length) {
    const message = `Invalid subslice into wasm module / main memory / stable memory: offset: ${offset}, size: ${size}`;
    throw refusal('IC0408', `${message}; there are ${length} bytes`);
  }
  return { offset: Number(offset), size: Number(size) };
}

function emptySnapshot(argument: UploadMetadataArgument, takenAtNs: bigint, canisterVersion: bigint): Omit<Snapshot, 'id'> {
  const { wasm_module_size, wasm_memory_size, stable_memory_size, globals, certified_data, global_timer } = argument;
  const requireAtMost = (what: string, size: bigint, most: bigint): void => {
    if (size > most) throw refusal('IC0408', `The ${what} of a snapshot has at most ${most} bytes, not ${size}`);
  };
  requireAtMost('Wasm module', wasm_module_size, MAX_MODULE_BYTES);
  requireAtMost('Wasm memory', wasm_memory_size, MAX_WASM_MEMORY_BYTES);
  requireAtMost('stable memory', stable_memory_size, MAX_STABLE_MEMORY_BYTES);
  requireAtMost('certified data', BigInt(certified_data.length), BigInt(MAX_CERTIFIED_BYTES));
  if (globals.length > MAX_GLOBALS) throw refusal('IC0408', `A snapshot has at most ${MAX_GLOBALS} globals, not ${globals.length}`);
  const timer = global_timer[0];
  const source: SnapshotSource = { metadata_upload: null };
  return {
    source,
    takenAtNs,
    canisterVersion,
    wasmModule: new Uint8Array(Number(wasm_module_size)),
    wasmMemory: { pages: pagesOf('Wasm memory', wasm_memory_size), chunks: [] },
    stableMemory: { pages: pagesOf('stable memory', stable_memory_size), chunks: [] },
    globals: globals.map((global) => {
      if ('v128' in global) throw refusal('IC0408', 'Globals of type v128 are not supported by this local network');
      return global;
    }),
    certifiedData: Uint8Array.from(certified_data),
    globalTimerNs: timer === undefined ? undefined : 'active' in timer ? timer.active : 0n,
    chunks: new Map()
  };
}

function pagesOf(what: string, bytes: bigint): number {
  const page = BigInt(WASM_PAGE_BYTES);
  if (bytes % page !== 0n) throw refusal('IC0408', `The size of the ${what} has to be a multiple of ${page} bytes, not ${bytes}`);
  return Number(bytes / page);
}

function written(snapshot: Snapshot, kind: UploadKind, chunk: Uint8Array): Partial<Snapshot> {
  if ('wasm_chunk' in kind) return { chunks: withChunk(snapshot.chunks, chunk).chunks };
  if ('wasm_module' in kind) {
    const wasmModule = snapshot.wasmModule.slice();
    wasmModule.set(chunk, checkPlace(kind.wasm_module, chunk, BigInt(wasmModule.length)));
    return { wasmModule };
  }
  if ('wasm_memory' in kind) return { wasmMemory: writtenTo(snapshot.wasmMemory, kind.wasm_memory, chunk) };
  return { stableMemory: writtenTo(snapshot.stableMemory, kind.stable_memory, chunk) };
}

function writtenTo(image: StableImage, place: PlaceValue, chunk: Uint8Array): StableImage {
  const memory = new StableMemory(image);
  memory.write(checkPlace(place, chunk, imageBytes(image)), chunk);
  return memory.capture();
}

function checkPlace({ offset }: PlaceValue, chunk: Uint8Array, length: bigint): number {
  return checkSlice({ offset, size: BigInt(chunk.length) }, length).offset;
}
