import type { HttpErrorCode } from '@dfinity/agent';
import { sessionEnded, timedOut, unreachable, type CallContext, type Mapped } from './mapped';

/** No wait that a header asks for counts for more than this: a mistyped one must not lock a screen for days. */
const LONGEST_WAIT_MS = 3_600_000;

/** An HTTP status other than 200 and 202: something between the page and the canister refused or failed. */
export function mapStatus({ status, headers }: HttpErrorCode, context: CallContext): Mapped {
  const retryAfterMs = retryAfter(headers, context.nowMs);
  if (status === 429) {
    return { kind: 'temporary', code: 'rate_limited', message: 'The network asks us to slow down. Try again in a moment.', retryAfterMs };
  }
  if (status === 408 || status === 504) return { ...timedOut(context), retryAfterMs };
  if (status >= 500) return { ...unreachable(context), retryAfterMs };
  if (status === 401 || (context.sessionExpired === true && (status === 400 || status === 403))) return sessionEnded();
  if (status === 413) return { kind: 'request', code: 'too_large', message: 'This is too large to send.' };
  return {
    kind: 'internal',
    code: 'bad_request',
    message: `The network refused the request (status ${status}). Reload the page; report it if it comes back.`
  };
}

/** What a Retry-After header asks for: seconds, or a date, which is the network's and so is held against the network's time. */
function retryAfter(headers: readonly (readonly [string, string])[], nowMs: number): number | undefined {
  const value = headers.find(([name]) => name.toLowerCase() === 'retry-after')?.[1];
  if (value === undefined) return undefined;
  const wait = /^\d{1,9}$/u.test(value) ? Number(value) * 1_000 : Date.parse(value) - nowMs;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), LONGEST_WAIT_MS);
}
