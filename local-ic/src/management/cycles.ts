import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { findCanister } from './access.ts';
import { CanisterIdRecord, decodeArgument, EMPTY_REPLY } from './candid.ts';
import type { ManagementCall, ManagementParts, MethodTable } from './ManagementCall.ts';

/** Argument of provisional_top_up_canister. */
export const TopUp = IDL.Record({ canister_id: IDL.Principal, amount: IDL.Nat });

/** Cycles for a canister: those attached to the call, or, on a network for development, out of thin air. */
export function cyclesMethods({ subnet }: ManagementParts): MethodTable {
  const add = (id: Principal, amount: bigint): Uint8Array => {
    findCanister(subnet, id).receiveCycles(amount);
    return EMPTY_REPLY;
  };
  const deposit = (call: ManagementCall): Uint8Array => {
    const reply = add(decodeArgument<{ canister_id: Principal }>(CanisterIdRecord, call.arg).canister_id, call.cycles);
    call.cycles = 0n;
    return reply;
  };
  const topUp = ({ arg }: ManagementCall): Uint8Array => {
    const { canister_id, amount } = decodeArgument<{ canister_id: Principal; amount: bigint }>(TopUp, arg);
    return add(canister_id, amount);
  };
  return { deposit_cycles: { run: deposit, canistersOnly: true }, provisional_top_up_canister: { run: topUp } };
}
