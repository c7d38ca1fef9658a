import type { Principal } from '@dfinity/principal';
import { controlledCanister } from './access.ts';
import { CanisterIdRecord, decodeArgument, EMPTY_REPLY } from './candid.ts';
import type { ManagementCall, ManagementParts, MethodTable } from './ManagementCall.ts';
import { refusal } from './refusal.ts';

/** Running, stopping, stopped, deleted. */
export function lifecycleMethods({ subnet, lifecycle }: ManagementParts): MethodTable {
  const idIn = (arg: Uint8Array) => decodeArgument<{ canister_id: Principal }>(CanisterIdRecord, arg).canister_id;

  const start = (call: ManagementCall): Uint8Array => {
    lifecycle.start(controlledCanister(subnet, idIn(call.arg), call));
    return EMPTY_REPLY;
  };
  const stop = (call: ManagementCall): undefined => {
    lifecycle.stop(controlledCanister(subnet, idIn(call.arg), call), call.origin, call.cycles);
  };
  const remove = (call: ManagementCall): Uint8Array => {
    const canister = controlledCanister(subnet, idIn(call.arg), call);
    if (canister.status !== 'stopped') {
      throw refusal('IC0510', `Canister ${canister.name} must be stopped before it is deleted.`);
    }
    subnet.canisters.delete(canister);
    subnet.lowOnMemory.delete(canister);
    return EMPTY_REPLY;
  };
  return { start_canister: { run: start }, stop_canister: { run: stop }, delete_canister: { run: remove } };
}
