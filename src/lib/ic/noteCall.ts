import { AgentError } from '@dfinity/agent';
import { asAppError } from '../errors/asAppError';
import type { Log } from '../log/log';
import type { CanisterName } from './mapped';

interface Call {
  readonly canister: CanisterName;
  readonly method: string;
  readonly call: 'query' | 'update';
}

/** Writes down one canister call, once, when it has ended: what was asked, how long it took and what became of it. Never what was said. */
export function noteCall(log: Log, call: Call): { answered(answer: unknown): void; failed(error: unknown): void } {
  const startedAt = performance.now();
  const ms = (): number => Math.round(performance.now() - startedAt);
  return {
    answered: (answer) => {
      // What nobody pressed a button for is only there for the details.
      const level = log.correlationId === undefined ? 'debug' : 'info';
      log.write(level, 'call', { ...call, ms: ms(), outcome: isRefusal(answer) ? 'refused' : 'ok' });
    },
    failed: (thrown) => {
      const { code, kind, unclear, retryAfterMs, cause } = asAppError(thrown);
      const level = kind === 'internal' ? 'error' : 'warn';
      log.write(level, 'call', { ...call, ms: ms(), outcome: code, kind, unclear, retryAfterMs, requestId: requestIdOf(cause) });
    }
  };
}

/** The canisters' typed refusals come as an answer: `err` with ours and the legacy one, `Err` with the ledger. */
function isRefusal(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && ('err' in answer || 'Err' in answer);
}

/** By which the network knows the call for some minutes, hexadecimal; undefined when it failed before there was one. */
function requestIdOf(cause: unknown): string | undefined {
  if (!(cause instanceof AgentError)) return undefined;
  const { code } = cause;
  const id = code.requestContext?.requestId ?? ('requestId' in code ? code.requestId : undefined);
  return id instanceof Uint8Array ? Array.from(id, (byte) => byte.toString(16).padStart(2, '0')).join('') : undefined;
}
