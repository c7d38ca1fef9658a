import { IDL, type JsonValue } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { checkCandid } from '../candid/checkCandid.ts';
import { CanisterReject } from '../engine/CanisterReject.ts';

/** The reply `()`. */
export const EMPTY_REPLY = new Uint8Array(IDL.encode([], []));

/** Candid's opt in JavaScript. */
export type Opt<T> = [] | [T];

const Numbers = {
  compute_allocation: IDL.Opt(IDL.Nat),
  memory_allocation: IDL.Opt(IDL.Nat),
  freezing_threshold: IDL.Opt(IDL.Nat),
  reserved_cycles_limit: IDL.Opt(IDL.Nat),
  wasm_memory_limit: IDL.Opt(IDL.Nat),
  wasm_memory_threshold: IDL.Opt(IDL.Nat)
};
export type SettingName = keyof typeof Numbers;
export const SETTING_NAMES = Object.keys(Numbers) as SettingName[];

/** canister_settings; fields this network doesn't know are skipped, as Candid does. */
const Settings = IDL.Record({ controllers: IDL.Opt(IDL.Vec(IDL.Principal)), ...Numbers });
export type SettingsValue = { controllers: Opt<Principal[]> } & Record<SettingName, Opt<bigint>>;

const canisterOnly = IDL.Record({ canister_id: IDL.Principal });

/** Arguments of the management canister (https://internetcomputer.org/docs/references/ic-interface-spec#ic-management-canister). */
export const Arguments = {
  create: [IDL.Record({ settings: IDL.Opt(Settings) })],
  provisionalCreate: [IDL.Record({ amount: IDL.Opt(IDL.Nat), settings: IDL.Opt(Settings), specified_id: IDL.Opt(IDL.Principal) })],
  provisionalTopUp: [IDL.Record({ canister_id: IDL.Principal, amount: IDL.Nat })],
  updateSettings: [IDL.Record({ canister_id: IDL.Principal, settings: Settings })],
  canister: [canisterOnly],
  install: [
    IDL.Record({
      mode: IDL.Variant({
        install: IDL.Null,
        reinstall: IDL.Null,
        upgrade: IDL.Opt(
          IDL.Record({
            skip_pre_upgrade: IDL.Opt(IDL.Bool),
            wasm_memory_persistence: IDL.Opt(IDL.Variant({ keep: IDL.Null, replace: IDL.Null }))
          })
        )
      }),
      canister_id: IDL.Principal,
      wasm_module: IDL.Vec(IDL.Nat8),
      arg: IDL.Vec(IDL.Nat8)
    })
  ]
} satisfies Record<string, [IDL.Type]>;

export interface InstallArgument {
  mode:
    | { install: null }
    | { reinstall: null }
    | { upgrade: Opt<{ skip_pre_upgrade: Opt<boolean>; wasm_memory_persistence: Opt<{ keep: null } | { replace: null }> }> };
  canister_id: Principal;
  wasm_module: Uint8Array;
  arg: Uint8Array;
}

export const Replies = {
  canister: [canisterOnly],
  blob: [IDL.Vec(IDL.Nat8)],
  status: [
    IDL.Record({
      status: IDL.Variant({ running: IDL.Null, stopping: IDL.Null, stopped: IDL.Null }),
      version: IDL.Nat64,
      ready_for_migration: IDL.Bool,
      settings: IDL.Record({
        controllers: IDL.Vec(IDL.Principal),
        compute_allocation: IDL.Nat,
        memory_allocation: IDL.Nat,
        freezing_threshold: IDL.Nat,
        reserved_cycles_limit: IDL.Nat,
        log_visibility: IDL.Variant({ controllers: IDL.Null, public: IDL.Null, allowed_viewers: IDL.Vec(IDL.Principal) }),
        wasm_memory_limit: IDL.Nat,
        wasm_memory_threshold: IDL.Nat,
        environment_variables: IDL.Vec(IDL.Record({ name: IDL.Text, value: IDL.Text }))
      }),
      module_hash: IDL.Opt(IDL.Vec(IDL.Nat8)),
      memory_size: IDL.Nat,
      memory_metrics: IDL.Record({
        wasm_memory_size: IDL.Nat,
        stable_memory_size: IDL.Nat,
        global_memory_size: IDL.Nat,
        wasm_binary_size: IDL.Nat,
        custom_sections_size: IDL.Nat,
        canister_history_size: IDL.Nat,
        wasm_chunk_store_size: IDL.Nat,
        snapshots_size: IDL.Nat
      }),
      cycles: IDL.Nat,
      reserved_cycles: IDL.Nat,
      idle_cycles_burned_per_day: IDL.Nat,
      query_stats: IDL.Record({
        num_calls_total: IDL.Nat,
        num_instructions_total: IDL.Nat,
        request_payload_bytes_total: IDL.Nat,
        response_payload_bytes_total: IDL.Nat
      })
    })
  ]
} satisfies Record<string, [IDL.Type]>;

export function encodeReply(types: IDL.Type[], value: unknown): Uint8Array {
  return new Uint8Array(IDL.encode(types, [value]));
}

/**
 * Decodes an argument; `T` is the JavaScript value of `types`.
 *
 * @throws CanisterReject when the bytes are something else
 */
export function decodeArgument<T>(types: IDL.Type[], arg: Uint8Array): T {
  let values: JsonValue[];
  try {
    checkCandid(arg);
    values = IDL.decode(types, arg);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CanisterReject(4, 'IC0408', `Error decoding candid: ${reason}`);
  }
  return values[0] as T;
}
