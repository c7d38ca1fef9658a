import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import type { InstallRequest } from '../canister/installCode.ts';
import type { Call } from '../engine/types.ts';
import { CanisterIdRecord, type Opt } from './candid.ts';
import { Install } from './code.ts';
import { ProvisionalCreate } from './creation.ts';
import { UpdateSettings, type SettingsValue } from './settings.ts';

export interface CreateOptions {
  controllers: Principal[];
  canisterId?: Principal | undefined;
  cycles?: bigint | undefined;
}

export type InstallOptions = Omit<InstallRequest, 'sender' | 'timeNs'> & { canisterId: Principal; sender: Principal };

/** The methods whose argument has a canister's id and nothing that must be there besides. */
type CanisterMethod = 'start_canister' | 'stop_canister' | 'uninstall_code' | 'delete_canister' | 'canister_status' | 'fetch_canister_logs';

export const opt = <T>(value: T | undefined): Opt<T> => (value === undefined ? [] : [value]);

const NO_SETTINGS: SettingsValue = {
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

/** A call of the management canister with one argument. */
export function managementCall(method: string, type: IDL.Type, argument: unknown, sender: Principal): Call {
  return { canisterId: Principal.managementCanister(), method, arg: new Uint8Array(IDL.encode([type], [argument])), sender };
}

/** A new canister with the network's own cycles, as `provisional_create_canister_with_cycles` makes it. */
export function createCall({ controllers, canisterId, cycles }: CreateOptions): Call {
  const settings = { ...NO_SETTINGS, controllers: opt(controllers) };
  const argument = { amount: opt(cycles), settings: [settings], specified_id: opt(canisterId), sender_canister_version: [] };
  return managementCall('provisional_create_canister_with_cycles', ProvisionalCreate, argument, controllers[0] ?? Principal.anonymous());
}

/** The id in the reply to `createCall`. */
export function readCreated(reply: Uint8Array): Principal {
  const [created] = IDL.decode([CanisterIdRecord], new Uint8Array(reply)) as unknown as [{ canister_id: Principal }];
  return created.canister_id;
}

export function installCall({ mode, canisterId, wasm, arg, sender, wasmMemoryPersistence, skipPreUpgrade }: InstallOptions): Call {
  const upgrade = {
    skip_pre_upgrade: opt(skipPreUpgrade),
    wasm_memory_persistence: opt(wasmMemoryPersistence && { [wasmMemoryPersistence]: null })
  };
  const argument = {
    mode: { [mode]: mode === 'upgrade' ? [upgrade] : null },
    canister_id: canisterId,
    wasm_module: wasm,
    arg,
    sender_canister_version: []
  };
  return managementCall('install_code', Install, argument, sender);
}

/** @param settings what isn't given stays as it is */
export function updateSettingsCall(id: Principal, settings: Partial<SettingsValue>, sender: Principal): Call {
  const argument = { canister_id: id, settings: { ...NO_SETTINGS, ...settings }, sender_canister_version: [] };
  return managementCall('update_settings', UpdateSettings, argument, sender);
}

/** One of the methods that take nothing but a canister's id. */
export function canisterCall(method: CanisterMethod, id: Principal, sender: Principal): Call {
  return managementCall(method, CanisterIdRecord, { canister_id: id }, sender);
}
