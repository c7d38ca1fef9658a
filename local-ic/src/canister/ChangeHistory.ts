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

/** Time, version and origin of a change; a principal; a hash. */
const CHANGE_BYTES = 56;
const PRINCIPAL_BYTES = 30;
const HASH_BYTES = 32;

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

  /** How much memory it takes, about. */
  get bytes(): number {
    let bytes = this.recent.length * CHANGE_BYTES;
    for (const { details } of this.recent) bytes += detailBytes(details);
    return bytes;
  }
}

function detailBytes(details: ChangeDetails): number {
  if ('creation' in details) return details.creation.controllers.length * PRINCIPAL_BYTES + HASH_BYTES;
  if ('controllers_change' in details) return details.controllers_change.controllers.length * PRINCIPAL_BYTES;
  if ('load_snapshot' in details) return 2 * PRINCIPAL_BYTES + HASH_BYTES;
  return 'code_deployment' in details ? HASH_BYTES : 0;
}
