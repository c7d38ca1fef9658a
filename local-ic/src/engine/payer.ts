import type { CanisterState } from '../canister/CanisterState.ts';
import { canisterInArgument } from '../management/canisterInArgument.ts';
import type { RequestMessage } from './messages.ts';
import type { Subnet } from './Subnet.ts';

/** What only test networks have, and costs nothing there. */
const FREE_METHODS = new Set(['provisional_create_canister_with_cycles', 'provisional_top_up_canister']);

/**
 * The canister that pays for a message from outside to the management canister: the one it concerns, if the sender controls it. Others' messages
 * are refused, and on the IC not even taken in.
 */
export function payerOf({ prices, canisters }: Subnet, request: RequestMessage): CanisterState | undefined {
  if (prices === undefined || request.origin.kind !== 'ingress' || FREE_METHODS.has(request.method)) return undefined;
  const id = canisterInArgument(request);
  const canister = id && canisters.get(id.toUint8Array());
  return canister?.isController(request.caller) === true ? canister : undefined;
}
