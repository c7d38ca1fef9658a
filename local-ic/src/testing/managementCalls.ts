import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { unwrapReply } from '../engine/CanisterReject.ts';
import type { Engine } from '../engine/types.ts';

/** A canister's settings, named as in the interface specification. What isn't given stays as it is. */
export interface CanisterSettings {
  controllers?: Principal[];
  /** Percent. */
  computeAllocation?: bigint;
  /** Bytes; 0: as much as it uses. */
  memoryAllocation?: bigint;
  /** Seconds. */
  freezingThreshold?: bigint;
  /** Cycles. */
  reservedCyclesLimit?: bigint;
  /** Bytes. */
  wasmMemoryLimit?: bigint;
  /** Bytes. */
  wasmMemoryThreshold?: bigint;
}

export interface CanisterStatusReport {
  status: 'running' | 'stopping' | 'stopped';
  /** Rises with every change of the canister's code, settings or state. */
  version: bigint;
  settings: Required<CanisterSettings>;
  /** SHA-256; undefined while no code is installed. */
  moduleHash: Uint8Array | undefined;
  /** Bytes. */
  memorySize: bigint;
  cycles: bigint;
}

/** Something a canister printed, or a trap. */
export interface CanisterLogLine {
  /** 0 for the first one the canister ever wrote; old lines go when there are too many. */
  index: bigint;
  /** Network time, nanoseconds since 1970. */
  timeNs: bigint;
  text: string;
}

const SETTINGS = {
  computeAllocation: 'compute_allocation',
  memoryAllocation: 'memory_allocation',
  freezingThreshold: 'freezing_threshold',
  reservedCyclesLimit: 'reserved_cycles_limit',
  wasmMemoryLimit: 'wasm_memory_limit',
  wasmMemoryThreshold: 'wasm_memory_threshold'
} as const satisfies Partial<Record<keyof CanisterSettings, string>>;
const NUMBERS = Object.entries(SETTINGS) as [keyof typeof SETTINGS, string][];

const canisterOnly = IDL.Record({ canister_id: IDL.Principal });
const settingsGiven = IDL.Record({
  controllers: IDL.Opt(IDL.Vec(IDL.Principal)),
  ...Object.fromEntries(NUMBERS.map(([, name]) => [name, IDL.Opt(IDL.Nat)]))
});
const settingsKept = IDL.Record({
  controllers: IDL.Vec(IDL.Principal),
  ...Object.fromEntries(NUMBERS.map(([, name]) => [name, IDL.Nat]))
});
/** The part of the reply that is shown; Candid skips the rest. */
const statusReply = IDL.Record({
  status: IDL.Variant({ running: IDL.Null, stopping: IDL.Null, stopped: IDL.Null }),
  version: IDL.Nat64,
  settings: settingsKept,
  module_hash: IDL.Opt(IDL.Vec(IDL.Nat8)),
  memory_size: IDL.Nat,
  cycles: IDL.Nat
});
const logsReply = IDL.Record({
  canister_log_records: IDL.Vec(IDL.Record({ idx: IDL.Nat64, timestamp_nanos: IDL.Nat64, content: IDL.Vec(IDL.Nat8) }))
});
interface LogsReply {
  canister_log_records: { idx: bigint; timestamp_nanos: bigint; content: Uint8Array }[];
}
interface StatusReply {
  status: Partial<Record<CanisterStatusReport['status'], null>>;
  version: bigint;
  settings: { controllers: Principal[] } & Record<string, bigint>;
  module_hash: [] | [Uint8Array];
  memory_size: bigint;
  cycles: bigint;
}

/** Calls of the management canister, made as any client makes them. All throw CanisterReject. */
export class ManagementCalls {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  async updateSettings(id: Principal, settings: CanisterSettings, sender: Principal): Promise<void> {
    const { controllers } = settings;
    const given = Object.fromEntries(NUMBERS.map(([field, name]) => [name, opt(settings[field])]));
    const type = IDL.Record({ canister_id: IDL.Principal, settings: settingsGiven });
    await this.#call('update_settings', type, { canister_id: id, settings: { controllers: opt(controllers), ...given } }, sender);
  }

  async canisterStatus(id: Principal, sender: Principal): Promise<CanisterStatusReport> {
    const reply = await this.#call('canister_status', canisterOnly, { canister_id: id }, sender);
    const [status] = IDL.decode([statusReply], reply) as unknown as [StatusReply];
    const numbers = Object.fromEntries(NUMBERS.map(([field, name]) => [field, status.settings[name]]));
    return {
      status: 'running' in status.status ? 'running' : 'stopping' in status.status ? 'stopping' : 'stopped',
      version: status.version,
      settings: { controllers: status.settings.controllers, ...numbers } as Required<CanisterSettings>,
      moduleHash: status.module_hash[0],
      memorySize: status.memory_size,
      cycles: status.cycles
    };
  }

  async canisterLogs(id: Principal, sender: Principal): Promise<CanisterLogLine[]> {
    const target = { canisterId: Principal.managementCanister(), method: 'fetch_canister_logs' };
    const arg = new Uint8Array(IDL.encode([canisterOnly], [{ canister_id: id }]));
    // Logs are no part of the replicated state: only a query can read them.
    const reply = Uint8Array.from(unwrapReply(await this.#engine.query({ ...target, arg, sender }), target));
    const [{ canister_log_records }] = IDL.decode([logsReply], reply) as unknown as [LogsReply];
    const decoder = new TextDecoder();
    return canister_log_records.map(({ idx, timestamp_nanos, content }) => ({
      index: idx,
      timeNs: timestamp_nanos,
      text: decoder.decode(content)
    }));
  }

  async uninstallCode(id: Principal, sender: Principal): Promise<void> {
    await this.#call('uninstall_code', canisterOnly, { canister_id: id }, sender);
  }

  async deleteCanister(id: Principal, sender: Principal): Promise<void> {
    await this.#call('delete_canister', canisterOnly, { canister_id: id }, sender);
  }

  /** Gives a canister cycles out of nothing, as test networks can. */
  async topUp(id: Principal, cycles: bigint, sender: Principal): Promise<void> {
    const type = IDL.Record({ canister_id: IDL.Principal, amount: IDL.Nat });
    await this.#call('provisional_top_up_canister', type, { canister_id: id, amount: cycles }, sender);
  }

  async #call(method: string, type: IDL.Type, argument: unknown, sender: Principal): Promise<Uint8Array> {
    const canisterId = Principal.managementCanister();
    const arg = new Uint8Array(IDL.encode([type], [argument]));
    return Uint8Array.from(unwrapReply(await this.#engine.update({ canisterId, method, arg, sender }), { canisterId, method }));
  }
}

function opt<T>(value: T | undefined): [] | [T] {
  return value === undefined ? [] : [value];
}
