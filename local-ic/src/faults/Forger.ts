import { decode, encodeWithSelfDescribedTag } from '@dfinity/cbor';
import { concat, equalBytes, leb128, utf8 } from '../http/bytes.ts';
import type { CborMap, CborValue } from '../http/cbor.ts';
import { openNetworkKeys, type NetworkKeys } from '../http/keys.ts';
import { hashOfMap } from '../http/requestId.ts';
import { QUERY_RESPONSE, STATE_ROOT } from '../http/signedDomains.ts';
import type { EncodedTree } from '../http/witness.ts';
import { rootHash } from './rootHash.ts';

/** How the signed parts of an answer are to differ from the truth. */
export interface Forgery {
  /** Added to the time, in ns. */
  shiftNs: bigint;
  signedBy: 'network' | 'stranger';
  /** Whether only certificates are to differ, or query answers too. */
  queries: boolean;
  /** Whether calls that were answered are to be done without an answer. */
  forgetful?: boolean;
}

const TIME = utf8('time');
const REQUEST_STATUS = utf8('request_status');
const STATUS = utf8('status');
const DONE = utf8('done');
const ANSWERS = [utf8('reply'), utf8('reject_code')];
/** Any network but this one; nobody trusts it, so its keys are no secret. */
const STRANGER_SEED = 'another network';

/**
 * Signs answers anew. Only what the network itself certifies is redone; a certificate that a canister took from `ic0.data_certificate_copy`
 * and put into its reply stays as it is.
 */
export class Forger {
  private readonly keys: NetworkKeys;
  private stranger: Promise<NetworkKeys> | undefined;

  constructor(keys: NetworkKeys) {
    this.keys = keys;
  }

  /** The body with its certificate or its query signatures forged; bodies that hold neither come back as they are. */
  async forge(body: Uint8Array, requestId: Uint8Array | undefined, forgery: Forgery): Promise<Uint8Array> {
    const content = body.length === 0 ? undefined : fields(decode(body));
    if (content === undefined) return body;
    const keys = forgery.signedBy === 'network' ? this.keys : await (this.stranger ??= openNetworkKeys({ seed: STRANGER_SEED }));
    if (content['certificate'] instanceof Uint8Array) {
      return encodeWithSelfDescribedTag({ ...content, certificate: forgeCertificate(content['certificate'], forgery, keys) });
    }
    if (forgery.queries && Array.isArray(content['signatures']) && requestId !== undefined) {
      const { signatures, ...answer } = content;
      return encodeWithSelfDescribedTag({ ...answer, signatures: signatures.map((one) => signQuery(answer, one)) });
    }
    return body;

    function signQuery(answer: Record<string, unknown>, signature: unknown): Record<string, unknown> {
      const { timestamp, ...rest } = fields(signature) ?? {};
      const shifted = shift(BigInt(timestamp as bigint | number), forgery.shiftNs);
      const signed: CborMap = new Map([...hashable(answer), ['timestamp', shifted], ['request_id', requestId]]);
      return { ...rest, timestamp: shifted, signature: keys.signAsNode(concat(QUERY_RESPONSE, hashOfMap(signed))) };
    }
  }
}

function forgeCertificate(certificate: Uint8Array, { shiftNs, forgetful = false }: Forgery, keys: NetworkKeys): Uint8Array {
  const { tree } = fields(decode(certificate)) as { tree: EncodedTree };
  const shifted = shiftTime(forgetful ? forgetAnswers(tree) : tree, shiftNs);
  return encodeWithSelfDescribedTag({ tree: shifted, signature: keys.signAsRoot(concat(STATE_ROOT, rootHash(shifted))) });
}

/** The tree with `done` in place of every answer: what a network says of a call whose answer it kept for long enough. */
function forgetAnswers(tree: EncodedTree): EncodedTree {
  if (tree[0] === 1) return [1, forgetAnswers(tree[1]), forgetAnswers(tree[2])];
  return tree[0] === 2 && equalBytes(tree[1], REQUEST_STATUS) ? [2, tree[1], forgetRequests(tree[2])] : tree;
}

function forgetRequests(tree: EncodedTree): EncodedTree {
  if (tree[0] === 1) return [1, forgetRequests(tree[1]), forgetRequests(tree[2])];
  return tree[0] === 2 && isAnswered(tree[2]) ? [2, tree[1], [2, STATUS, [3, DONE]]] : tree;
}

function isAnswered(request: EncodedTree): boolean {
  if (request[0] === 1) return isAnswered(request[1]) || isAnswered(request[2]);
  return request[0] === 2 && ANSWERS.some((label) => equalBytes(request[1], label));
}

/** The tree with another time: every certificate reveals it, so the rest may stay pruned. */
function shiftTime(tree: EncodedTree, shiftNs: bigint): EncodedTree {
  if (tree[0] === 1) return [1, shiftTime(tree[1], shiftNs), shiftTime(tree[2], shiftNs)];
  if (tree[0] !== 2 || !equalBytes(tree[1], TIME) || tree[2][0] !== 3) return tree;
  return [2, tree[1], [3, leb128(shift(readLeb128(tree[2][1]), shiftNs))]];
}

function shift(timeNs: bigint, shiftNs: bigint): bigint {
  return timeNs + shiftNs > 0n ? timeNs + shiftNs : 0n;
}

function readLeb128(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 7n) | BigInt(byte & 0x7f), 0n);
}

function fields(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array) ? { ...value } : undefined;
}

/** As the hash of structured data takes it: Maps and bigints. */
function hashable(content: Record<string, unknown>): [string, CborValue][] {
  return Object.entries(content).map(([key, value]) => {
    if (typeof value === 'number') return [key, BigInt(value)];
    const inner = fields(value);
    return [key, inner === undefined ? (value as CborValue) : new Map(hashable(inner))];
  });
}
