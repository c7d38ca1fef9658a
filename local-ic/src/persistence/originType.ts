import { IDL } from '@dfinity/candid';
import type { Origin } from '../canister/CallContext.ts';

/** Where a call came from, in Candid. */
export const OriginType = IDL.Variant({
  ingress: IDL.Nat64,
  canister: IDL.Record({ key: IDL.Text, callbackId: IDL.Nat64 }),
  task: IDL.Null
});
export type OriginValue = { ingress: bigint } | { canister: { key: string; callbackId: bigint } } | { task: null };

export function encodeOrigin(origin: Origin): OriginValue {
  if (origin.kind === 'ingress') return { ingress: BigInt(origin.ingressId) };
  if (origin.kind === 'task') return { task: null };
  return { canister: { key: origin.canisterKey, callbackId: BigInt(origin.callbackId) } };
}

export function decodeOrigin(value: OriginValue): Origin {
  if ('ingress' in value) return { kind: 'ingress', ingressId: Number(value.ingress) };
  if ('task' in value) return { kind: 'task' };
  return { kind: 'canister', canisterKey: value.canister.key, callbackId: Number(value.canister.callbackId) };
}
