import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { CanisterState } from '../canister/CanisterState.ts';
import { findCanister } from './access.ts';
import { Blob, CanisterIdRecord, decodeArgument, encodeReply } from './candid.ts';
import type { ManagementParts, ManagementQuery, MethodTable } from './ManagementCall.ts';
import { refusal } from './refusal.ts';

const LogRecordType = IDL.Record({ idx: IDL.Nat64, timestamp_nanos: IDL.Nat64, content: Blob });
/** Reply of fetch_canister_logs. */
export const LogsReply = IDL.Record({ canister_log_records: IDL.Vec(LogRecordType) });

/** Canisters' logs, which only queries can read. */
export function logMethods({ subnet }: ManagementParts): MethodTable {
  const fetchLogs = ({ arg, caller }: ManagementQuery): Uint8Array => {
    const canister = findCanister(subnet, decodeArgument<{ canister_id: Principal }>(CanisterIdRecord, arg).canister_id);
    if (!mayRead(canister, caller)) throw refusal('IC0406', `Caller ${caller.toText()} is not allowed to access canister logs`);
    return encodeReply(LogsReply, { canister_log_records: canister.log.records });
  };
  return { fetch_canister_logs: { query: fetchLogs } };
}

function mayRead(canister: CanisterState, caller: Principal): boolean {
  const visibility = canister.logVisibility;
  if ('public' in visibility || canister.isController(caller.toUint8Array())) return true;
  return 'allowed_viewers' in visibility && visibility.allowed_viewers.some((viewer) => viewer.compareTo(caller) === 'eq');
}
