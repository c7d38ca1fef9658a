import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import type { CallResult } from '../../src/engine/types.ts';
import { ADMIN } from '../support/network.ts';
import { replyOf, type UniversalNetwork } from '../universal/universalNetwork.ts';

export const MANAGEMENT = Principal.managementCanister();

const canisterOnly = IDL.Record({ canister_id: IDL.Principal });

/** The argument of every method of the management canister that takes a canister and nothing else. */
export function canisterArgument(canisterId: Principal): Uint8Array {
  return new Uint8Array(IDL.encode([canisterOnly], [{ canister_id: canisterId }]));
}

export const NO_ARGUMENT = new Uint8Array(IDL.encode([], []));

/** The argument of a creation that says nothing. */
export const NO_SETTINGS = new Uint8Array(IDL.encode([IDL.Record({})], [{}]));

/** The id in the reply to a creation. */
export function createdBy(result: CallResult): Principal {
  const [{ canister_id }] = IDL.decode([canisterOnly], replyOf(result)) as unknown as [{ canister_id: Principal }];
  return canister_id;
}

export function settingsArgument(canisterId: Principal, settings: { controllers?: Principal[] }): Uint8Array {
  const Settings = IDL.Record({ controllers: IDL.Opt(IDL.Vec(IDL.Principal)) });
  const value = { canister_id: canisterId, settings: { controllers: settings.controllers === undefined ? [] : [settings.controllers] } };
  return new Uint8Array(IDL.encode([IDL.Record({ canister_id: IDL.Principal, settings: Settings })], [value]));
}

/** Calls the management canister from outside. */
export function manage({ engine }: UniversalNetwork, method: string, arg: Uint8Array, sender = ADMIN): Promise<CallResult> {
  return engine.update({ canisterId: MANAGEMENT, method, arg, sender });
}

export interface Status {
  status: 'running' | 'stopping' | 'stopped';
  version: bigint;
  cycles: bigint;
  controllers: Principal[];
  hasModule: boolean;
}

interface StatusReply {
  status: Record<string, null>;
  version: bigint;
  cycles: bigint;
  settings: { controllers: Principal[] };
  module_hash: [] | [Uint8Array];
}

const StatusReply = IDL.Record({
  status: IDL.Variant({ running: IDL.Null, stopping: IDL.Null, stopped: IDL.Null }),
  version: IDL.Nat64,
  cycles: IDL.Nat,
  settings: IDL.Record({ controllers: IDL.Vec(IDL.Principal) }),
  module_hash: IDL.Opt(IDL.Vec(IDL.Nat8))
});

export async function statusOf(network: UniversalNetwork, canisterId: Principal, sender = ADMIN): Promise<Status> {
  const reply = replyOf(await manage(network, 'canister_status', canisterArgument(canisterId), sender));
  const [value] = IDL.decode([StatusReply], reply) as unknown as [StatusReply];
  return {
    status: Object.keys(value.status)[0] as Status['status'],
    version: value.version,
    cycles: value.cycles,
    controllers: value.settings.controllers,
    hasModule: value.module_hash.length > 0
  };
}
