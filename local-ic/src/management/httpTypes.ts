import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { HttpHeader, OutcallMethod } from '../outcalls/Outcalls.ts';
import { Blob, type Opt } from './candid.ts';

const Header = IDL.Record({ name: IDL.Text, value: IDL.Text });

/** http_request_result */
export const HttpResponseType = IDL.Record({ status: IDL.Nat, headers: IDL.Vec(Header), body: Blob });

export const TransformArgument = IDL.Record({ response: HttpResponseType, context: Blob });

/** http_request_args */
export const HttpRequestType = IDL.Record({
  url: IDL.Text,
  max_response_bytes: IDL.Opt(IDL.Nat64),
  method: IDL.Variant({ get: IDL.Null, head: IDL.Null, post: IDL.Null, put: IDL.Null, delete: IDL.Null }),
  headers: IDL.Vec(Header),
  body: IDL.Opt(Blob),
  transform: IDL.Opt(IDL.Record({ function: IDL.Func([TransformArgument], [HttpResponseType], ['query']), context: Blob })),
  is_replicated: IDL.Opt(IDL.Bool)
});

export interface HttpRequestArgument {
  url: string;
  max_response_bytes: Opt<bigint>;
  method: Partial<Record<OutcallMethod, null>>;
  headers: HttpHeader[];
  body: Opt<Uint8Array>;
  transform: Opt<{ function: [Principal, string]; context: Uint8Array }>;
  is_replicated: Opt<boolean>;
}
