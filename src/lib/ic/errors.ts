import {
  AgentError,
  CborDecodeErrorCode,
  CertificateOutdatedErrorCode,
  CertificateTimeErrorCode,
  CertifiedRejectErrorCode,
  ErrorKindEnum,
  HashTreeDecodeErrorCode,
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
  UnexpectedErrorCode,
  UNREACHABLE_ERROR
} from '@dfinity/agent';
import { AppError } from '../errors/AppError';
import { CandidMismatch } from './actor';
import { ClockUnknown } from './agent';
import { mapReject } from './mapReject';
import { mapStatus } from './mapStatus';
import { sessionEnded, timedOut, titleOf, TITLES, unreachable, type CallContext, type Mapped } from './mapped';

/**
 * The one place where a failed canister call becomes an AppError: by the agent's error classes, HTTP status and reject codes,
 * never by text; docs/errors.md has the table. Pure: no I/O, no clock. What is not known here is internal and never retried.
 */
export function mapCallError(error: unknown, context: CallContext): AppError {
  if (error instanceof AppError) return error;
  const mapped = error instanceof AgentError ? mapAgentError(error, context) : mapOther(error, context);
  // Only an update can have had an effect.
  return new AppError({ ...mapped, unclear: context.update && (mapped.unclear ?? false), canister: context.canister, cause: error });
}

function mapAgentError(error: AgentError, context: CallContext): Mapped {
  const { code } = error;
  if (isReject(code)) {
    const atTheDoor = code instanceof UncertifiedRejectUpdateErrorCode;
    return mapReject({ rejectCode: code.rejectCode, errorCode: code.rejectErrorCode, atTheDoor }, context);
  }
  if (code instanceof HttpErrorCode) return mapStatus(code, context);
  if (code instanceof IdentityInvalidErrorCode) return sessionEnded();
  // Refused before it was let in: nothing happened.
  if (code instanceof IngressExpiryInvalidErrorCode) return clockMismatch(false);
  if (code instanceof CertificateTimeErrorCode || code instanceof CertificateOutdatedErrorCode) return staleCertificate();
  if (code instanceof HttpFetchErrorCode) return mapFetchFailure(code.error, context);
  if (code instanceof TimeoutWaitingForResponseErrorCode) return timedOut(context);
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
  if (code instanceof CborDecodeErrorCode || code instanceof HashTreeDecodeErrorCode) return damaged();
  if (isUntrusted(error)) {
    return {
      kind: 'internal',
      code: 'certificate_invalid',
      message: 'The answer could not be verified and was not used. Reload the page; report it if it comes back.',
      unclear: true
    };
  }
  if (code instanceof UnexpectedErrorCode) return mapUnexpected(code, context);
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

/** The page itself ends requests that take too long or that nobody waits for; it says which by the name of the exception. */
function mapFetchFailure(error: unknown, context: CallContext): Mapped {
  const name = error instanceof DOMException ? error.name : undefined;
  if (name === 'TimeoutError') return timedOut(context);
  if (name === 'AbortError') {
    return { kind: 'temporary', code: 'aborted', message: 'This was stopped before it finished.', unclear: true };
  }
  return unreachable(context);
}

/**
 * The agent's wrapping of what has no class of its own. With an error inside it tells what that one tells; with nothing but a text
 * in it, an answer arrived that made no sense: without a body, with an unknown status, signed in the future.
 */
function mapUnexpected({ error }: UnexpectedErrorCode, context: CallContext): Mapped {
  if (error instanceof AgentError) return mapAgentError(error, context);
  return typeof error === 'string' ? damaged() : mapOther(error, context);
}

function mapOther(error: unknown, context: CallContext): Mapped {
  // What the agent throws in the middle of a certificate whose tree is none.
  if (error === UNREACHABLE_ERROR) return damaged();
  if (error instanceof ClockUnknown) return clockMismatch(true);
  if (!(error instanceof CandidMismatch)) return unknown(context);
  return {
    kind: 'internal',
    code: 'candid_mismatch',
    message: `This page and ${titleOf(context.canister)} are of different versions, so its answer could not be read. Reload the page.`,
    unclear: true
  };
}

function damaged(): Mapped {
  return {
    kind: 'temporary',
    code: 'answer_damaged',
    message: 'The answer arrived damaged and was not used. Check your connection: some networks answer in place of the site.',
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

/** Signed too long ago, or by a clock that differs by minutes from this device's: which of the two can't be told from here. */
function staleCertificate(): Mapped {
  return {
    kind: 'temporary',
    code: 'certificate_stale',
    message: "The answer was too old to be relied on, or your device's clock is wrong. Check the clock, and look before trying again.",
    unclear: true
  };
}

function unknown({ canister }: CallContext): Mapped {
  return {
    kind: 'internal',
    code: 'unexpected',
    message: `Something unexpected happened while talking to ${titleOf(canister)}. Report it.`,
    unclear: true
  };
}
