import { hash } from 'node:crypto';

const encoder = new TextEncoder();

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  return join(parts);
}

/** `concat` for lists of any length: a call takes only so many arguments. */
export function join(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** Lexicographic order of bytes; a prefix comes first. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  return Buffer.compare(a, b);
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** SHA-256 of the parts joined: 32 bytes. */
export function sha256(...parts: Uint8Array[]): Uint8Array {
  const only = parts[0];
  const digest = hash('sha256', parts.length === 1 && only !== undefined ? only : concat(...parts), 'buffer');
  // A copy of its own: the Buffer is a slice of a pool, which a long-lived hash would keep alive.
  return new Uint8Array(digest);
}

/** Unsigned LEB128 of a natural number. */
export function leb128(value: bigint): Uint8Array {
  if (value < 0n) throw new RangeError('LEB128 of a negative number');
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return Uint8Array.from(bytes);
}

/** A domain separator: the text's length in one byte, then the text. */
export function domainSeparator(text: string): Uint8Array {
  return concat(Uint8Array.of(text.length), utf8(text));
}
