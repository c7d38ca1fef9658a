import { lookup } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';

/** Browsers know that every name below localhost is this machine; many resolvers don't. */
const lookupLocalhost: LookupFunction = (hostname, options, callback) => {
  lookup(hostname.endsWith('.localhost') ? 'localhost' : hostname, options, callback);
};

/**
 * GETs a small text. Redirects are not followed: the status says so.
 *
 * @throws Error with a message for people when there is no complete answer within `timeoutMs` or it is larger than `maxBytes`.
 */
export async function fetchLimited(
  address: string,
  { timeoutMs, maxBytes }: { timeoutMs: number; maxBytes: number }
): Promise<{ status: number; body: string }> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await get(address, signal);
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > maxBytes) throw new Error(`it is larger than ${maxBytes / 1024} KiB`);
      chunks.push(chunk);
    }
    return { status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') };
  } catch (cause) {
    if (signal.aborted) throw new Error(`no answer within ${timeoutMs / 1000} s`, { cause });
    // A host with several addresses fails with one error each and no message of its own.
    const reason =
      cause instanceof AggregateError ? cause.errors.map(String).join(', ') : cause instanceof Error ? cause.message : String(cause);
    throw new Error(reason, { cause });
  }
}

function get(address: string, signal: AbortSignal): Promise<http.IncomingMessage> {
  const { get: request } = address.startsWith('https:') ? https : http;
  return new Promise((resolve, reject) => {
    request(address, { headers: { accept: 'application/json' }, agent: false, lookup: lookupLocalhost, signal }, resolve).on(
      'error',
      reject
    );
  });
}
