import { Principal } from '@dfinity/principal';
import { CborError, decodeCbor, type CborMap, type CborValue } from './cbor.ts';
import { HttpError } from './HttpError.ts';
import { hashOfMap } from './requestId.ts';

const MAX_PRINCIPAL_BYTES = 29;
const MAX_NONCE_BYTES = 32;
const MAX_METHOD_NAME_BYTES = 20_000;
const MAX_PATHS = 1_000;
const MAX_LABELS = 127;
const MAX_NAT64 = 0xffff_ffff_ffff_ffffn;

interface CommonContent {
  sender: Principal;
  /** Nanoseconds since 1970. */
  ingressExpiry: bigint;
  nonce: Uint8Array | undefined;
}

/** The content of a call or a query. */
export interface CallContent extends CommonContent {
  type: 'call' | 'query';
  canisterId: Principal;
  method: string;
  arg: Uint8Array;
}

export interface ReadStateContent extends CommonContent {
  type: 'read_state';
  paths: Uint8Array[][];
}

export interface SignedDelegation {
  pubkey: Uint8Array;
  expiration: bigint;
  targets: Principal[] | undefined;
  /** The representation-independent hash of the delegation, which its signature covers. */
  hash: Uint8Array;
  signature: Uint8Array;
}

/** A request as it came in: well-formed, not yet authenticated. */
export interface Envelope<Content> {
  content: Content;
  /** The representation-independent hash of the content, 32 bytes. */
  requestId: Uint8Array;
  senderPubkey: Uint8Array | undefined;
  senderSig: Uint8Array | undefined;
  senderDelegation: SignedDelegation[] | undefined;
}

/**
 * Reads a call or query envelope.
 * @throws HttpError 400 that names the field that is missing or wrong
 */
export function parseCallEnvelope(body: Uint8Array, type: 'call' | 'query'): Envelope<CallContent> {
  return parse(body, type, (content) => {
    const method = text(content, 'content.method_name');
    if (Buffer.byteLength(method) > MAX_METHOD_NAME_BYTES) fail(`content.method_name is longer than ${MAX_METHOD_NAME_BYTES} bytes`);
    return { type, ...common(content), canisterId: principal(content, 'content.canister_id'), method, arg: blob(content, 'content.arg') };
  });
}

/**
 * Reads a read_state envelope.
 * @throws HttpError 400 that names the field that is missing or wrong
 */
export function parseReadStateEnvelope(body: Uint8Array): Envelope<ReadStateContent> {
  return parse(body, 'read_state', (content) => {
    const paths = array(content, 'content.paths').map((path, i) => {
      if (!Array.isArray(path)) fail(`content.paths[${i}] must be an array of blobs`);
      if (path.length > MAX_LABELS) fail(`content.paths[${i}] has ${path.length} labels, but at most ${MAX_LABELS} are allowed`);
      return path.map((label, j) => asBlob(label, `content.paths[${i}][${j}]`));
    });
    if (paths.length > MAX_PATHS)
      fail(`Too many paths in read state request: got ${paths.length} paths, but at most ${MAX_PATHS} are allowed.`);
    return { type: 'read_state', ...common(content), paths };
  });
}

function parse<Content>(body: Uint8Array, type: string, read: (content: CborMap) => Content): Envelope<Content> {
  const envelope = decodeBody(body);
  if (!(envelope instanceof Map)) return fail('the envelope must be a map');
  const content = envelope.get('content');
  if (content === undefined) return fail('missing field `content`');
  if (!(content instanceof Map)) return fail('`content` must be a map');
  const requestType = text(content, 'content.request_type');
  if (requestType !== type) return fail(`\`content.request_type\` is "${requestType.slice(0, 40)}", but this endpoint takes "${type}"`);
  return {
    content: read(content),
    requestId: hashOrFail(content),
    senderPubkey: optional(envelope, 'sender_pubkey', asBlob),
    senderSig: optional(envelope, 'sender_sig', asBlob),
    senderDelegation: optional(envelope, 'sender_delegation', (value, name) => {
      if (!Array.isArray(value)) return fail(`\`${name}\` must be an array`);
      return value.map((item, i) => signedDelegation(item, `${name}[${i}]`));
    })
  };
}

function decodeBody(body: Uint8Array): CborValue {
  if (body.length === 0) return fail('the body is empty');
  try {
    return decodeCbor(body);
  } catch (error) {
    if (error instanceof CborError) return fail(`the body is not valid CBOR: ${error.message}`);
    throw error;
  }
}

function hashOrFail(map: CborMap): Uint8Array {
  try {
    return hashOfMap(map);
  } catch (error) {
    // A boolean or a negative number, in a field this interface does not know.
    return fail(`the request id cannot be computed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function signedDelegation(value: CborValue, name: string): SignedDelegation {
  if (!(value instanceof Map)) return fail(`\`${name}\` must be a map`);
  const delegation = value.get('delegation');
  if (!(delegation instanceof Map)) return fail(`\`${name}.delegation\` must be a map`);
  return {
    pubkey: blob(delegation, `${name}.delegation.pubkey`),
    expiration: nat64(delegation, `${name}.delegation.expiration`),
    targets: optional(delegation, `${name}.delegation.targets`, (targets, at) => {
      if (!Array.isArray(targets)) return fail(`\`${at}\` must be an array`);
      return targets.map((target, i) => asPrincipal(target, `${at}[${i}]`));
    }),
    hash: hashOrFail(delegation),
    signature: blob(value, `${name}.signature`)
  };
}

function common(content: CborMap): CommonContent {
  const nonce = optional(content, 'content.nonce', asBlob);
  if (nonce !== undefined && nonce.length > MAX_NONCE_BYTES) {
    fail(`Nonce in request is too big: got ${nonce.length} bytes, but at most ${MAX_NONCE_BYTES} are allowed.`);
  }
  return { sender: principal(content, 'content.sender'), ingressExpiry: nat64(content, 'content.ingress_expiry'), nonce };
}

/** The field a dotted name ends in: errors show the whole name, maps know the last part. */
function field(map: CborMap, name: string): CborValue {
  const value = map.get(name.slice(name.lastIndexOf('.') + 1));
  if (value === undefined || value === null) return fail(`missing field \`${name}\``);
  return value;
}

function optional<T>(map: CborMap, name: string, read: (value: CborValue, name: string) => T): T | undefined {
  const value = map.get(name.slice(name.lastIndexOf('.') + 1));
  return value === undefined || value === null ? undefined : read(value, name);
}

function text(map: CborMap, name: string): string {
  const value = field(map, name);
  return typeof value === 'string' ? value : fail(`\`${name}\` must be text`);
}

function array(map: CborMap, name: string): CborValue[] {
  const value = field(map, name);
  return Array.isArray(value) ? value : fail(`\`${name}\` must be an array`);
}

function nat64(map: CborMap, name: string): bigint {
  const value = field(map, name);
  if (typeof value !== 'bigint' || value < 0n || value > MAX_NAT64) return fail(`\`${name}\` must be a natural number of at most 64 bits`);
  return value;
}

function blob(map: CborMap, name: string): Uint8Array {
  return asBlob(field(map, name), name);
}

function principal(map: CborMap, name: string): Principal {
  return asPrincipal(field(map, name), name);
}

function asBlob(value: CborValue, name: string): Uint8Array {
  return value instanceof Uint8Array ? value : fail(`\`${name}\` must be a blob`);
}

function asPrincipal(value: CborValue, name: string): Principal {
  const bytes = asBlob(value, name);
  if (bytes.length > MAX_PRINCIPAL_BYTES)
    return fail(`\`${name}\` is not a principal: ${bytes.length} bytes, at most ${MAX_PRINCIPAL_BYTES}`);
  return Principal.fromUint8Array(bytes);
}

function fail(problem: string): never {
  throw new HttpError(400, `Malformed request: ${problem}`);
}
