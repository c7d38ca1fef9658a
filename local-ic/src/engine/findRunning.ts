import { Principal } from '@dfinity/principal';
import type { CanisterState } from '../canister/CanisterState.ts';
import type { Runtime } from '../canister/Runtime.ts';
import { rejects } from './rejects.ts';
import type { Subnet } from './Subnet.ts';
import type { CallResult } from './types.ts';

/** Finds the canister a call is for, or the reject for one that can't take calls. */
export function findRunning(subnet: Subnet, id: Uint8Array): { canister: CanisterState; runtime: Runtime } | { refusal: CallResult } {
  const canister = subnet.canisters.get(id);
  if (canister === undefined) return { refusal: rejects.canisterNotFound(Principal.fromUint8Array(id).toText()) };
  if (canister.status === 'stopped') return { refusal: rejects.stopped(canister) };
  if (canister.status === 'stopping') return { refusal: rejects.stopping(canister) };
  if (canister.runtime === undefined) return { refusal: rejects.noModule(canister) };
  return { canister, runtime: canister.runtime };
}
