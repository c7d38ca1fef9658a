import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { CanisterState, EnvironmentVariable, LogVisibility, ResourceSettings } from '../canister/CanisterState.ts';
import { noteMemoryLeft } from '../canister/lowMemory.ts';
import { controlledCanister } from './access.ts';
import { requireCyclesForAllocations } from './allocationChecks.ts';
import { decodeArgument, EMPTY_REPLY, SENDER_VERSION, type Opt } from './candid.ts';
import { changeOrigin, recordChange, type ManagementCall, type ManagementParts, type MethodTable } from './ManagementCall.ts';
import { refusal } from './refusal.ts';

const MAX_CONTROLLERS = 10;
const MAX_VIEWERS = 10;
const MAX_VARIABLES = 20;
const MAX_VARIABLE_BYTES = 128;

/** The numeric settings with the greatest value each may have, and how the IC words its refusal. */
export const NUMERIC_SETTINGS = {
  compute_allocation: { field: 'computeAllocation', most: 100n, words: 'ComputeAllocation expected to be in the range [0..100]' },
  memory_allocation: { field: 'memoryAllocation', most: 2n ** 48n, words: 'MemoryAllocation expected to be in the range [0..2^48]' },
  freezing_threshold: {
    field: 'freezingThreshold',
    most: 2n ** 64n - 1n,
    words: 'Freezing threshold expected to be in the range of [0..2^64-1]'
  },
  reserved_cycles_limit: {
    field: 'reservedCyclesLimit',
    most: 2n ** 128n - 1n,
    words: 'Reserved cycles limit expected to be in the range of [0..2^128-1]'
  },
  wasm_memory_limit: {
    field: 'wasmMemoryLimit',
    most: 2n ** 48n,
    words: 'Wasm memory limit expected to be in the range of [0..2^48]'
  },
  wasm_memory_threshold: {
    field: 'wasmMemoryThreshold',
    most: 2n ** 64n - 1n,
    words: 'Wasm memory threshold expected to be in the range of [0..2^64-1]'
  }
} as const satisfies Record<string, { field: keyof ResourceSettings; most: bigint; words: string }>;
type SettingName = keyof typeof NUMERIC_SETTINGS;
const SETTING_NAMES = Object.keys(NUMERIC_SETTINGS) as SettingName[];

export const LogVisibilityType = IDL.Variant({
  controllers: IDL.Null,
  public: IDL.Null,
  allowed_viewers: IDL.Vec(IDL.Principal)
});
export const EnvironmentType = IDL.Vec(IDL.Record({ name: IDL.Text, value: IDL.Text }));

/** canister_settings; fields this network doesn't know are skipped, as Candid does. */
export const Settings = IDL.Record({
  controllers: IDL.Opt(IDL.Vec(IDL.Principal)),
  ...Object.fromEntries(SETTING_NAMES.map((name) => [name, IDL.Opt(IDL.Nat)])),
  log_visibility: IDL.Opt(LogVisibilityType),
  environment_variables: IDL.Opt(EnvironmentType)
});
export type SettingsValue = Record<SettingName, Opt<bigint>> & {
  controllers: Opt<Principal[]>;
  log_visibility: Opt<LogVisibility>;
  environment_variables: Opt<EnvironmentVariable[]>;
};

/** Argument of update_settings. */
export const UpdateSettings = IDL.Record({ canister_id: IDL.Principal, settings: Settings, ...SENDER_VERSION });

/** @throws CanisterReject when a value is outside of the IC's bounds */
export function validateSettings(settings: SettingsValue): void {
  const [controllers] = settings.controllers;
  if (controllers !== undefined) requireAtMost(controllers.length, MAX_CONTROLLERS, 'controllers');
  for (const name of SETTING_NAMES) {
    const [value] = settings[name];
    const { most, words } = NUMERIC_SETTINGS[name];
    if (value !== undefined && value > most) throw refusal('IC0504', `${words}, got ${value}`);
  }
  const [visibility] = settings.log_visibility;
  if (visibility !== undefined && 'allowed_viewers' in visibility) {
    requireAtMost(visibility.allowed_viewers.length, MAX_VIEWERS, 'allowed viewers of its log');
  }
  const [variables] = settings.environment_variables;
  if (variables !== undefined) validateVariables(variables);
}

function requireAtMost(count: number, most: number, what: string): void {
  if (count <= most) return;
  const message = `The number of elements exceeds maximum allowed ${most}: a canister has at most ${most} ${what}, not ${count}`;
  throw refusal('IC0408', `Error decoding candid: Deserialize error: ${message}`);
}

function validateVariables(variables: EnvironmentVariable[]): void {
  if (new Set(variables.map(({ name }) => name)).size < variables.length) {
    throw refusal('IC0408', 'Duplicate environment variables are not allowed');
  }
  if (variables.length > MAX_VARIABLES) {
    throw refusal('IC0408', `Too many environment variables: ${variables.length} (max: ${MAX_VARIABLES})`);
  }
  for (const { name, value } of variables) {
    for (const [kind, text] of [
      ['name', name],
      ['value', value]
    ] as const) {
      if (Buffer.byteLength(text) <= MAX_VARIABLE_BYTES) continue;
      throw refusal('IC0408', `Environment variable ${kind} "${text}" exceeds the maximum allowed length of ${MAX_VARIABLE_BYTES}.`);
    }
  }
}

/** Applies the settings that are given, which have been validated. */
export function applySettings(canister: CanisterState, settings: SettingsValue): void {
  const [controllers] = settings.controllers;
  if (controllers !== undefined) canister.controllers = [...new Map(controllers.map((id) => [id.toText(), id])).values()];
  for (const name of SETTING_NAMES) {
    const [value] = settings[name];
    if (value !== undefined) canister.settings[NUMERIC_SETTINGS[name].field] = value;
  }
  const [visibility] = settings.log_visibility;
  if (visibility !== undefined) canister.logVisibility = visibility;
  const [variables] = settings.environment_variables;
  if (variables !== undefined) {
    canister.environmentVariables = variables
      .map(({ name, value }) => ({ name, value }))
      .sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  }
}

export function settingsMethods({ subnet }: ManagementParts): MethodTable {
  const updateSettings = (call: ManagementCall): Uint8Array => {
    type Argument = { canister_id: Principal; settings: SettingsValue; sender_canister_version: Opt<bigint> };
    const { canister_id, settings, sender_canister_version } = decodeArgument<Argument>(UpdateSettings, call.arg);
    const canister = controlledCanister(subnet, canister_id, call);
    validateSettings(settings);
    requireCyclesForAllocations(canister, subnet.prices, settings);
    applySettings(canister, settings);
    canister.touch();
    noteMemoryLeft(canister, subnet.lowOnMemory);
    if (settings.controllers.length > 0) {
      const details = { controllers_change: { controllers: [...canister.controllers] } };
      recordChange(subnet, canister, changeOrigin(call, sender_canister_version), details);
    }
    return EMPTY_REPLY;
  };
  return { update_settings: { run: updateSettings } };
}
