import { createPrivateKey, createPublicKey, hkdfSync, sign, type KeyObject } from 'node:crypto';
import { decode } from '@dfinity/cbor';
import { Principal } from '@dfinity/principal';
import { expect } from 'vitest';
import type { CallResult } from '../../src/engine/types.ts';
import { Api } from '../../src/http/api.ts';
import { concat, domainSeparator } from '../../src/http/bytes.ts';
import { HttpError } from '../../src/http/HttpError.ts';
import { openNetworkKeys } from '../../src/http/keys.ts';
import { hashOfMap } from '../../src/http/requestId.ts';
import { decodeCbor } from '../../src/http/cbor.ts';
import { START_NS, startNetwork, type TestNetwork } from '../support/network.ts';
import { encodeCbor, Pairs, type Encodable } from './encodeCbor.ts';

/** No single input may keep the network busy for longer. */
const MAX_MS = 5_000;
const MAX_MESSAGE = 2_000;

const MINUTE_NS = 60_000_000_000n;
/** "DIDL", no types, no arguments. */
const NO_ARGUMENTS = Uint8Array.of(0x44, 0x49, 0x44, 0x4c, 0, 0);

/** A network with one canister, whose interface is asked without HTTP. */
export interface Target {
  network: TestNetwork;
  api: Api;
  canisterId: Principal;
  /** A user with a key. */
  user: Key;
  subnetId: Principal;
  /** Posts a body and judges the answer; fails for anything but a precise one. Returns the status. */
  post(path: string, body: Uint8Array): Promise<number>;
  /** The fields of a valid request. */
  content(type: RequestType): Pairs;
  /** A valid signed request is answered as ever, and nothing went wrong inside meanwhile. */
  expectHealthy(): Promise<void>;
}

export type RequestType = 'call' | 'query' | 'read_state';

export interface Key {
  der: Uint8Array;
  principal: Principal;
  sign(message: Uint8Array): Uint8Array;
}

const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

export function keyFrom(seed: string): Key {
  const secret = Buffer.from(hkdfSync('sha256', seed, '', 'key', 32));
  const key: KeyObject = createPrivateKey({ key: Buffer.concat([PKCS8, secret]), format: 'der', type: 'pkcs8' });
  const der = new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }));
  return { der, principal: Principal.selfAuthenticating(der), sign: (message) => new Uint8Array(sign(null, message, key)) };
}

const REQUEST = domainSeparator('ic-request');
const DELEGATION = domainSeparator('ic-request-auth-delegation');

/** An envelope of this content, signed by `key`; contents that have no hash get a signature over nothing. */
export function signed(content: Pairs, key: Key, root = key): Pairs {
  return new Pairs([
    ['content', content],
    ['sender_pubkey', root.der],
    ['sender_sig', key.sign(concat(REQUEST, idOf(content)))]
  ]);
}

/** One link of a chain of delegations: `from` lets `to` sign for it. */
export function delegation(from: Key, to: Key, change: (fields: Pairs) => Pairs = (fields) => fields): Pairs {
  const fields = change(
    new Pairs([
      ['pubkey', to.der],
      ['expiration', START_NS + MINUTE_NS]
    ])
  );
  return new Pairs([
    ['delegation', fields],
    ['signature', from.sign(concat(DELEGATION, idOf(fields)))]
  ]);
}

function idOf(content: Pairs): Uint8Array {
  try {
    const decoded = decodeCbor(encodeCbor(content));
    return decoded instanceof Map ? hashOfMap(decoded) : new Uint8Array(32);
  } catch {
    return new Uint8Array(32);
  }
}

export async function startTarget(): Promise<Target> {
  const network = await startNetwork({ instructionLimits: { update: 200_000_000n, query: 100_000_000n } });
  const canisterId = await network.install('agent');
  const keys = await openNetworkKeys({ seed: 'fuzz' });
  const api = new Api(network.engine, keys);
  const user = keyFrom('user');
  const content = (type: RequestType): Pairs => {
    const common: [string, Encodable][] = [
      ['request_type', type],
      ['sender', user.principal.toUint8Array()],
      ['ingress_expiry', network.engine.now() + MINUTE_NS]
    ];
    const call: [string, Encodable][] = [
      ['canister_id', canisterId.toUint8Array()],
      ['method_name', type === 'call' ? 'increment' : 'get'],
      ['arg', NO_ARGUMENTS]
    ];
    return new Pairs([
      ...common,
      ...(type === 'read_state' ? [['paths', [[new TextEncoder().encode('time')]]] as [string, Encodable]] : call)
    ]);
  };
  const post = async (path: string, body: Uint8Array): Promise<number> => {
    const started = performance.now();
    try {
      const answer = await inTime(api.post(path, body));
      judgeAnswer(answer);
      return answer.status;
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      judgeRefusal(error);
      return error.status;
    } finally {
      expect(performance.now() - started, 'ms for one input').toBeLessThan(MAX_MS);
    }
  };
  let counter = 0;
  const expectHealthy = async (): Promise<void> => {
    const fresh = content('call').with('nonce', Uint8Array.of(++counter >> 8, counter & 255));
    const body = encodeCbor(signed(fresh, user));
    const answer = await inTime(api.post(`/api/v3/canister/${canisterId.toText()}/call`, body));
    expect(decode(answer.body ?? new Uint8Array())).toMatchObject({ status: 'replied' });
    expect(network.log.filter((line) => line.includes('internal error'))).toEqual([]);
  };
  return { network, api, canisterId, user, subnetId: keys.subnetId, post, content, expectHealthy };
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${MAX_MS} ms`)), MAX_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A refusal names what is wrong, in a text that a person can read. */
function judgeRefusal({ status, message }: HttpError): void {
  expect([400, 403, 404, 413]).toContain(status);
  expect(message.length).toBeGreaterThan(15);
  expect(message.length).toBeLessThan(MAX_MESSAGE);
  expect(message).not.toMatch(/\[object|undefined|call stack|NaN|is not a function|Cannot read/);
}

function judgeAnswer({ status, body }: { status: number; body?: Uint8Array }): void {
  if (status === 202) {
    expect(body).toBeUndefined();
    return;
  }
  const answer = decode<Record<string, unknown>>(body ?? new Uint8Array());
  if ('certificate' in answer) return;
  if (answer['status'] === 'replied') {
    expect(answer).toHaveProperty('reply.arg');
    return;
  }
  judgeReject(answer);
}

function judgeReject(answer: Record<string, unknown>): void {
  expect([1, 2, 3, 4, 5, 6]).toContain(Number(answer['reject_code']));
  expect(answer['error_code']).toMatch(/^IC0\d{3}$/);
  expect(['IC0101', 'IC0521']).not.toContain(answer['error_code']);
  const message = String(answer['reject_message']);
  expect(message.length).toBeGreaterThan(10);
  // The name of a method may be in it.
  expect(message.length).toBeLessThan(MAX_MESSAGE + 20_000);
  expect(message).not.toMatch(/\[object|call stack|Internal error|is not a function|Cannot read/);
}

/** What a message came to: a reply, or a reject that says why. */
export function judgeResult(result: CallResult): void {
  if (result.kind === 'reply') return;
  judgeReject({ reject_code: result.code, error_code: result.errorCode, reject_message: result.message });
}
