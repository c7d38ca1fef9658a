import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { CanisterState } from '../canister/CanisterState.ts';
import { noteMemoryLeft } from '../canister/lowMemory.ts';
import { createRuntime } from '../canister/Runtime.ts';
import { bytesOf, imageOf, snapshotBytes, type GlobalValue, type Snapshot } from '../canister/Snapshot.ts';
import { StableMemory } from '../canister/StableMemory.ts';
import type { Subnet } from '../engine/Subnet.ts';
import { loadCanisterModule, type CanisterModule } from '../wasm/CanisterModule.ts';
import { WasmFormatError } from '../wasm/WasmFormatError.ts';
import { controlledCanister, requireController } from './access.ts';
import { Blob, CanisterIdRecord, decodeArgument, EMPTY_REPLY, encodeReply, SENDER_VERSION, type Opt } from './candid.ts';
import { toHex } from './chunks.ts';
import { uninstall } from './code.ts';
import { changeOrigin, recordChange, type ManagementCall, type ManagementParts, type MethodTable } from './ManagementCall.ts';
import { refusal } from './refusal.ts';

/** The IC's limit. */
const MAX_SNAPSHOTS = 10;
/** A snapshot's id is its number, then its canister's id. */
const NUMBER_BYTES = 8;

const Take = IDL.Record({
  canister_id: IDL.Principal,
  replace_snapshot: IDL.Opt(Blob),
  uninstall_code: IDL.Opt(IDL.Bool),
  ...SENDER_VERSION
});
const Load = IDL.Record({ canister_id: IDL.Principal, snapshot_id: Blob, ...SENDER_VERSION });
const Delete = IDL.Record({ canister_id: IDL.Principal, snapshot_id: Blob });
const Description = IDL.Record({ id: Blob, taken_at_timestamp: IDL.Nat64, total_size: IDL.Nat64 });

const describe = (snapshot: Snapshot) => ({
  id: snapshot.id,
  taken_at_timestamp: snapshot.takenAtNs,
  total_size: snapshotBytes(snapshot)
});

const notFound = (id: Uint8Array, { name }: CanisterState) =>
  refusal('IC0305', `Could not find the snapshot ID ${toHex(id)} for canister ${name}.`);

/** @throws CanisterReject IC0305, or IC0406 for a snapshot of another canister */
export function ownSnapshot(canister: CanisterState, id: Uint8Array): Snapshot {
  const snapshot = canister.snapshots.get(toHex(id));
  if (snapshot !== undefined) return snapshot;
  if (toHex(id.subarray(NUMBER_BYTES)) === canister.key) throw notFound(id, canister);
  throw refusal('IC0406', `The snapshot ${toHex(id)} does not belong to canister ${canister.name}.`);
}

/**
 * Keeps a snapshot under a new id, in the place of another if that is asked for.
 *
 * @throws CanisterReject IC0305 when the one to replace isn't there, IC0406 when the canister has 10 already
 */
export function keepSnapshot(canister: CanisterState, [replaced]: Opt<Uint8Array>, content: Omit<Snapshot, 'id'>): Snapshot {
  if (replaced !== undefined) ownSnapshot(canister, replaced);
  else if (canister.snapshots.size >= MAX_SNAPSHOTS) {
    throw refusal('IC0406', `Canister ${canister.name} has reached the maximum number of snapshots allowed: ${MAX_SNAPSHOTS}.`);
  }
  const id = new Uint8Array(NUMBER_BYTES + canister.idBytes.length);
  new DataView(id.buffer).setBigUint64(0, canister.nextSnapshotNumber++);
  id.set(canister.idBytes, NUMBER_BYTES);
  const snapshot = { id, ...content };
  if (replaced !== undefined) canister.snapshots.delete(toHex(replaced));
  canister.snapshots.set(toHex(id), snapshot);
  canister.revision++;
  return snapshot;
}

/** Canisters as they were: taken, brought back, listed and forgotten. */
export function snapshotMethods(parts: ManagementParts): MethodTable {
  const { subnet } = parts;

  const take = (call: ManagementCall): Uint8Array => {
    interface Argument {
      canister_id: Principal;
      replace_snapshot: Opt<Uint8Array>;
      uninstall_code: Opt<boolean>;
      sender_canister_version: Opt<bigint>;
    }
    const argument = decodeArgument<Argument>(Take, call.arg);
    const canister = controlledCanister(subnet, argument.canister_id, call);
    const snapshot = keepSnapshot(canister, argument.replace_snapshot, contentOf(canister, subnet.clock.now()));
    if (argument.uninstall_code[0] === true) uninstall(parts, canister, call, argument.sender_canister_version);
    return encodeReply(Description, describe(snapshot));
  };
  const load = (call: ManagementCall): Uint8Array => {
    type Argument = { canister_id: Principal; snapshot_id: Uint8Array; sender_canister_version: Opt<bigint> };
    const { canister_id, snapshot_id, sender_canister_version } = decodeArgument<Argument>(Load, call.arg);
    const canister = controlledCanister(subnet, canister_id, call);
    // It may be another canister's, if the caller controls that one, too.
    const owner = subnet.canisters.get(snapshot_id.subarray(NUMBER_BYTES));
    const snapshot = owner?.snapshots.get(toHex(snapshot_id));
    if (owner === undefined || snapshot === undefined) throw notFound(snapshot_id, canister);
    requireController(owner, call);
    loadSnapshot(subnet, canister, snapshot);
    recordChange(subnet, canister, changeOrigin(call, sender_canister_version), {
      load_snapshot: {
        from_canister_id: owner === canister ? [] : [owner.id],
        snapshot_id: snapshot.id,
        canister_version: snapshot.canisterVersion,
        taken_at_timestamp: snapshot.takenAtNs,
        source: snapshot.source
      }
    });
    return EMPTY_REPLY;
  };
  const list = (call: ManagementCall): Uint8Array => {
    const { canister_id } = decodeArgument<{ canister_id: Principal }>(CanisterIdRecord, call.arg);
    const { snapshots } = controlledCanister(subnet, canister_id, call);
    return encodeReply(IDL.Vec(Description), [...snapshots.values()].map(describe));
  };
  const remove = (call: ManagementCall): Uint8Array => {
    const { canister_id, snapshot_id } = decodeArgument<{ canister_id: Principal; snapshot_id: Uint8Array }>(Delete, call.arg);
    const canister = controlledCanister(subnet, canister_id, call);
    canister.snapshots.delete(toHex(ownSnapshot(canister, snapshot_id).id));
    canister.revision++;
    return EMPTY_REPLY;
  };
  return {
    take_canister_snapshot: { run: take },
    load_canister_snapshot: { run: load },
    list_canister_snapshots: { run: list },
    delete_canister_snapshot: { run: remove }
  };
}

function contentOf(canister: CanisterState, takenAtNs: bigint): Omit<Snapshot, 'id'> {
  if (canister.runtime === undefined) throw refusal('IC0406', `Failed to create snapshot for empty canister ${canister.name}`);
  const { module, state } = canister.runtime.heap;
  return {
    source: { taken_from_canister: null },
    takenAtNs,
    canisterVersion: canister.version,
    wasmModule: module.source,
    wasmMemory: imageOf(state.bytes),
    stableMemory: canister.stableMemory.committed,
    globals: state.globals.map((value, index) => ({ [module.globals[index]?.type ?? 'i64']: value }) as GlobalValue),
    certifiedData: canister.certifiedData,
    globalTimerNs: canister.globalTimerNs,
    chunks: canister.chunks
  };
}

/** Makes a canister what it was; nothing of its code runs. @throws CanisterReject when the snapshot was uploaded and isn't consistent */
function loadSnapshot(subnet: Subnet, canister: CanisterState, snapshot: Snapshot): void {
  const module = moduleOf(snapshot);
  const globals = globalsOf(snapshot, module);
  canister.runtime = createRuntime(canister, module, subnet, { bytes: bytesOf(snapshot.wasmMemory), globals });
  canister.stableMemory = new StableMemory(snapshot.stableMemory);
  canister.certifiedData = snapshot.certifiedData;
  canister.chunks = snapshot.chunks;
  if ('metadata_upload' in snapshot.source && snapshot.globalTimerNs !== undefined) canister.globalTimerNs = snapshot.globalTimerNs;
  canister.touch();
  noteMemoryLeft(canister, subnet.lowOnMemory);
}

function moduleOf({ wasmModule }: Snapshot): CanisterModule {
  try {
    return loadCanisterModule(wasmModule);
  } catch (error) {
    if (error instanceof WasmFormatError) throw refusal('IC0505', `Canister's Wasm module is not valid: ${error.message}`);
    throw error;
  }
}

function globalsOf({ globals }: Snapshot, module: CanisterModule): (number | bigint)[] {
  const given = globals.map((global) => Object.entries(global)[0] as [string, number | bigint]);
  const types = given.map(([type]) => type).join();
  const wanted = module.globals.map(({ type }) => type).join();
  if (types !== wanted) {
    throw refusal('IC0408', `Wasm exported globals of canister module and snapshot metadata do not match: [${wanted}] and [${types}]`);
  }
  return given.map(([, value]) => value);
}
