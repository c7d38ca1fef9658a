import type { CanisterState, ResourceSettings } from '../canister/CanisterState.ts';
import { CanisterReject } from '../engine/CanisterReject.ts';
import { SETTING_NAMES, type SettingName, type SettingsValue } from './candid.ts';

const MAX_CONTROLLERS = 10;
const MAX_COMPUTE_ALLOCATION = 100n;

const FIELDS: Record<SettingName, keyof ResourceSettings> = {
  compute_allocation: 'computeAllocation',
  memory_allocation: 'memoryAllocation',
  freezing_threshold: 'freezingThreshold',
  reserved_cycles_limit: 'reservedCyclesLimit',
  wasm_memory_limit: 'wasmMemoryLimit',
  wasm_memory_threshold: 'wasmMemoryThreshold'
};

/**
 * Applies the settings that are given; all or none.
 *
 * @throws CanisterReject when a value is outside of the IC's bounds
 */
export function applySettings(canister: CanisterState, settings: SettingsValue): void {
  const [controllers] = settings.controllers;
  if (controllers !== undefined && controllers.length > MAX_CONTROLLERS) {
    throw new CanisterReject(4, 'IC0408', `A canister has at most ${MAX_CONTROLLERS} controllers`);
  }
  const [computeAllocation] = settings.compute_allocation;
  if (computeAllocation !== undefined && computeAllocation > MAX_COMPUTE_ALLOCATION) {
    throw new CanisterReject(4, 'IC0408', `ComputeAllocation expected to be in the range [0..100], got ${computeAllocation}`);
  }
  if (controllers !== undefined) canister.controllers = [...new Map(controllers.map((id) => [id.toText(), id])).values()];
  for (const name of SETTING_NAMES) {
    const [value] = settings[name];
    if (value !== undefined) canister.settings[FIELDS[name]] = value;
  }
  canister.touch();
}
