import { IDL, type JsonValue } from '@dfinity/candid';
import { checkCandid } from '../candid/checkCandid.ts';
import { refusal } from './refusal.ts';

/** The reply `()`. */
export const EMPTY_REPLY = new Uint8Array(IDL.encode([], []));

/** Candid's opt in JavaScript. */
export type Opt<T> = [] | [T];

export const Blob = IDL.Vec(IDL.Nat8);

/** `record { canister_id }`: what many methods take, and what the creating ones answer. */
export const CanisterIdRecord = IDL.Record({ canister_id: IDL.Principal });

/** Version the calling canister says it has; it goes into the history of what the call changes. */
export const SENDER_VERSION = { sender_canister_version: IDL.Opt(IDL.Nat64) };

export function encodeReply(type: IDL.Type, value: unknown): Uint8Array {
  return new Uint8Array(IDL.encode([type], [value]));
}

/**
 * Decodes an argument; `T` is the JavaScript value of `type`.
 *
 * @throws CanisterReject IC0408 when the bytes are something else
 */
export function decodeArgument<T>(type: IDL.Type, arg: Uint8Array): T {
  let values: JsonValue[];
  try {
    checkCandid(arg);
    values = IDL.decode([type], arg);
  } catch (error) {
    throw refusal('IC0408', `Error decoding candid: ${error instanceof Error ? error.message : String(error)}`);
  }
  return values[0] as T;
}
