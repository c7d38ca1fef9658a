import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Site } from '../gateway/site.ts';

export type JsonObject = Record<string, unknown>;

/** A request that no page of ours sends: not JSON, a field missing or of the wrong type. */
export class MalformedRequest extends Error {
  readonly status: 400 | 404 | 413;

  constructor(message: string, options: { status?: 400 | 404 | 413; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'MalformedRequest';
    this.status = options.status ?? 400;
  }
}

const MAX_BODY_BYTES = 16 * 1024;

/** What every page of ours serves besides its own folder: the style they have in common. */
export function ownPageFiles(): NonNullable<Site['files']> {
  const body = readFileSync(new URL('ownPage.css', import.meta.url));
  return { '/ownPage.css': { body: new Uint8Array(body), contentType: 'text/css; charset=utf-8' } };
}

const LOOPBACK_HOST = /^(localhost|[a-z0-9-]+(\.[a-z0-9-]+)*\.localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;

/** A page that this package serves for people, and what only that page may do. */
export interface OwnPage {
  /** For refusals: "identity provider". */
  name: string;
  /** The header, always with the value 1, that the page's requests carry. */
  header: string;
  /** Further host names (without a port) it is reached under; localhost, *.localhost and loopback addresses always work. */
  hosts: readonly string[];
}

/**
 * Why a request must not be answered; undefined when it may be.
 *
 * These pages have powers that no other site may use (log in as anybody, disturb the network): a foreign host
 * name means a name that was pointed at this machine (DNS rebinding), and anything that changes or signs needs the page's own
 * origin and a header that a browser lets no other site send without asking first.
 */
export function refusal(req: IncomingMessage, page: OwnPage): { status: 403 | 405 | 421; message: string } | undefined {
  const host = (req.headers.host ?? '').toLowerCase();
  const name = host.replace(/:\d+$/, '');
  if (!LOOPBACK_HOST.test(name) && !page.hosts.includes(name)) {
    return { status: 421, message: `This ${page.name} does not answer under this host name.` };
  }
  if (req.method === 'GET' || req.method === 'HEAD') return undefined;
  if (req.method !== 'POST') return { status: 405, message: 'Only GET, HEAD and POST work here.' };
  if (req.headers.origin !== `http://${host}` && req.headers.origin !== `https://${host}`) {
    return { status: 403, message: `Only the ${page.name}’s own page may do this.` };
  }
  if (req.headers[page.header] !== '1') return { status: 403, message: `The header ${page.header} is missing.` };
  return undefined;
}

/** The request's body, a JSON object of at most 16 KiB. */
export async function readJson(req: IncomingMessage): Promise<JsonObject> {
  if (req.method !== 'POST') throw new MalformedRequest('This address takes POST requests.');
  if (!/^application\/json\s*(;|$)/i.test(req.headers['content-type'] ?? ''))
    throw new MalformedRequest('The body must be application/json.');
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    // The rest is read and dropped, so that the answer reaches a client that is still sending.
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (size > MAX_BODY_BYTES) throw new MalformedRequest(`The body is larger than ${MAX_BODY_BYTES / 1024} KiB.`, { status: 413 });
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (cause) {
    throw new MalformedRequest('The body is not JSON.', { cause });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new MalformedRequest('The body must be a JSON object.');
  return { ...parsed };
}

export function sendJson(res: ServerResponse, status: number, body: JsonObject): void {
  const bytes = Buffer.from(JSON.stringify(body));
  res.writeHead(status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin'
  });
  res.end(bytes);
}

export function requiredText(input: JsonObject, field: string): string {
  const value = optionalText(input, field);
  if (value === undefined) throw new MalformedRequest(`"${field}" is missing.`);
  return value;
}

export function optionalText(input: JsonObject, field: string): string | undefined {
  const value = input[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new MalformedRequest(`"${field}" must be a text.`);
  return value;
}

/** A whole number as decimal digits in a text: JSON's own numbers lose nanoseconds. */
export function optionalBigint(input: JsonObject, field: string): bigint | undefined {
  const value = optionalText(input, field);
  if (value === undefined) return undefined;
  if (!/^-?\d{1,30}$/.test(value)) throw new MalformedRequest(`"${field}" must be a whole number.`);
  return BigInt(value);
}

export function requiredHex(input: JsonObject, field: string): Uint8Array {
  const value = requiredText(input, field);
  if (!/^([0-9a-f]{2})*$/i.test(value)) throw new MalformedRequest(`"${field}" must be hexadecimal.`);
  return new Uint8Array(Buffer.from(value, 'hex'));
}
