import { AgentError } from '@dfinity/agent';
import { AppError } from '../../src/lib/errors/AppError';
import { mapCallError } from '../../src/lib/ic/errors';
import type { CallContext } from '../../src/lib/ic/mapped';

/** Whatever the checks ask directly, they ask the options canister, and change nothing by it. */
const context = (): CallContext => ({ canister: 'options', method: 'checklist', update: false, nowMs: Date.now() });

/** What went wrong as the app would say it, with the code that docs/errors.md explains; anything else as it says itself. */
export function inWords(error: unknown): string {
  const mapped = error instanceof AgentError ? mapCallError(error, context()) : error;
  if (mapped instanceof AppError) return `${mapped.message} (${mapped.code})`;
  return mapped instanceof Error ? mapped.message : String(mapped);
}
