import { createHash } from 'node:crypto';
import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { consume } from '../canister/cycles/account.ts';
import { creationCost } from '../canister/cycles/prices.ts';
import { rejects } from '../engine/rejects.ts';
import type { CanisterState, EnvironmentVariable } from '../canister/CanisterState.ts';
import type { ChangeOrigin } from '../canister/ChangeHistory.ts';
import type { Subnet } from '../engine/Subnet.ts';
import { CanisterIdRecord, decodeArgument, encodeReply, SENDER_VERSION, type Opt } from './candid.ts';
import { changeOrigin, recordChange, type ManagementCall, type ManagementParts, type MethodTable } from './ManagementCall.ts';
import { requireCyclesForAllocations } from './allocationChecks.ts';
import { refusal, refusalOf } from './refusal.ts';
import { applySettings, Settings, validateSettings, type SettingsValue } from './settings.ts';

const Create = IDL.Record({ settings: IDL.Opt(Settings), ...SENDER_VERSION });
/** Argument of provisional_create_canister_with_cycles. */
export const ProvisionalCreate = IDL.Record({
  amount: IDL.Opt(IDL.Nat),
  settings: IDL.Opt(Settings),
  specified_id: IDL.Opt(IDL.Principal),
  ...SENDER_VERSION
});

interface CreateArgument {
  settings: Opt<SettingsValue>;
  sender_canister_version: Opt<bigint>;
}
type ProvisionalArgument = CreateArgument & { amount: Opt<bigint>; specified_id: Opt<Principal> };

interface NewCanister {
  creator: Principal;
  canisterId?: Principal | undefined;
  /** Default: the network's own gift. */
  cycles: bigint | undefined;
  /** What is deducted from its first balance. */
  fee: bigint;
  settings: SettingsValue | undefined;
  origin: ChangeOrigin;
}

/**
 * Creates a canister without code.
 *
 * @throws CanisterReject when the asked-for id is taken or a setting is out of its bounds; nothing is created then
 */
function createCanister(subnet: Subnet, { creator, canisterId, cycles, fee, settings, origin }: NewCanister): CanisterState {
  if (canisterId !== undefined && subnet.canisters.get(canisterId.toUint8Array()) !== undefined) {
    throw refusal('IC0538', `Canister ${canisterId.toText()} is already installed.`);
  }
  if (settings !== undefined) validateSettings(settings);
  const canister = subnet.canisters.create([creator], cycles, canisterId);
  consume(canister, fee);
  try {
    if (settings !== undefined) requireCyclesForAllocations(canister, subnet.prices, settings);
  } catch (error) {
    subnet.canisters.delete(canister);
    throw error;
  }
  if (settings !== undefined) applySettings(canister, settings);
  recordChange(subnet, canister, origin, {
    creation: {
      controllers: [...canister.controllers],
      environment_variables_hash: settings?.environment_variables[0] === undefined ? [] : [hashOf(canister.environmentVariables)]
    }
  });
  return canister;
}

export function creationMethods({ subnet }: ManagementParts): MethodTable {
  const create = (call: ManagementCall): Uint8Array => {
    const { settings, sender_canister_version } = decodeArgument<CreateArgument>(Create, call.arg);
    const origin = changeOrigin(call, sender_canister_version);
    const fee = creationCost(subnet.prices);
    if (call.cycles < fee) throw refusalOf(rejects.creationUnpaid(fee, call.cycles));
    const { id } = createCanister(subnet, { creator: call.caller, cycles: call.cycles, fee, settings: settings[0], origin });
    call.cycles = 0n;
    return encodeReply(CanisterIdRecord, { canister_id: id });
  };
  const createProvisionally = (call: ManagementCall): Uint8Array => {
    const argument = decodeArgument<ProvisionalArgument>(ProvisionalCreate, call.arg);
    const { id } = createCanister(subnet, {
      creator: call.caller,
      canisterId: argument.specified_id[0],
      cycles: argument.amount[0],
      fee: 0n,
      settings: argument.settings[0],
      origin: changeOrigin(call, argument.sender_canister_version)
    });
    return encodeReply(CanisterIdRecord, { canister_id: id });
  };
  return {
    create_canister: { run: create, canistersOnly: true },
    provisional_create_canister_with_cycles: { run: createProvisionally }
  };
}

/** The specification's hash of a map: SHA-256 over the sorted pairs of hashes. */
function hashOf(variables: readonly EnvironmentVariable[]): Uint8Array {
  const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest();
  const pairs = variables.map(({ name, value }) => Buffer.concat([sha256(name), sha256(value)])).sort(Buffer.compare);
  return new Uint8Array(sha256(Buffer.concat(pairs)));
}
