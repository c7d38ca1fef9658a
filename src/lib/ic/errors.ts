import {
  AgentError,
  CertificateOutdatedErrorCode,
  CertificateTimeErrorCode,
  CertifiedRejectErrorCode,
  ErrorKindEnum,
  HttpErrorCode,
  HttpFetchErrorCode,
  IdentityInvalidErrorCode,
  IngressExpiryInvalidErrorCode,
  MalformedPublicKeyErrorCode,
  MalformedSignatureErrorCode,
  MissingSignatureErrorCode,
  RequestStatusDoneNoReplyErrorCode,
  TimeoutWaitingForResponseErrorCode,
  UncertifiedRejectErrorCode,
  UncertifiedRejectUpdateErrorCode,
  UnexpectedErrorCode
} from '@dfinity/agent';
import { AppError, type ErrorKind } from '../errors/AppError';

export type CanisterName = 'options' | 'ledger' | 'legacy';

/** What was being done when it failed. */
export interface CallContext {
  readonly canister: CanisterName;
  readonly method: string;
  /** An update's outcome may be open after a failure; a query changes nothing. */
  readonly update: boolean;
  /** Whether the caller's delegation has run out: then the network's refusal means "log in again". */
  readonly sessionExpired?: boolean;
}

const TITLES: Record<CanisterName, string> = { options: 'The exchange', ledger: 'The ckBTC ledger', legacy: 'The legacy platform' };

interface Mapped {
  kind: ErrorKind;
  code: string;
  message: string;
  unclear?: boolean;
  retryAfterMs?: number | undefined;
}

/**
 * The one place where a failed canister call becomes an AppError: by the agent's error classes, HTTP status and reject codes,
 * never by text. Pure: no I/O, no clock. What is not known here is internal and never retried.
 */
export function mapCallError(error: unknown, context: CallContext): AppError {
  if (error instanceof AppError) return error;
  const mapped = error instanceof AgentError ? mapAgentError(error, context) : unknown(context);
  // Only an update can have had an effect.
  return new AppError({ ...mapped, unclear: context.update && (mapped.unclear ?? false), canister: context.canister, cause: error });
}

function mapAgentError(error: AgentError, context: CallContext): Mapped {
  const { code } = error;
  if (isReject(code)) return mapReject(code.rejectCode, code.rejectErrorCode, context);
  if (code instanceof HttpErrorCode) return mapStatus(code, context);
  if (code instanceof IdentityInvalidErrorCode) return sessionEnded();
  // Refused before it was let in: nothing happened.
  if (code instanceof IngressExpiryInvalidErrorCode) return clockMismatch(false);
  if (code instanceof CertificateTimeErrorCode || code instanceof CertificateOutdatedErrorCode) return clockMismatch(true);
  if (code instanceof HttpFetchErrorCode || code instanceof TimeoutWaitingForResponseErrorCode) return unreachable(context);
  // What the agent says when it could not fetch the nodes' keys: nothing was forged, it just can't check.
  if (code instanceof MissingSignatureErrorCode) return { ...unreachable(context), code: 'node_keys_missing' };
  if (code instanceof RequestStatusDoneNoReplyErrorCode) {
    return {
      kind: 'temporary',
      code: 'no_reply',
      message: `${TITLES[context.canister]} did not say how it went. Check before trying again.`,
      unclear: true
    };
  }
  if (isUntrusted(error)) {
    return {
      kind: 'internal',
      code: 'certificate_invalid',
      message: 'The answer could not be verified and was not used. Reload the page; report it if it comes back.',
      unclear: true
    };
  }
  if (code instanceof UnexpectedErrorCode && code.error instanceof AgentError) return mapAgentError(code.error, context);
  return unknown(context);
}

type RejectCode = CertifiedRejectErrorCode | UncertifiedRejectErrorCode | UncertifiedRejectUpdateErrorCode;

function isReject(code: unknown): code is RejectCode {
  return (
    code instanceof CertifiedRejectErrorCode ||
    code instanceof UncertifiedRejectErrorCode ||
    code instanceof UncertifiedRejectUpdateErrorCode
  );
}

/** Kind Trust is a failed verification; the others are answers whose signature or certificate can't even be read. */
function isUntrusted(error: AgentError): boolean {
  const { code } = error;
  const malformed = code instanceof MalformedSignatureErrorCode || code instanceof MalformedPublicKeyErrorCode;
  return malformed || error.kind === ErrorKindEnum.Trust || error.kind === ErrorKindEnum.Protocol;
}

/** Error codes of the execution environment, where they say more than the reject code. The message never started in any of these. */
const NEVER_STARTED: Readonly<Record<string, string>> = {
  IC0508: 'canister_stopped',
  IC0509: 'canister_stopped',
  IC0207: 'canister_out_of_cycles',
  IC0301: 'canister_missing',
  IC0537: 'canister_missing',
  IC0536: 'method_missing'
};

function mapReject(rejectCode: number, errorCode: string | undefined, { canister }: CallContext): Mapped {
  const title = TITLES[canister];
  const code = errorCode === undefined ? undefined : NEVER_STARTED[errorCode];
  if (code === 'canister_stopped')
    return { kind: 'temporary', code, message: `${title} is stopped for maintenance. It will be back by itself.` };
  if (code === 'canister_out_of_cycles')
    return { kind: 'temporary', code, message: `${title} has run out of resources and is being topped up.` };
  if (code === 'canister_missing') return { kind: 'internal', code, message: `${title} is not installed on this network. Report this.` };
  if (code === 'method_missing') {
    return { kind: 'internal', code, message: `This page and ${lower(title)} are of different versions. Reload the page.` };
  }
  switch (rejectCode) {
    case 2:
      return { kind: 'temporary', code: 'canister_busy', message: `${title} is very busy. Try again in a moment.`, unclear: true };
    case 3:
      return { kind: 'internal', code: 'canister_missing', message: `${title} is not installed on this network. Report this.` };
    case 6:
      return {
        kind: 'temporary',
        code: 'outcome_unknown',
        message: `The network did not say how it went. Check before trying again.`,
        unclear: true
      };
    default:
      // Code before an await may have taken effect, so even a certified failure leaves the outcome open.
      return { kind: 'internal', code: 'canister_failed', message: `${title} failed while doing this. Report it.`, unclear: true };
  }
}

function mapStatus({ status, headers }: HttpErrorCode, context: CallContext): Mapped {
  if (status === 429) {
    return {
      kind: 'temporary',
      code: 'rate_limited',
      message: 'The network asks us to slow down. Try again in a moment.',
      retryAfterMs: retryAfter(headers)
    };
  }
  if (status === 408 || status >= 500) return { ...unreachable(context), retryAfterMs: retryAfter(headers) };
  if (status === 401 || (context.sessionExpired === true && (status === 400 || status === 403))) return sessionEnded();
  if (status === 413) return { kind: 'request', code: 'too_large', message: 'This is too large to send.' };
  return {
    kind: 'internal',
    code: 'bad_request',
    message: `The network refused the request (status ${status}). Reload the page; report it if it comes back.`
  };
}

/** Seconds of a Retry-After header; a date in it is ignored, the back-off does as well. */
function retryAfter(headers: readonly (readonly [string, string])[]): number | undefined {
  const value = headers.find(([name]) => name.toLowerCase() === 'retry-after')?.[1];
  return value !== undefined && /^\d{1,5}$/u.test(value) ? Number(value) * 1000 : undefined;
}

function unreachable({ canister }: CallContext): Mapped {
  return {
    kind: 'temporary',
    code: 'unreachable',
    message: `${TITLES[canister]} cannot be reached. Check your connection.`,
    unclear: true
  };
}

function clockMismatch(unclear: boolean): Mapped {
  return {
    kind: 'temporary',
    code: 'clock_mismatch',
    message: "Your device's clock differs from the network's by minutes. Set it right and try again.",
    unclear
  };
}

function sessionEnded(): Mapped {
  return { kind: 'session', code: 'session_ended', message: 'Your session has ended. Log in again.' };
}

function unknown({ canister }: CallContext): Mapped {
  return {
    kind: 'internal',
    code: 'unexpected',
    message: `Something unexpected happened while talking to ${lower(TITLES[canister])}. Report it.`,
    unclear: true
  };
}

function lower(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1);
}
