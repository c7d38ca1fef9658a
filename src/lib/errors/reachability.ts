import { AppError } from './AppError';

/** Codes that say: the canister couldn't be asked. Not: it was asked and refused, or its answer was wrong. */
const UNREACHABLE = new Set([
  'unreachable',
  'timeout',
  'answer_damaged',
  'node_keys_missing',
  'canister_stopped',
  'canister_missing',
  'canister_out_of_cycles',
  'canister_busy'
]);

/**
 * Whether an error means that a canister can't be reached. Only then may the screen fall back to the legacy platform: any
 * other failure (a refusal, a trap, a bad certificate) must not move anything to another home.
 */
export function isUnreachable(error: unknown, canister?: string): error is AppError {
  return error instanceof AppError && UNREACHABLE.has(error.code) && (canister === undefined || error.canister === canister);
}
