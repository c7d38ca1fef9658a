import { asAppError } from '$lib/errors/asAppError';

/** The sentence for a person. */
export function messageOf(error: unknown): string {
  return asAppError(error).message;
}
