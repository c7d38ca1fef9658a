import { Principal } from '@dfinity/principal';
import type { CanisterState } from '../canister/CanisterState.ts';
import { shortfall } from '../canister/cycles/account.ts';
import type { Runtime } from '../canister/Runtime.ts';
import { rejects } from './rejects.ts';
import type { Subnet } from './Subnet.ts';
import type { CallResult } from './types.ts';

type Found = { canister: CanisterState; runtime: Runtime } | { refusal: CallResult };

/** Finds the canister a call is for, or the reject for one that can't take calls. */
export function findRunning(subnet: Subnet, id: Uint8Array): Found {
  const canister = subnet.canisters.get(id);
  if (canister === undefined) return { refusal: rejects.canisterNotFound(Principal.fromUint8Array(id).toText()) };
  if (canister.status === 'stopped') return { refusal: rejects.stopped(canister) };
  if (canister.status === 'stopping') return { refusal: rejects.stopping(canister) };
  if (canister.runtime === undefined) return { refusal: rejects.noModule(canister) };
  return { canister, runtime: canister.runtime };
}

/** As above, for a query: it costs nothing, but a frozen canister doesn't answer it. */
export function findForQuery(subnet: Subnet, id: Uint8Array): Found {
  const found = findRunning(subnet, id);
  if ('refusal' in found || shortfall(found.canister, subnet.prices, 0n) === 0n) return found;
  return { refusal: rejects.frozenForQueries(found.canister) };
}
