import { Principal } from '@dfinity/principal';
import type { CallResult, RejectCode } from '../engine/types.ts';
import { KEEP_ANSWER_NS } from './ingressLifetime.ts';

/** A request as the journal keeps it: when accepted without an answer, later with it. */
export interface JournaledRequest {
  id: Uint8Array;
  sender: Principal;
  canisterId: Principal;
  /** Nanoseconds since 1970. */
  expiry: bigint;
  answer: { result: CallResult; at: bigint } | undefined;
}

/** Until when (network time, ns) a request or its answer may be asked for. */
export function relevantUntil({ expiry, answer }: JournaledRequest): bigint {
  const answerUntil = answer === undefined ? 0n : answer.at + KEEP_ANSWER_NS;
  return expiry > answerUntil ? expiry : answerUntil;
}

/** One line, its end included. */
export function encodeEntry({ id, sender, canisterId, expiry, answer }: JournaledRequest): string {
  const request = { id: base64(id), sender: sender.toText(), canisterId: canisterId.toText(), expiry: String(expiry) };
  return `${JSON.stringify(answer === undefined ? request : { ...request, at: String(answer.at), ...encodeResult(answer.result) })}\n`;
}

/** What a line says; undefined: it is none, as when its writer was stopped half-way. */
export function decodeEntry(line: string): JournaledRequest | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? read({ ...value }) : undefined;
  } catch {
    return undefined;
  }
}

function encodeResult(result: CallResult): Record<string, unknown> {
  if (result.kind === 'reply') return { reply: base64(result.reply) };
  const { code, message, errorCode } = result;
  return { code, message, errorCode };
}

function read(value: Record<string, unknown>): JournaledRequest {
  const request = {
    id: fromBase64(value['id']),
    sender: Principal.fromText(text(value['sender'])),
    canisterId: Principal.fromText(text(value['canisterId'])),
    expiry: BigInt(text(value['expiry']))
  };
  const answer = value['at'] === undefined ? undefined : { at: BigInt(text(value['at'])), result: readResult(value) };
  return { ...request, answer };
}

function readResult({ reply, code, message, errorCode }: Record<string, unknown>): CallResult {
  if (reply !== undefined) return { kind: 'reply', reply: fromBase64(reply) };
  if (!isRejectCode(code)) throw new TypeError('no reject code');
  return { kind: 'reject', code, message: text(message), errorCode: text(errorCode) };
}

function isRejectCode(value: unknown): value is RejectCode {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 6;
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new TypeError('no text');
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

function fromBase64(value: unknown): Uint8Array {
  return Uint8Array.from(Buffer.from(text(value), 'base64'));
}
