/** A decoded CBOR value as ingress envelopes use it. Integers are always bigint: an expiry doesn't fit a double. */
export type CborValue = bigint | string | boolean | null | undefined | Uint8Array | CborValue[] | CborMap;

/** A CBOR map with text keys. A Map, not an object: a key such as "__proto__" must stay a plain key. */
export type CborMap = Map<string, CborValue>;

/** The bytes are not the CBOR this interface accepts; the message says what is wrong and where. */
export class CborError extends Error {
  override name = 'CborError';
}

const SELF_DESCRIBED_TAG = 55799n;
const MAX_DEPTH = 32;
/** A read of 1,000 paths with 127 labels each has 130,000. Every item costs a hash later on. */
const MAX_ITEMS = 200_000;
const INDEFINITE = 31;
const BREAK = 0xff;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Decodes exactly one CBOR item that fills `bytes`.
 *
 * Stricter than a general decoder, because what comes in here is untrusted: no trailing bytes, no repeated map keys, text keys only, a
 * bounded depth and number of items, and a claimed length is checked against the bytes that are there before anything is allocated.
 * @throws CborError
 */
export function decodeCbor(bytes: Uint8Array): CborValue {
  const reader = new Reader(bytes);
  const value = reader.item(0);
  if (reader.offset !== bytes.length)
    throw new CborError(`${bytes.length - reader.offset} unexpected bytes after the value, at offset ${reader.offset}`);
  return value;
}

class Reader {
  offset = 0;
  private items = 0;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  item(depth: number): CborValue {
    if (depth > MAX_DEPTH) throw new CborError(`nested deeper than ${MAX_DEPTH} levels at offset ${this.offset}`);
    const start = this.offset;
    this.count(start);
    const head = this.byte();
    const info = head & 0x1f;
    switch (head >> 5) {
      case 0:
        return this.argument(info, start);
      case 1:
        return -1n - this.argument(info, start);
      case 2:
        return this.chunks(2, info, start);
      case 3:
        return this.text(info, start);
      case 4:
        return this.array(info, start, depth);
      case 5:
        return this.map(info, start, depth);
      case 6: {
        const tag = this.argument(info, start);
        if (tag !== SELF_DESCRIBED_TAG || depth !== 0) throw new CborError(`unsupported tag ${tag} at offset ${start}`);
        // One level deeper, so that a tag on a tag is refused.
        return this.item(depth + 1);
      }
      default:
        return this.simple(info, start);
    }
  }

  private count(start: number): void {
    this.items += 1;
    if (this.items > MAX_ITEMS) throw new CborError(`more than ${MAX_ITEMS} items, at offset ${start}`);
  }

  private byte(): number {
    const value = this.bytes[this.offset];
    if (value === undefined) throw new CborError(`ends early, at offset ${this.offset}`);
    this.offset += 1;
    return value;
  }

  private argument(info: number, start: number): bigint {
    if (info < 24) return BigInt(info);
    if (info > 27) throw new CborError(`unsupported length encoding at offset ${start}`);
    const size = 1 << (info - 24);
    const at = this.offset;
    if (at + size > this.bytes.length) throw new CborError(`ends early, at offset ${this.bytes.length}`);
    this.offset += size;
    if (size === 1) return BigInt(this.view.getUint8(at));
    if (size === 2) return BigInt(this.view.getUint16(at));
    if (size === 4) return BigInt(this.view.getUint32(at));
    return this.view.getBigUint64(at);
  }

  /** A length that the remaining bytes can hold (every element takes at least one byte). */
  private length(info: number, start: number): number {
    const length = this.argument(info, start);
    const remaining = this.bytes.length - this.offset;
    if (length > BigInt(remaining)) throw new CborError(`a length of ${length} at offset ${start}, but only ${remaining} bytes follow`);
    return Number(length);
  }

  private chunks(major: number, info: number, start: number): Uint8Array {
    if (info !== INDEFINITE) {
      const length = this.length(info, start);
      this.offset += length;
      return this.bytes.slice(this.offset - length, this.offset);
    }
    const parts: Uint8Array[] = [];
    while (!this.atBreak()) {
      const at = this.offset;
      this.count(at);
      const head = this.byte();
      if (head >> 5 !== major || (head & 0x1f) === INDEFINITE) throw new CborError(`a chunk of the wrong type at offset ${at}`);
      parts.push(this.chunks(major, head & 0x1f, at));
    }
    return new Uint8Array(Buffer.concat(parts));
  }

  private text(info: number, start: number): string {
    const bytes = this.chunks(3, info, start);
    try {
      return utf8.decode(bytes);
    } catch {
      throw new CborError(`text that is not UTF-8 at offset ${start}`);
    }
  }

  private atBreak(): boolean {
    if (this.bytes[this.offset] !== BREAK) return false;
    this.offset += 1;
    return true;
  }

  private array(info: number, start: number, depth: number): CborValue[] {
    const items: CborValue[] = [];
    if (info === INDEFINITE) {
      while (!this.atBreak()) items.push(this.item(depth + 1));
      return items;
    }
    const length = this.length(info, start);
    for (let i = 0; i < length; i += 1) items.push(this.item(depth + 1));
    return items;
  }

  private map(info: number, start: number, depth: number): CborMap {
    const map: CborMap = new Map();
    const entry = (): void => {
      const at = this.offset;
      const key = this.item(depth + 1);
      if (typeof key !== 'string') throw new CborError(`a map key that is not text at offset ${at}`);
      if (map.has(key)) throw new CborError(`the map key "${key.slice(0, 100)}" twice, at offset ${at}`);
      map.set(key, this.item(depth + 1));
    };
    if (info === INDEFINITE) {
      while (!this.atBreak()) entry();
      return map;
    }
    const length = this.length(info, start);
    for (let i = 0; i < length; i += 1) entry();
    return map;
  }

  private simple(info: number, start: number): boolean | null | undefined {
    switch (info) {
      case 20:
        return false;
      case 21:
        return true;
      case 22:
        return null;
      case 23:
        return undefined;
      default:
        throw new CborError(`an unsupported simple value or float at offset ${start}`);
    }
  }
}
