import type { Principal } from '@dfinity/principal';
import type { CallResult, RejectCode } from './types.ts';

/** What was called. */
export interface CallTarget {
  canisterId: Principal;
  method: string;
}

/** A call that was rejected, for callers that want a promise to fail. */
export class CanisterReject extends Error {
  override readonly name = 'CanisterReject';
  readonly code: RejectCode;
  readonly errorCode: string;
  /** The called canister, as text; undefined when the reject isn't one of a call. */
  readonly canisterId: string | undefined;
  readonly method: string | undefined;

  constructor(code: RejectCode, errorCode: string, message: string, target?: CallTarget) {
    super(message);
    this.code = code;
    this.errorCode = errorCode;
    this.canisterId = target?.canisterId.toText();
    this.method = target?.method;
  }
}

/** The reply's bytes. @throws CanisterReject when the call was rejected */
export function unwrapReply(result: CallResult, target?: CallTarget): Uint8Array {
  if (result.kind === 'reply') return result.reply;
  throw new CanisterReject(result.code, result.errorCode, result.message, target);
}
