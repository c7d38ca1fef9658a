import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Encoding } from './assetConfig.ts';

/** A body as it goes over the wire. `etag` is the quoted SHA-256 of exactly these bytes, as the asset canister's is. */
export interface Representation {
  encoding: Encoding;
  body: Uint8Array;
  etag: string;
}

// Below this a compressed body saves no packet.
const MIN_COMPRESSIBLE_BYTES = 512;
// Brotli's best level takes ten times as long for a few per cent: too long while somebody waits for the first page.
const BROTLI_QUALITY = 6;

const compressGzip = promisify(gzip);
const compressBrotli = promisify(brotliCompress);

/** One file's body in each encoding that was asked for; each is made once and then kept. */
export class Representations {
  readonly #body: Uint8Array;
  readonly #made = new Map<Encoding, Promise<Representation>>();

  constructor(body: Uint8Array) {
    this.#body = body;
  }

  /** The body in this encoding; plain when compressing it gains nothing. */
  in(encoding: Encoding): Promise<Representation> {
    const existing = this.#made.get(encoding);
    if (existing !== undefined) return existing;
    const made = this.#make(encoding);
    this.#made.set(encoding, made);
    return made;
  }

  async #make(encoding: Encoding): Promise<Representation> {
    if (encoding === 'identity') return { encoding, body: this.#body, etag: etagOf(this.#body) };
    if (this.#body.length >= MIN_COMPRESSIBLE_BYTES) {
      const body = await compress(this.#body, encoding);
      if (body.length < this.#body.length) return { encoding, body, etag: etagOf(body) };
    }
    return this.in('identity');
  }
}

/**
 * The encoding to answer with: the one the client prefers among those that may be used, brotli before gzip when it has no preference.
 *
 * @param accepted The request's accept-encoding header.
 */
export function chooseEncoding(accepted: string | undefined, usable: readonly Encoding[]): Encoding {
  const weights = new Map<string, number>();
  for (const part of (accepted ?? '').split(',')) {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    if (name !== '') weights.set(name, quality === undefined ? 1 : Number(quality) || 0);
  }
  let best: Encoding = 'identity';
  let bestWeight = 0;
  for (const encoding of ['br', 'gzip'] as const) {
    const weight = weights.get(encoding) ?? weights.get('*') ?? 0;
    if (usable.includes(encoding) && weight > bestWeight) [best, bestWeight] = [encoding, weight];
  }
  return bestWeight >= (weights.get('identity') ?? 0) ? best : 'identity';
}

/** Whether an if-none-match header names this entity tag (weak comparison, RFC 9110 13.1.2). */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((candidate) => ['*', etag, `W/${etag}`].includes(candidate.trim()));
}

function compress(body: Uint8Array, encoding: 'gzip' | 'br'): Promise<Uint8Array> {
  if (encoding === 'gzip') return compressGzip(body, { level: 9 });
  return compressBrotli(body, {
    params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: body.length }
  });
}

function etagOf(body: Uint8Array): string {
  return `"${createHash('sha256').update(body).digest('hex')}"`;
}
