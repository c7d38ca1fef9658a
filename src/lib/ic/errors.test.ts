import {
  CborDecodeErrorCode,
  CertificateOutdatedErrorCode,
  CertificateTimeErrorCode,
  CertificateVerificationErrorCode,
  CertifiedRejectErrorCode,
  ExternalError,
  HttpErrorCode,
  HttpFetchErrorCode,
  IdentityInvalidErrorCode,
  IngressExpiryInvalidErrorCode,
  InputError,
  LookupErrorCode,
  MalformedSignatureErrorCode,
  MissingRootKeyErrorCode,
  MissingSignatureErrorCode,
  ProtocolError,
  QuerySignatureVerificationFailedErrorCode,
  RejectError,
  RequestStatusDoneNoReplyErrorCode,
  TimeoutWaitingForResponseErrorCode,
  TransportError,
  TrustError,
  UncertifiedRejectErrorCode,
  UncertifiedRejectUpdateErrorCode,
  UnexpectedErrorCode,
  UnknownError,
  UNREACHABLE_ERROR,
  type ReplicaRejectCode,
  type RequestId
} from '@dfinity/agent';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../errors/AppError';
import { isUnreachable } from '../errors/reachability';
import { CandidMismatch } from './actor';
import { mapCallError } from './errors';
import type { CallContext } from './mapped';

const id = new Uint8Array(32) as RequestId;
const update: CallContext = { canister: 'options', method: 'settle', update: true, nowMs: Date.UTC(2026, 9, 21, 7, 27) };
const query: CallContext = { canister: 'options', method: 'get_account', update: false, nowMs: update.nowMs };

const certified = (code: number, errorCode?: string): RejectError =>
  RejectError.fromCode(new CertifiedRejectErrorCode(id, code as ReplicaRejectCode, 'IC0508: the text says something else', errorCode));
const uncertified = (code: number, errorCode?: string): RejectError =>
  RejectError.fromCode(new UncertifiedRejectErrorCode(id, code as ReplicaRejectCode, 'words', errorCode, []));
const http = (status: number, headers: [string, string][] = []): ProtocolError =>
  ProtocolError.fromCode(new HttpErrorCode(status, 'words', headers, 'canister is stopped'));

describe('a failed call', () => {
  it.each([
    // What the execution environment says
    ['a stopped canister', certified(5, 'IC0508'), 'temporary', 'canister_stopped', false],
    ['a stopping canister', certified(5, 'IC0509'), 'temporary', 'canister_stopped', false],
    [
      'a stopped canister, refused at the door',
      RejectError.fromCode(new UncertifiedRejectUpdateErrorCode(id, 5 as ReplicaRejectCode, '', 'IC0508')),
      'temporary',
      'canister_stopped',
      false
    ],
    ['no cycles', certified(2, 'IC0207'), 'temporary', 'canister_out_of_cycles', false],
    ['no such canister', certified(3, 'IC0301'), 'internal', 'canister_missing', false],
    ['no code installed', certified(5, 'IC0537'), 'internal', 'canister_missing', false],
    ['no such method', certified(3, 'IC0536'), 'internal', 'method_missing', false],
    ['a trap', certified(5, 'IC0503'), 'internal', 'canister_failed', true],
    ['a Wasm trap', certified(5, 'IC0502'), 'internal', 'canister_failed', true],
    ['a rejected message', certified(4, 'IC0406'), 'internal', 'canister_failed', true],
    [
      'a message that inspection refused',
      RejectError.fromCode(new UncertifiedRejectUpdateErrorCode(id, 4 as ReplicaRejectCode, '', 'IC0406')),
      'internal',
      'not_accepted',
      false
    ],
    ['an unknown error code', certified(5, 'IC9999'), 'internal', 'canister_failed', true],
    ['a transient failure', certified(2), 'temporary', 'canister_busy', true],
    ['an unknown outcome', certified(6), 'temporary', 'outcome_unknown', true],
    ['a fatal failure', certified(1), 'internal', 'canister_failed', true],
    ['a missing destination', certified(3), 'internal', 'canister_missing', false],
    // What HTTP says
    ['a gateway failure', http(502), 'temporary', 'unreachable', true],
    ['a service that is away', http(503), 'temporary', 'unreachable', true],
    ['a request that timed out', http(408), 'temporary', 'timeout', true],
    ['a gateway that timed out', http(504), 'temporary', 'timeout', true],
    ['too many requests', http(429), 'temporary', 'rate_limited', false],
    ['a malformed request', http(400), 'internal', 'bad_request', false],
    ['a forbidden request', http(403), 'internal', 'bad_request', false],
    ['a refused identity', http(401), 'session', 'session_ended', false],
    ['a request that is too large', http(413), 'request', 'too_large', false],
    // What the transport says
    ['a lost connection', TransportError.fromCode(new HttpFetchErrorCode(new TypeError('fetch failed'))), 'temporary', 'unreachable', true],
    ['no answer in time', ProtocolError.fromCode(new TimeoutWaitingForResponseErrorCode('words', id)), 'temporary', 'timeout', true],
    ['node keys that cannot be fetched', TrustError.fromCode(new MissingSignatureErrorCode()), 'temporary', 'node_keys_missing', true],
    ['an answer that is gone', UnknownError.fromCode(new RequestStatusDoneNoReplyErrorCode(id)), 'temporary', 'no_reply', true],
    ['an answer that is no CBOR', InputError.fromCode(new CborDecodeErrorCode('words', id)), 'temporary', 'answer_damaged', true],
    ['an answer that makes no sense', UnknownError.fromCode(new UnexpectedErrorCode('words')), 'temporary', 'answer_damaged', true],
    [
      'a request that took too long',
      TransportError.fromCode(new HttpFetchErrorCode(new DOMException('', 'TimeoutError'))),
      'temporary',
      'timeout',
      true
    ],
    [
      'a request nobody waits for',
      TransportError.fromCode(new HttpFetchErrorCode(new DOMException('', 'AbortError'))),
      'temporary',
      'aborted',
      true
    ],
    // Clocks
    [
      'an expiry the network refuses',
      InputError.fromCode(new IngressExpiryInvalidErrorCode('words', 5)),
      'temporary',
      'clock_mismatch',
      false
    ],
    [
      'an old certificate',
      TrustError.fromCode(new CertificateTimeErrorCode(5, new Date(0), new Date(), 0, 'past')),
      'temporary',
      'certificate_stale',
      true
    ],
    ['an outdated signature', TrustError.fromCode(new CertificateOutdatedErrorCode(5, id)), 'temporary', 'certificate_stale', true],
    // Trust
    [
      'a bad certificate',
      TrustError.fromCode(new CertificateVerificationErrorCode('Invalid signature')),
      'internal',
      'certificate_invalid',
      true
    ],
    [
      'a bad node signature',
      TrustError.fromCode(new QuerySignatureVerificationFailedErrorCode('node')),
      'internal',
      'certificate_invalid',
      true
    ],
    ['an unreadable signature', ProtocolError.fromCode(new MalformedSignatureErrorCode('words')), 'internal', 'certificate_invalid', true],
    [
      'a certificate without the answer',
      ProtocolError.fromCode(new LookupErrorCode('words', 'Absent' as never)),
      'internal',
      'certificate_invalid',
      true
    ],
    // Ours
    ['an ended identity', ExternalError.fromCode(new IdentityInvalidErrorCode()), 'session', 'session_ended', false],
    ['no root key', ExternalError.fromCode(new MissingRootKeyErrorCode(false)), 'internal', 'unexpected', true],
    ['an answer of another type', new CandidMismatch('words'), 'internal', 'candid_mismatch', true],
    ['a certificate that is no tree', UNREACHABLE_ERROR, 'temporary', 'answer_damaged', true],
    ['a plain error', new Error('type mismatch'), 'internal', 'unexpected', true],
    [
      'an accident inside the agent',
      UnknownError.fromCode(new UnexpectedErrorCode(new TypeError('words'))),
      'internal',
      'unexpected',
      true
    ],
    ['something wrapped', UnknownError.fromCode(new UnexpectedErrorCode(certified(5, 'IC0508'))), 'temporary', 'canister_stopped', false],
    ['something thrown that is no error', 'words', 'internal', 'unexpected', true]
  ])('%s', (_, error, kind, code, unclear) => {
    const mapped = mapCallError(error, update);
    expect({ kind: mapped.kind, code: mapped.code, unclear: mapped.unclear }).toEqual({ kind, code, unclear });
    expect(mapped.canister).toBe('options');
    expect(mapped.cause).toBe(error);
    // A query changes nothing, so nothing about it is unclear.
    expect(mapCallError(error, query).unclear).toBe(false);
  });

  it('is never told by its text', () => {
    // The message of `certified` names IC0508, and the HTTP body says "stopped".
    expect(mapCallError(certified(5), update).code).toBe('canister_failed');
    expect(mapCallError(http(404), update).code).toBe('bad_request');
  });

  it('means "log in again" when the delegation has run out', () => {
    for (const status of [400, 401, 403]) {
      expect(mapCallError(http(status), { ...update, sessionExpired: true })).toMatchObject({ kind: 'session', code: 'session_ended' });
    }
  });

  it('passes on how long to wait', () => {
    expect(mapCallError(http(429, [['Retry-After', '7']]), query).retryAfterMs).toBe(7_000);
    // A date is the network's, so it counts from the network's time, whatever this device's clock says.
    const until = (date: string): number | undefined => mapCallError(http(503, [['retry-after', date]]), query).retryAfterMs;
    expect(until('Wed, 21 Oct 2026 07:28:00 GMT')).toBe(60_000);
    expect(until('Wed, 21 Oct 2026 07:00:00 GMT')).toBe(0);
    expect(until('Fri, 21 Oct 2039 07:28:00 GMT')).toBe(3_600_000);
    expect(until('when it suits')).toBeUndefined();
    expect(mapCallError(http(504, [['retry-after', '2']]), query).retryAfterMs).toBe(2_000);
  });

  it('keeps an error that was mapped before', () => {
    const error = new AppError({ kind: 'request', code: 'x', message: 'y' });
    expect(mapCallError(error, update)).toBe(error);
  });

  it('is never retried when it is not known', () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        const mapped = mapCallError(thrown, update);
        expect(mapped.kind).toBe('internal');
        expect(mapped.unclear).toBe(true);
      })
    );
  });
});

describe('falling back to the legacy platform', () => {
  const reachable = (error: unknown): boolean => !isUnreachable(mapCallError(error, query), 'options');

  it('is allowed only when the canister could not be asked', () => {
    for (const error of [
      uncertified(5, 'IC0508'),
      uncertified(3, 'IC0301'),
      http(503),
      TransportError.fromCode(new HttpFetchErrorCode('x'))
    ]) {
      expect(reachable(error)).toBe(false);
    }
    for (const error of [
      certified(5, 'IC0503'),
      http(400),
      new Error('x'),
      TrustError.fromCode(new CertificateVerificationErrorCode('x'))
    ]) {
      expect(reachable(error)).toBe(true);
    }
  });

  it('looks at which canister it was', () => {
    expect(isUnreachable(mapCallError(http(503), { ...query, canister: 'ledger' }), 'options')).toBe(false);
    expect(isUnreachable(new Error('x'))).toBe(false);
  });
});
