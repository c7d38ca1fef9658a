import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isLoopback } from './loopback.ts';
import type { HttpHeader, OutcallRequest, OutcallResult } from './Outcalls.ts';

const failure = (code: 1 | 2, message: string): OutcallResult => ({ kind: 'failure', code, message });

/** `localhost` is this machine, whatever its hosts file says. */
const lookup: LookupFunction = (_hostname, _options, callback) =>
  callback(null, [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 }
  ]);

/**
 * Makes an HTTP request of a canister, to this machine only. Redirects are not followed and nothing is decompressed, as on the IC.
 *
 * @param signal gives up; the result is then a failure
 * @param timeoutMs how long all of it may take, real time
 */
export function performOutcall(request: OutcallRequest, signal: AbortSignal, timeoutMs: number): Promise<OutcallResult> {
  const url = URL.parse(request.url);
  if (url === null || !isLoopback(url)) return Promise.resolve(failure(1, `"${request.url}" is not the address of a loopback host`));
  const timeout = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve) => {
    const fail = (error: Error): void => {
      if (timeout.aborted) return resolve(failure(2, 'Timeout expired'));
      resolve(failure(2, `Connecting to ${url.host} failed: ${reasonOf(error)}`));
    };
    try {
      const send = url.protocol === 'https:' ? requestHttps : requestHttp;
      const outgoing = send(url, {
        method: request.method.toUpperCase(),
        headers: headersOf(request, url.host),
        // A connection for each request: nothing is kept open between them.
        agent: false,
        lookup,
        // No authority certifies this machine's names.
        rejectUnauthorized: false,
        signal: AbortSignal.any([signal, timeout])
      });
      outgoing.on('error', fail);
      outgoing.on('response', (incoming) => {
        incoming.on('error', fail);
        receive(incoming, request.maxResponseBytes, resolve);
      });
      outgoing.end(request.body);
    } catch (error) {
      // A header that HTTP doesn't allow.
      resolve(failure(1, `Failed to build the request: ${error instanceof Error ? error.message : String(error)}`));
    }
  });
}

function headersOf({ headers, body, method }: OutcallRequest, host: string): string[] {
  const names = new Set(headers.map(({ name }) => name.toLowerCase()));
  const list = headers.flatMap(({ name, value }) => [name, value]);
  if (!names.has('host')) list.push('host', host);
  if (!names.has('user-agent')) list.push('user-agent', 'ic/1.0');
  const hasBody = body.length > 0 || method === 'post' || method === 'put';
  if (hasBody && !names.has('content-length') && !names.has('transfer-encoding')) list.push('content-length', String(body.length));
  return list;
}

function receive(incoming: IncomingMessage, maxBytes: number, resolve: (result: OutcallResult) => void): void {
  const headers = pairs(incoming.rawHeaders);
  const headerBytes = headers.reduce((sum, { name, value }) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  const parts: Uint8Array[] = [];
  let bytes = headerBytes;
  const give = (result: OutcallResult): void => {
    resolve(result);
    incoming.destroy();
  };
  if (headerBytes > maxBytes) return give(failure(1, `Header size exceeds specified response size limit ${maxBytes}`));
  incoming.on('data', (part: Buffer) => {
    bytes += part.length;
    if (bytes > maxBytes) give(failure(1, `Http body exceeds size limit of ${maxBytes} bytes.`));
    else parts.push(part);
  });
  incoming.on('end', () => {
    resolve({ kind: 'response', status: incoming.statusCode ?? 0, headers, body: Uint8Array.from(Buffer.concat(parts)) });
  });
}

/** Node lists names and values in turn; names are lower-case on the IC. */
function pairs(raw: string[]): HttpHeader[] {
  const headers: HttpHeader[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) headers.push({ name: (raw[i] ?? '').toLowerCase(), value: raw[i + 1] ?? '' });
  return headers;
}

/** Of several addresses that were tried, each has its own reason. */
function reasonOf(error: Error): string {
  if (!(error instanceof AggregateError)) return error.message;
  return error.errors.map((each) => (each instanceof Error ? each.message : String(each))).join('; ');
}
