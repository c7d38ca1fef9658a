import { CanisterReject } from '../engine/CanisterReject.ts';
import { rejected } from '../engine/rejects.ts';
import type { CallResult } from '../engine/types.ts';

/** A reject to throw; its reject code belongs to the error code. */
export function refusal(errorCode: string, message: string): CanisterReject {
  return refusalOf(rejected(errorCode, message));
}

export function refusalOf(result: CallResult): CanisterReject {
  if (result.kind === 'reply') throw new Error('A reply is no reject');
  return new CanisterReject(result.code, result.errorCode, result.message);
}
