import { createHash } from 'node:crypto';
import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { joinParts } from '../canister/systemApi/messageApi.ts';
import { controlledCanister, ownOrControlledCanister } from './access.ts';
import { Blob, CanisterIdRecord, decodeArgument, EMPTY_REPLY, encodeReply, SENDER_VERSION, type Opt } from './candid.ts';
import { InstallMode, installOn, installOptions, type InstallModeValue } from './code.ts';
import type { ManagementCall, ManagementParts, MethodTable } from './ManagementCall.ts';
import { refusal } from './refusal.ts';

/** The IC's limits of a chunk and of a canister's store. */
const MAX_CHUNK_BYTES = 1_048_576;
const MAX_CHUNKS = 100;

export const ChunkHash = IDL.Record({ hash: Blob });
const UploadChunk = IDL.Record({ canister_id: IDL.Principal, chunk: Blob });
const InstallChunkedCode = IDL.Record({
  mode: InstallMode,
  target_canister: IDL.Principal,
  store_canister: IDL.Opt(IDL.Principal),
  chunk_hashes_list: IDL.Vec(ChunkHash),
  wasm_module_hash: Blob,
  arg: Blob,
  ...SENDER_VERSION
});

interface InstallChunkedArgument {
  mode: InstallModeValue;
  target_canister: Principal;
  store_canister: Opt<Principal>;
  chunk_hashes_list: { hash: Uint8Array }[];
  wasm_module_hash: Uint8Array;
  arg: Uint8Array;
  sender_canister_version: Opt<bigint>;
}

export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const storeError = (message: string) => refusal('IC0504', `Error from Wasm chunk store: ${message}.`);

/**
 * A chunk store with one chunk more.
 *
 * @throws CanisterReject IC0504 when the chunk is too large or the store full
 */
export function withChunk(chunks: ReadonlyMap<string, Uint8Array>, chunk: Uint8Array): { hash: Uint8Array; chunks: typeof chunks } {
  if (chunk.length > MAX_CHUNK_BYTES) {
    throw storeError(`Wasm chunk size ${chunk.length} exceeds the maximum chunk size of ${MAX_CHUNK_BYTES}`);
  }
  const hash = new Uint8Array(createHash('sha256').update(chunk).digest());
  const key = toHex(hash);
  if (chunks.has(key)) return { hash, chunks };
  if (chunks.size >= MAX_CHUNKS) throw storeError(`Wasm chunk store has already reached maximum capacity of ${MAX_CHUNKS} chunks`);
  return { hash, chunks: new Map(chunks).set(key, Uint8Array.from(chunk)) };
}

/** Installation of modules that don't fit into one message. */
export function chunkMethods({ subnet }: ManagementParts): MethodTable {
  const store = (call: ManagementCall) =>
    ownOrControlledCanister(subnet, decodeArgument<{ canister_id: Principal }>(CanisterIdRecord, call.arg).canister_id, call);

  const upload = (call: ManagementCall): Uint8Array => {
    const { canister_id, chunk } = decodeArgument<{ canister_id: Principal; chunk: Uint8Array }>(UploadChunk, call.arg);
    const canister = ownOrControlledCanister(subnet, canister_id, call);
    const { hash, chunks } = withChunk(canister.chunks, chunk);
    canister.chunks = chunks;
    canister.revision++;
    return encodeReply(ChunkHash, { hash });
  };
  const clear = (call: ManagementCall): Uint8Array => {
    const canister = store(call);
    canister.chunks = new Map();
    canister.revision++;
    return EMPTY_REPLY;
  };
  const list = (call: ManagementCall): Uint8Array => {
    const hashes = [...store(call).chunks.keys()].map((key) => ({ hash: Uint8Array.from(Buffer.from(key, 'hex')) }));
    return encodeReply(IDL.Vec(ChunkHash), hashes);
  };
  const install = (call: ManagementCall): Uint8Array => {
    const argument = decodeArgument<InstallChunkedArgument>(InstallChunkedCode, call.arg);
    const { target_canister, store_canister, mode, arg, sender_canister_version } = argument;
    controlledCanister(subnet, target_canister, call);
    const source = store_canister[0] ?? target_canister;
    const { chunks } = ownOrControlledCanister(subnet, source, call);
    const options = { ...installOptions(mode), wasm: joinChunks(chunks, argument), arg: Uint8Array.from(arg) };
    installOn(subnet, target_canister, call, options, sender_canister_version);
    return EMPTY_REPLY;
  };
  return {
    upload_chunk: { run: upload },
    clear_chunk_store: { run: clear },
    stored_chunks: { run: list },
    install_chunked_code: { run: install }
  };
}

function joinChunks(
  chunks: ReadonlyMap<string, Uint8Array>,
  { chunk_hashes_list, wasm_module_hash }: Pick<InstallChunkedArgument, 'chunk_hashes_list' | 'wasm_module_hash'>
): Uint8Array {
  if (wasm_module_hash.length !== 32) throw refusal('IC0504', `Invalid wasm hash: it has ${wasm_module_hash.length} bytes instead of 32`);
  // A chunk may come several times, so the list is bounded by itself.
  if (chunk_hashes_list.length > MAX_CHUNKS) {
    throw storeError(`A module has at most ${MAX_CHUNKS} chunks, not ${chunk_hashes_list.length}`);
  }
  const parts = chunk_hashes_list.map(({ hash }) => {
    if (hash.length !== 32) throw storeError('Chunk hash is invalid. The length is not 32');
    const chunk = chunks.get(toHex(hash));
    if (chunk === undefined) throw storeError(`Chunk hash ${toHex(hash)} was not found`);
    return chunk;
  });
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const wasm = joinParts(parts, length);
  const actual = createHash('sha256').update(wasm).digest('hex');
  if (actual !== toHex(wasm_module_hash)) {
    throw storeError(`Wasm module hash ${actual} does not match given hash ${toHex(wasm_module_hash)}`);
  }
  return wasm;
}
