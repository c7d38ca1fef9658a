import { IDL } from '@dfinity/candid';
import { Blob } from './candid.ts';

export const SnapshotSourceType = IDL.Variant({ taken_from_canister: IDL.Reserved, metadata_upload: IDL.Reserved });
const Controllers = { controllers: IDL.Vec(IDL.Principal) };

/** One change in a canister's history. */
export const ChangeType = IDL.Record({
  timestamp_nanos: IDL.Nat64,
  canister_version: IDL.Nat64,
  origin: IDL.Variant({
    from_user: IDL.Record({ user_id: IDL.Principal }),
    from_canister: IDL.Record({ canister_id: IDL.Principal, canister_version: IDL.Opt(IDL.Nat64) })
  }),
  details: IDL.Variant({
    creation: IDL.Record({ ...Controllers, environment_variables_hash: IDL.Opt(Blob) }),
    code_uninstall: IDL.Null,
    code_deployment: IDL.Record({
      mode: IDL.Variant({ install: IDL.Null, reinstall: IDL.Null, upgrade: IDL.Null }),
      module_hash: Blob
    }),
    load_snapshot: IDL.Record({
      from_canister_id: IDL.Opt(IDL.Principal),
      snapshot_id: Blob,
      canister_version: IDL.Nat64,
      taken_at_timestamp: IDL.Nat64,
      source: SnapshotSourceType
    }),
    controllers_change: IDL.Record(Controllers)
  })
});
