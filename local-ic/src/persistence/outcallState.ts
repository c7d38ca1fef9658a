import { IDL } from '@dfinity/candid';
import { Blob, type Opt } from '../management/candid.ts';
import type { OutcallMethod, OutcallRequest, Outcalls } from '../outcalls/Outcalls.ts';
import { decodeOrigin, encodeOrigin, OriginType, type OriginValue } from './originType.ts';

const PendingType = IDL.Record({
  id: IDL.Nat64,
  origin: OriginType,
  canisterId: Blob,
  refund: IDL.Nat,
  url: IDL.Text,
  method: IDL.Text,
  headers: IDL.Vec(IDL.Record({ name: IDL.Text, value: IDL.Text })),
  body: Blob,
  maxResponseBytes: IDL.Nat64,
  transform: IDL.Opt(IDL.Record({ method: IDL.Text, context: Blob }))
});
const OutcallsType = IDL.Record({ nextId: IDL.Nat64, pending: IDL.Vec(PendingType) });

type PendingValue = Omit<OutcallRequest, 'origin' | 'method' | 'maxResponseBytes' | 'transform'> & {
  id: bigint;
  origin: OriginValue;
  method: string;
  maxResponseBytes: bigint;
  transform: Opt<{ method: string; context: Uint8Array }>;
};

/** The requests that wait for their answers, for the manifest: Candid, base64. */
export function encodeOutcalls({ pending, nextId }: Outcalls): string {
  const values: PendingValue[] = Array.from(pending, ([id, request]) => ({
    ...request,
    id: BigInt(id),
    origin: encodeOrigin(request.origin),
    maxResponseBytes: BigInt(request.maxResponseBytes),
    transform: request.transform === undefined ? [] : [request.transform]
  }));
  return Buffer.from(IDL.encode([OutcallsType], [{ nextId: BigInt(nextId), pending: values }])).toString('base64');
}

/** Brings back what `encodeOutcalls` took; each request will be performed again. */
export function restoreOutcalls(outcalls: Outcalls, text: string): void {
  const [decoded] = IDL.decode([OutcallsType], Uint8Array.from(Buffer.from(text, 'base64')));
  const { nextId, pending } = decoded as unknown as { nextId: bigint; pending: PendingValue[] };
  for (const { id, ...value } of pending) {
    const transform = value.transform[0];
    outcalls.pending.set(Number(id), {
      ...value,
      origin: decodeOrigin(value.origin),
      canisterId: Uint8Array.from(value.canisterId),
      method: value.method as OutcallMethod,
      body: Uint8Array.from(value.body),
      maxResponseBytes: Number(value.maxResponseBytes),
      transform: transform && { method: transform.method, context: Uint8Array.from(transform.context) }
    });
  }
  outcalls.nextId = Number(nextId);
}
