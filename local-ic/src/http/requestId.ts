import { compareBytes, concat, join, leb128, sha256, utf8 } from './bytes.ts';
import type { CborMap, CborValue } from './cbor.ts';

const keyHashes = new Map<string, Uint8Array>();

function hashOfKey(key: string): Uint8Array {
  let known = keyHashes.get(key);
  if (known === undefined) {
    known = sha256(utf8(key));
    // Names come from the other side: remember only a bounded number of them.
    if (keyHashes.size < 256) keyHashes.set(key, known);
  }
  return known;
}

function hashOfValue(value: CborValue): Uint8Array {
  if (value instanceof Uint8Array) return sha256(value);
  if (typeof value === 'bigint') return sha256(leb128(value));
  if (typeof value === 'string') return sha256(utf8(value));
  if (Array.isArray(value)) return sha256(join(value.map(hashOfValue)));
  if (value instanceof Map) return hashOfMap(value);
  throw new TypeError(`a value of type ${value === null ? 'null' : typeof value} has no representation-independent hash`);
}

/**
 * The representation-independent hash of a map (IC interface specification, "Hash of structured data"): SHA-256 over the sorted pairs of
 * key hash and value hash. A request's id is this hash of its content. Absent (null, undefined) fields are left out.
 */
export function hashOfMap(map: CborMap): Uint8Array {
  const pairs: Uint8Array[] = [];
  for (const [key, value] of map) {
    if (value !== undefined && value !== null) pairs.push(concat(hashOfKey(key), hashOfValue(value)));
  }
  return sha256(join(pairs.sort(compareBytes)));
}
