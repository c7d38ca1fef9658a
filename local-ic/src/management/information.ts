import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import type { CanisterState } from '../canister/CanisterState.ts';
import { findCanister, ownOrControlledCanister, requireController } from './access.ts';
import { Blob, CanisterIdRecord, decodeArgument, encodeReply, type Opt } from './candid.ts';
import { canisterStatus, StatusReply } from './canisterStatus.ts';
import { ChangeType } from './history.ts';
import type { ManagementCall, ManagementParts, ManagementQuery, MethodTable } from './ManagementCall.ts';
import { refusal } from './refusal.ts';

const Info = IDL.Record({ canister_id: IDL.Principal, num_requested_changes: IDL.Opt(IDL.Nat64) });
const InfoReply = IDL.Record({
  total_num_changes: IDL.Nat64,
  recent_changes: IDL.Vec(ChangeType),
  module_hash: IDL.Opt(Blob),
  controllers: IDL.Vec(IDL.Principal)
});
const Metadata = IDL.Record({ canister_id: IDL.Principal, name: IDL.Text });
const MetadataReply = IDL.Record({ value: Blob });
const SubnetInfo = IDL.Record({ subnet_id: IDL.Principal });
const SubnetInfoReply = IDL.Record({ replica_version: IDL.Text, registry_version: IDL.Nat64 });
const NodeMetrics = IDL.Record({ subnet_id: IDL.Principal, start_at_timestamp_nanos: IDL.Nat64 });
const NodeMetricsReply = IDL.Vec(
  IDL.Record({
    timestamp_nanos: IDL.Nat64,
    node_metrics: IDL.Vec(IDL.Record({ node_id: IDL.Principal, num_blocks_proposed_total: IDL.Nat64, num_block_failures_total: IDL.Nat64 }))
  })
);

/** What can be known about canisters and the network. */
export function informationMethods({ subnet }: ManagementParts): MethodTable {
  const statusOf = (canister: CanisterState): Uint8Array => encodeReply(StatusReply, canisterStatus(canister, subnet.prices));
  const idIn = (arg: Uint8Array) => decodeArgument<{ canister_id: Principal }>(CanisterIdRecord, arg).canister_id;

  const status = (call: ManagementCall): Uint8Array => statusOf(ownOrControlledCanister(subnet, idIn(call.arg), call));
  const statusQuery = (query: ManagementQuery): Uint8Array =>
    statusOf(ownOrControlledCanister(subnet, idIn(query.arg), { ...query, origin: undefined }));

  const info = ({ arg }: ManagementCall): Uint8Array => {
    const { canister_id, num_requested_changes } = decodeArgument<{ canister_id: Principal; num_requested_changes: Opt<bigint> }>(
      Info,
      arg
    );
    const { history, runtime, controllers } = findCanister(subnet, canister_id);
    const wanted = num_requested_changes[0] ?? 0n;
    const kept = BigInt(history.recent.length);
    return encodeReply(InfoReply, {
      total_num_changes: history.total,
      recent_changes: history.recent.slice(Number(wanted < kept ? kept - wanted : 0n)),
      module_hash: runtime === undefined ? [] : [runtime.heap.module.hash],
      controllers
    });
  };
  const metadata = (call: ManagementCall): Uint8Array => {
    const { canister_id, name } = decodeArgument<{ canister_id: Principal; name: string }>(Metadata, call.arg);
    const canister = findCanister(subnet, canister_id);
    const section = canister.runtime?.heap.module.metadata.find((candidate) => candidate.name === name);
    if (section === undefined) {
      throw refusal('IC0406', `The canister ${canister.name} has no metadata section with the name "${name}".`);
    }
    if (!section.isPublic) requireController(canister, call);
    return encodeReply(MetadataReply, { value: section.content });
  };
  const requireThisSubnet = (id: Principal): void => {
    const own = Principal.fromUint8Array(subnet.subnetId);
    if (id.compareTo(own) !== 'eq') throw refusal('IC0404', `Subnet ${id.toText()} not found; this network's is ${own.toText()}`);
  };
  const subnetInfo = ({ arg }: ManagementCall): Uint8Array => {
    requireThisSubnet(decodeArgument<{ subnet_id: Principal }>(SubnetInfo, arg).subnet_id);
    return encodeReply(SubnetInfoReply, { replica_version: 'local-ic', registry_version: 1n });
  };
  const nodeMetrics = ({ arg }: ManagementCall): Uint8Array => {
    requireThisSubnet(decodeArgument<{ subnet_id: Principal }>(NodeMetrics, arg).subnet_id);
    // There are no blocks here, so nothing was ever proposed and nothing failed.
    return encodeReply(NodeMetricsReply, []);
  };
  return {
    canister_status: { run: status, query: statusQuery },
    canister_info: { run: info, canistersOnly: true },
    canister_metadata: { run: metadata, canistersOnly: true },
    subnet_info: { run: subnetInfo, canistersOnly: true },
    node_metrics_history: { run: nodeMetrics, canistersOnly: true },
    raw_rand: { run: () => encodeReply(Blob, subnet.randomness.draw()), canistersOnly: true }
  };
}
