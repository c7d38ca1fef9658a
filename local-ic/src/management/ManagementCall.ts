import type { Principal } from '@dfinity/principal';
import type { Origin } from '../canister/CallContext.ts';
import type { CanisterState } from '../canister/CanisterState.ts';
import type { ChangeDetails, ChangeOrigin } from '../canister/ChangeHistory.ts';
import type { Subnet } from '../engine/Subnet.ts';
import type { CallResult } from '../engine/types.ts';
import type { Lifecycle } from './Lifecycle.ts';

/** Who calls which method. */
export interface Requester {
  method: string;
  caller: Principal;
  /** Undefined for a query, whose caller is always a user. */
  origin: Origin | undefined;
}

/** A call of the management canister in progress. */
export interface ManagementCall extends Requester {
  origin: Origin;
  arg: Uint8Array;
  /** Cycles attached; a method that takes some lowers it, the rest goes back. */
  cycles: bigint;
}

/** A query of the management canister. */
export type ManagementQuery = Pick<ManagementCall, 'method' | 'caller' | 'arg'>;

export interface ManagementMethod {
  /** Answers with the reply, or with nothing when the answer comes later. @throws CanisterReject */
  run?: (call: ManagementCall) => Uint8Array | undefined;
  /** Only canisters may call it: it costs cycles, or tells what a node can't certify for itself. */
  canistersOnly?: boolean;
  /** Answers a query. @throws CanisterReject */
  query?: (call: ManagementQuery) => Uint8Array;
}

export type MethodTable = Record<string, ManagementMethod>;

/** Answers a call: the result, and the attached cycles that were not taken. */
export type Answer = (origin: Origin, result: CallResult, refund: bigint) => void;

/** What the methods work on. */
export interface ManagementParts {
  subnet: Subnet;
  lifecycle: Lifecycle;
  /** Ends the open calls of a canister whose code goes away. */
  rejectOpenContexts: (canister: CanisterState, result: CallResult) => void;
}

/** The origin of a change, for the canister's history. @param version what the caller said its version is */
export function changeOrigin({ caller, origin }: Requester, version: [] | [bigint] = []): ChangeOrigin {
  if (origin?.kind === 'canister') return { from_canister: { canister_id: caller, canister_version: version } };
  return { from_user: { user_id: caller } };
}

/** Writes a change that has just been made into the canister's history. */
export function recordChange({ clock }: Subnet, canister: CanisterState, origin: ChangeOrigin, details: ChangeDetails): void {
  canister.history.add({ timestamp_nanos: clock.now(), canister_version: canister.version, origin, details });
  canister.revision++;
}
