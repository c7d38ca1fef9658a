import { AppError } from '../errors/AppError';

/** Pauses between attempts to learn how an unclear call ended, milliseconds. The first is immediate. */
const PAUSES_MS = [0, 1_000, 3_000];

/**
 * Finds out how a call with an unclear outcome ended, by reading. Resolves with what was found, or undefined when nothing is there
 * or reading fails as well: then the outcome stays open and only a repetition under the same id is safe.
 */
async function readBack<T>(read: () => Promise<T>): Promise<T | undefined> {
  for (const pause of PAUSES_MS) {
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    try {
      return await read();
    } catch (error) {
      // Not found may only mean that the node asked lags behind, so both are asked again.
      if (!(error instanceof AppError) || (error.kind !== 'temporary' && error.code !== 'not_found')) return undefined;
    }
  }
  return undefined;
}

/** Runs an update under an id the canister knows it by; when its outcome is unclear, reads it back. */
export async function confirmed<T>(call: () => Promise<T>, read: () => Promise<T>, stillUnclear: string): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof AppError) || !error.unclear) throw error;
    const found = await readBack(read);
    if (found !== undefined) return found;
    throw new AppError({
      kind: 'temporary',
      code: 'outcome_unknown',
      message: stillUnclear,
      unclear: true,
      canister: error.canister,
      cause: error
    });
  }
}
