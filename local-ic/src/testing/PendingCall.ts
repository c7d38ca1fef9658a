import { unwrapReply, type CallTarget } from '../engine/CanisterReject.ts';
import type { CallResult } from '../engine/types.ts';

/** A call that was made and isn't waited for. */
export interface PendingCall<R> {
  /** What a client reading the status of its request would see. */
  readonly status: 'processing' | 'replied' | 'rejected';
  /** Resolves with what the call returned. @throws CanisterReject */
  answer(): Promise<R>;
}

/** @param decode makes the call's value of the reply's bytes */
export function pendingCall<R>(target: CallTarget, made: Promise<CallResult>, decode: (reply: Uint8Array) => R): PendingCall<R> {
  let status: PendingCall<R>['status'] = 'processing';
  const answered = made.then((result) => {
    status = result.kind === 'reply' ? 'replied' : 'rejected';
    return decode(unwrapReply(result, target));
  });
  // Whoever wants to know asks later; until then nobody handles a reject.
  answered.catch(() => undefined);
  return {
    get status() {
      return status;
    },
    answer: () => answered
  };
}
