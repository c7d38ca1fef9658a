import type { Principal } from '@dfinity/principal';

/** How many changes are kept; the IC keeps 20 as well. */
const MAX_CHANGES = 20;

/** Who asked for a change. Candid's values, as `canister_info` tells them. */
export type ChangeOrigin =
  { from_user: { user_id: Principal } } | { from_canister: { canister_id: Principal; canister_version: [] | [bigint] } };

export type SnapshotSource = { taken_from_canister: null } | { metadata_upload: null };

export type ChangeDetails =
  | { creation: { controllers: Principal[]; environment_variables_hash: [] | [Uint8Array] } }
  | { code_uninstall: null }
  | { code_deployment: { mode: { install: null } | { reinstall: null } | { upgrade: null }; module_hash: Uint8Array } }
  | {
      load_snapshot: {
        from_canister_id: [] | [Principal];
        snapshot_id: Uint8Array;
        canister_version: bigint;
        taken_at_timestamp: bigint;
        source: SnapshotSource;
      };
    }
  | { controllers_change: { controllers: Principal[] } };

export interface CanisterChange {
  timestamp_nanos: bigint;
  canister_version: bigint;
  origin: ChangeOrigin;
  details: ChangeDetails;
}

/** A canister's changes of code and controllers, oldest first. */
export class ChangeHistory {
  /** All there ever were. */
  total = 0n;
  recent: CanisterChange[] = [];

  add(change: CanisterChange): void {
    this.total++;
    this.recent.push(change);
    if (this.recent.length > MAX_CHANGES) this.recent.shift();
  }
}
