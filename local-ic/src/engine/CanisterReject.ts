import type { CallResult, RejectCode } from './types.ts';

/** A call that was rejected, for callers that want a promise to fail. */
export class CanisterReject extends Error {
  override readonly name = 'CanisterReject';
  readonly code: RejectCode;
  readonly errorCode: string;

  constructor(code: RejectCode, errorCode: string, message: string) {
    super(message);
    this.code = code;
    this.errorCode = errorCode;
  }
}

/** The reply's bytes. @throws CanisterReject when the call was rejected */
export function unwrapReply(result: CallResult): Uint8Array {
  if (result.kind === 'reply') return result.reply;
  throw new CanisterReject(result.code, result.errorCode, result.message);
}
