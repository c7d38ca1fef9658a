import type { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { createActor } from '../../src/actor.ts';
import { unwrapReply } from '../../src/engine/CanisterReject.ts';
import type { EmbeddedEngine } from '../../src/engine/EmbeddedEngine.ts';

type Opt<T> = [] | [T];
type Id = { canister_id: Principal };
type SnapshotRef = Id & { snapshot_id: Uint8Array };
type LogVisibility = { controllers: null } | { public: null } | { allowed_viewers: Principal[] };

export interface SettingsArgument {
  controllers: Opt<Principal[]>;
  compute_allocation: Opt<bigint>;
  memory_allocation: Opt<bigint>;
  freezing_threshold: Opt<bigint>;
  reserved_cycles_limit: Opt<bigint>;
  wasm_memory_limit: Opt<bigint>;
  wasm_memory_threshold: Opt<bigint>;
  log_visibility: Opt<LogVisibility>;
  environment_variables: Opt<{ name: string; value: string }[]>;
}

export const UNCHANGED: SettingsArgument = {
  controllers: [],
  compute_allocation: [],
  memory_allocation: [],
  freezing_threshold: [],
  reserved_cycles_limit: [],
  wasm_memory_limit: [],
  wasm_memory_threshold: [],
  log_visibility: [],
  environment_variables: []
};

interface StatusAnswer {
  status: Record<string, null>;
  cycles: bigint;
  version: bigint;
  memory_size: bigint;
  memory_metrics: Record<string, bigint>;
  module_hash: Opt<Uint8Array>;
  settings: Record<string, unknown>;
}

type InstallMode =
  | { install: null }
  | { reinstall: null }
  | { upgrade: Opt<{ skip_pre_upgrade: Opt<boolean>; wasm_memory_persistence: Opt<{ keep: null } | { replace: null }> }> };

interface SnapshotAnswer {
  id: Uint8Array;
  taken_at_timestamp: bigint;
  total_size: bigint;
}

interface SnapshotContent {
  globals: Record<string, number | bigint>[];
  certified_data: Uint8Array;
  global_timer: Opt<{ inactive: null } | { active: bigint }>;
  on_low_wasm_memory_hook_status: Opt<Record<string, null>>;
  wasm_module_size: bigint;
  wasm_memory_size: bigint;
  stable_memory_size: bigint;
}
type Slice = { offset: bigint; size: bigint };
type Place = { offset: bigint };

/** The management canister as a user of the network calls it. */
export interface Management {
  provisional_create_canister_with_cycles(argument: {
    amount: Opt<bigint>;
    settings: Opt<SettingsArgument>;
    specified_id: Opt<Principal>;
  }): Promise<Id>;
  provisional_top_up_canister(argument: Id & { amount: bigint }): Promise<void>;
  update_settings(argument: Id & { settings: SettingsArgument }): Promise<void>;
  canister_status(argument: Id): Promise<StatusAnswer>;
  install_code(argument: Id & { mode: InstallMode; wasm_module: Uint8Array; arg: Uint8Array }): Promise<void>;
  upload_chunk(argument: Id & { chunk: Uint8Array }): Promise<{ hash: Uint8Array }>;
  stored_chunks(argument: Id): Promise<{ hash: Uint8Array }[]>;
  clear_chunk_store(argument: Id): Promise<void>;
  install_chunked_code(argument: {
    mode: InstallMode;
    target_canister: Principal;
    store_canister: Opt<Principal>;
    chunk_hashes_list: { hash: Uint8Array }[];
    wasm_module_hash: Uint8Array;
    arg: Uint8Array;
  }): Promise<void>;
  start_canister(argument: Id): Promise<void>;
  stop_canister(argument: Id): Promise<void>;
  uninstall_code(argument: Id): Promise<void>;
  delete_canister(argument: Id): Promise<void>;
  take_canister_snapshot(argument: Id & { replace_snapshot: Opt<Uint8Array>; uninstall_code: Opt<boolean> }): Promise<SnapshotAnswer>;
  load_canister_snapshot(argument: SnapshotRef): Promise<void>;
  list_canister_snapshots(argument: Id): Promise<SnapshotAnswer[]>;
  delete_canister_snapshot(argument: SnapshotRef): Promise<void>;
  read_canister_snapshot_metadata(
    argument: SnapshotRef
  ): Promise<SnapshotContent & { source: Record<string, unknown>; canister_version: bigint; wasm_chunk_store: { hash: Uint8Array }[] }>;
  read_canister_snapshot_data(
    argument: SnapshotRef & {
      kind: { wasm_module: Slice } | { wasm_memory: Slice } | { stable_memory: Slice } | { wasm_chunk: { hash: Uint8Array } };
    }
  ): Promise<{ chunk: Uint8Array }>;
  upload_canister_snapshot_metadata(
    argument: Id & SnapshotContent & { replace_snapshot: Opt<Uint8Array> }
  ): Promise<{ snapshot_id: Uint8Array }>;
  upload_canister_snapshot_data(
    argument: SnapshotRef & {
      kind: { wasm_module: Place } | { wasm_memory: Place } | { stable_memory: Place } | { wasm_chunk: null };
      chunk: Uint8Array;
    }
  ): Promise<void>;
  fetch_canister_logs(argument: Id): Promise<{
    canister_log_records: { idx: bigint; timestamp_nanos: bigint; content: Uint8Array }[];
  }>;
  raw_rand(): Promise<Uint8Array>;
  not_there(): Promise<void>;
}

/** Written after the specification's ic.did, not after the network's own types. */
export const management: IDL.InterfaceFactory = ({ IDL }) => {
  const blob = IDL.Vec(IDL.Nat8);
  const id = { canister_id: IDL.Principal };
  const visibility = IDL.Variant({ controllers: IDL.Null, public: IDL.Null, allowed_viewers: IDL.Vec(IDL.Principal) });
  const variables = IDL.Vec(IDL.Record({ name: IDL.Text, value: IDL.Text }));
  const settings = IDL.Record({
    controllers: IDL.Opt(IDL.Vec(IDL.Principal)),
    compute_allocation: IDL.Opt(IDL.Nat),
    memory_allocation: IDL.Opt(IDL.Nat),
    freezing_threshold: IDL.Opt(IDL.Nat),
    reserved_cycles_limit: IDL.Opt(IDL.Nat),
    log_visibility: IDL.Opt(visibility),
    wasm_memory_limit: IDL.Opt(IDL.Nat),
    wasm_memory_threshold: IDL.Opt(IDL.Nat),
    environment_variables: IDL.Opt(variables)
  });
  const status = IDL.Record({
    status: IDL.Variant({ running: IDL.Null, stopping: IDL.Null, stopped: IDL.Null }),
    version: IDL.Nat64,
    settings: IDL.Record({
      controllers: IDL.Vec(IDL.Principal),
      compute_allocation: IDL.Nat,
      memory_allocation: IDL.Nat,
      freezing_threshold: IDL.Nat,
      reserved_cycles_limit: IDL.Nat,
      log_visibility: visibility,
      wasm_memory_limit: IDL.Nat,
      wasm_memory_threshold: IDL.Nat,
      environment_variables: variables
    }),
    module_hash: IDL.Opt(blob),
    memory_size: IDL.Nat,
    memory_metrics: IDL.Record({
      wasm_memory_size: IDL.Nat,
      stable_memory_size: IDL.Nat,
      wasm_chunk_store_size: IDL.Nat,
      canister_history_size: IDL.Nat,
      snapshots_size: IDL.Nat
    }),
    cycles: IDL.Nat
  });
  const mode = IDL.Variant({
    install: IDL.Null,
    reinstall: IDL.Null,
    upgrade: IDL.Opt(
      IDL.Record({
        skip_pre_upgrade: IDL.Opt(IDL.Bool),
        wasm_memory_persistence: IDL.Opt(IDL.Variant({ keep: IDL.Null, replace: IDL.Null }))
      })
    )
  });
  const hash = IDL.Record({ hash: blob });
  const ref = { ...id, snapshot_id: blob };
  const snapshot = IDL.Record({ id: blob, taken_at_timestamp: IDL.Nat64, total_size: IDL.Nat64 });
  const content = {
    globals: IDL.Vec(IDL.Variant({ i32: IDL.Int32, i64: IDL.Int64, f32: IDL.Float32, f64: IDL.Float64, v128: IDL.Nat })),
    certified_data: blob,
    global_timer: IDL.Opt(IDL.Variant({ inactive: IDL.Null, active: IDL.Nat64 })),
    on_low_wasm_memory_hook_status: IDL.Opt(IDL.Variant({ condition_not_satisfied: IDL.Null, ready: IDL.Null, executed: IDL.Null })),
    wasm_module_size: IDL.Nat64,
    wasm_memory_size: IDL.Nat64,
    stable_memory_size: IDL.Nat64
  };
  const slice = IDL.Record({ offset: IDL.Nat64, size: IDL.Nat64 });
  const place = IDL.Record({ offset: IDL.Nat64 });
  const source = IDL.Variant({ taken_from_canister: IDL.Reserved, metadata_upload: IDL.Reserved });
  const readKind = IDL.Variant({ wasm_module: slice, wasm_memory: slice, stable_memory: slice, wasm_chunk: hash });
  const writeKind = IDL.Variant({ wasm_module: place, wasm_memory: place, stable_memory: place, wasm_chunk: IDL.Null });
  const record = IDL.Record({ idx: IDL.Nat64, timestamp_nanos: IDL.Nat64, content: blob });
  return IDL.Service({
    provisional_create_canister_with_cycles: IDL.Func(
      [IDL.Record({ amount: IDL.Opt(IDL.Nat), settings: IDL.Opt(settings), specified_id: IDL.Opt(IDL.Principal) })],
      [IDL.Record(id)]
    ),
    provisional_top_up_canister: IDL.Func([IDL.Record({ ...id, amount: IDL.Nat })], []),
    update_settings: IDL.Func([IDL.Record({ ...id, settings })], []),
    canister_status: IDL.Func([IDL.Record(id)], [status]),
    install_code: IDL.Func([IDL.Record({ ...id, mode, wasm_module: blob, arg: blob })], []),
    upload_chunk: IDL.Func([IDL.Record({ ...id, chunk: blob })], [hash]),
    stored_chunks: IDL.Func([IDL.Record(id)], [IDL.Vec(hash)]),
    clear_chunk_store: IDL.Func([IDL.Record(id)], []),
    install_chunked_code: IDL.Func(
      [
        IDL.Record({
          mode,
          target_canister: IDL.Principal,
          store_canister: IDL.Opt(IDL.Principal),
          chunk_hashes_list: IDL.Vec(hash),
          wasm_module_hash: blob,
          arg: blob
        })
      ],
      []
    ),
    start_canister: IDL.Func([IDL.Record(id)], []),
    stop_canister: IDL.Func([IDL.Record(id)], []),
    uninstall_code: IDL.Func([IDL.Record(id)], []),
    delete_canister: IDL.Func([IDL.Record(id)], []),
    take_canister_snapshot: IDL.Func(
      [IDL.Record({ ...id, replace_snapshot: IDL.Opt(blob), uninstall_code: IDL.Opt(IDL.Bool) })],
      [snapshot]
    ),
    load_canister_snapshot: IDL.Func([IDL.Record(ref)], []),
    list_canister_snapshots: IDL.Func([IDL.Record(id)], [IDL.Vec(snapshot)]),
    delete_canister_snapshot: IDL.Func([IDL.Record(ref)], []),
    read_canister_snapshot_metadata: IDL.Func(
      [IDL.Record(ref)],
      [IDL.Record({ ...content, source, canister_version: IDL.Nat64, wasm_chunk_store: IDL.Vec(hash) })]
    ),
    read_canister_snapshot_data: IDL.Func([IDL.Record({ ...ref, kind: readKind })], [IDL.Record({ chunk: blob })]),
    upload_canister_snapshot_metadata: IDL.Func(
      [IDL.Record({ ...id, ...content, replace_snapshot: IDL.Opt(blob) })],
      [IDL.Record({ snapshot_id: blob })]
    ),
    upload_canister_snapshot_data: IDL.Func([IDL.Record({ ...ref, kind: writeKind, chunk: blob })], []),
    fetch_canister_logs: IDL.Func([IDL.Record(id)], [IDL.Record({ canister_log_records: IDL.Vec(record) })], ['query']),
    raw_rand: IDL.Func([], [blob]),
    not_there: IDL.Func([], [])
  });
};

/** The management canister for one user of a network. */
export function managementOf(engine: EmbeddedEngine, sender: Principal): Management {
  const canisterId = Principal.managementCanister();
  return createActor<Management>(management, {
    update: async (method, arg) => unwrapReply(await engine.update({ canisterId, method, arg, sender })),
    query: async (method, arg) => unwrapReply(await engine.query({ canisterId, method, arg, sender }))
  });
}
