/**
 * Plain data as text and back: what JSON knows, and big integers, byte strings and Maps besides. Equal data gives equal text, as long as objects
 * are built with their keys in one order.
 */
export function encodePlain(value: unknown): string {
  return JSON.stringify(tag(value));
}

/** @throws SyntaxError for a text that isn't JSON, TypeError for one of another origin */
export function decodePlain(text: string): unknown {
  return untag(JSON.parse(text));
}

const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array;

function tag(value: unknown): unknown {
  if (typeof value === 'bigint') return { $n: value.toString() };
  if (typeof value !== 'object' || value === null) return value;
  if (isBytes(value)) return { $b: Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64') };
  if (Array.isArray(value)) return value.map(tag);
  if (value instanceof Map) return { $m: [...value].map(tag) };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, tag(item)]));
}

function untag(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(untag);
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first !== undefined) {
    const [name, item] = first as [string, unknown];
    if (name === '$n' && typeof item === 'string') return BigInt(item);
    if (name === '$b' && typeof item === 'string') return new Uint8Array(Buffer.from(item, 'base64'));
    if (name === '$m' && Array.isArray(item)) return new Map(item.map(untag) as [unknown, unknown][]);
  }
  return Object.fromEntries(entries.map(([key, item]: [string, unknown]) => [key, untag(item)]));
}
