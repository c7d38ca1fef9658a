import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import type { InstallRequest } from '../canister/installCode.ts';
import type { Call } from '../engine/types.ts';
import { CanisterIdRecord, type Opt } from './candid.ts';
import { Install } from './code.ts';
import { ProvisionalCreate } from './creation.ts';
import type { SettingsValue } from './settings.ts';

export interface CreateOptions {
  controllers: Principal[];
  canisterId?: Principal | undefined;
  cycles?: bigint | undefined;
}

export type InstallOptions = Omit<InstallRequest, 'sender' | 'timeNs'> & { canisterId: Principal; sender: Principal };

const opt = <T>(value: T | undefined): Opt<T> => (value === undefined ? [] : [value]);

function call(method: string, type: IDL.Type, argument: unknown, sender: Principal): Call {
  return { canisterId: Principal.managementCanister(), method, arg: new Uint8Array(IDL.encode([type], [argument])), sender };
}

/** A new canister with the network's own cycles, as `provisional_create_canister_with_cycles` makes it. */
export function createCall({ controllers, canisterId, cycles }: CreateOptions): Call {
  const settings: SettingsValue = {
    controllers: [controllers],
    compute_allocation: [],
    memory_allocation: [],
    freezing_threshold: [],
    reserved_cycles_limit: [],
    wasm_memory_limit: [],
    wasm_memory_threshold: [],
    log_visibility: [],
    environment_variables: []
  };
  const argument = { amount: opt(cycles), settings: [settings], specified_id: opt(canisterId), sender_canister_version: [] };
  return call('provisional_create_canister_with_cycles', ProvisionalCreate, argument, controllers[0] ?? Principal.anonymous());
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
  return call('install_code', Install, argument, sender);
}

/** One of the methods that take nothing but a canister's id. */
export function canisterCall(method: 'start_canister' | 'stop_canister', id: Principal, sender: Principal): Call {
  return call(method, CanisterIdRecord, { canister_id: id }, sender);
}
