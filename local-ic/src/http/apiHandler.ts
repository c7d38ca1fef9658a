import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FaultInjector } from '../faults/FaultInjector.ts';
import type { Api } from './api.ts';
import { requestFacts } from './requestFacts.ts';
import { cborAnswer, textAnswer, type Delivery, type HttpAnswer } from './HttpAnswer.ts';
import { HttpError } from './HttpError.ts';

/** An ingress message is at most 2 MiB; the envelope around it, with its delegations, gets as much room as the boundary gives it. */
const MAX_BODY_BYTES = 3 * 1024 * 1024;

/** Any site may speak to the Internet Computer: requests carry their own signatures, there are no cookies. As the boundary answers. */
const CORS_HEADERS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'accept-ranges,content-length,content-range,x-request-id,x-ic-canister-id'
};
const PREFLIGHT_HEADERS = {
  ...CORS_HEADERS,
  'access-control-allow-methods': 'GET,HEAD,POST,OPTIONS',
  'access-control-allow-headers': 'accept,authorization,content-type,x-requested-with,x-ic-canister-id',
  'access-control-max-age': '7200'
};

/**
 * Serves the network's HTTP interface, everything under /api/.
 * @param faults what goes wrong on the way; preflights are spared, because how many of them a browser sends is not for a test to know
 * @returns a node:http handler; it resolves to false, untouched, for other paths
 */
export function createApiHandler(
  api: Api,
  log: (line: string) => void,
  faults?: FaultInjector
): (req: IncomingMessage, res: ServerResponse) => Promise<boolean> {
  return async (req, res) => {
    const path = pathOf(req);
    if (path !== '/api' && !path.startsWith('/api/')) return false;
    try {
      await answer(api, faults?.isActive === true ? faults : undefined, path, req, res);
    } catch (error) {
      if (error instanceof ClientGone) return true;
      if (error instanceof HttpError) {
        send(res, textAnswer(error.status, error.message));
      } else {
        log(`internal error at ${path}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        send(res, textAnswer(500, 'Internal error of the local network; its log says more.'));
      }
    }
    return true;
  };
}

async function answer(api: Api, faults: FaultInjector | undefined, path: string, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const allowed = api.methodOf(path);
  if (allowed === undefined) throw new HttpError(404, `There is no ${path.slice(0, 200)} here`);
  if (req.method === 'OPTIONS') {
    res.writeHead(204, PREFLIGHT_HEADERS).end();
    return;
  }
  const method = req.method === 'HEAD' && allowed === 'GET' ? 'GET' : req.method;
  if (method !== allowed) {
    res.setHeader('allow', `${allowed}, OPTIONS`);
    throw new HttpError(405, `${String(req.method)} is not allowed here; use ${allowed}`);
  }
  if (faults?.isOffline(requestFacts(path)) === true) {
    deliver(res, { kind: 'lost', how: 'reset' });
    return;
  }
  const body = allowed === 'GET' ? undefined : await readCbor(req);
  if (faults === undefined) send(res, await respond(api, path, body));
  else deliver(res, await faults.deliver(requestFacts(path, body), () => respondInAnyCase(api, path, body)));
}

async function respond(api: Api, path: string, body: Uint8Array | undefined): Promise<HttpAnswer> {
  if (body === undefined) return cborAnswer(200, api.status());
  const answered = await api.post(path, body);
  return cborAnswer(answered.status, answered.body ?? new Uint8Array());
}

/** A refusal is an answer, too: what happens to answers happens to it. */
async function respondInAnyCase(api: Api, path: string, body: Uint8Array | undefined): Promise<Delivery> {
  try {
    return { kind: 'answer', answer: await respond(api, path, body) };
  } catch (error) {
    if (error instanceof HttpError) return { kind: 'answer', answer: textAnswer(error.status, error.message) };
    throw error;
  }
}

function readCbor(req: IncomingMessage): Promise<Uint8Array> {
  const contentType = req.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (contentType === 'application/cbor') return readBody(req);
  throw new HttpError(
    400,
    `Unexpected content-type ${contentType === undefined ? '(none)' : `"${contentType.slice(0, 100)}"`}, expected application/cbor.`
  );
}

function pathOf(req: IncomingMessage): string {
  return (req.url ?? '/').split('?', 1)[0] ?? '/';
}

/** The client went away in the middle of its request: nobody to answer, nothing to report. */
class ClientGone extends Error {}

function readBody(req: IncomingMessage): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const refuse = (): void => {
      // The rest is let through unread, so that the client comes to read the answer.
      req.removeAllListeners('data').resume();
      reject(new HttpError(413, `The request body is larger than the allowed ${MAX_BODY_BYTES} bytes.`));
    };
    req.on('close', () => {
      if (!req.complete) reject(new ClientGone());
    });
    req.on('error', () => reject(new ClientGone()));
    if (Number(req.headers['content-length'] ?? 0) > MAX_BODY_BYTES) {
      refuse();
      return;
    }
    req.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > MAX_BODY_BYTES) refuse();
      else chunks.push(chunk);
    });
    // A plain array of its own: slices of a pooled Buffer would keep the pool alive, and some decoders misread them.
    req.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))));
  });
}

function deliver(res: ServerResponse, delivery: Delivery): void {
  if (delivery.kind === 'answer') send(res, delivery.answer, delivery.cutAt);
  else if (delivery.how === 'reset') res.req.socket.resetAndDestroy();
}

/** @param cutAt the connection ends after so many bytes of the body; the headers promise all of it */
function send(res: ServerResponse, { status, contentType, body, headers }: HttpAnswer, cutAt = body.length): void {
  if (res.headersSent || res.destroyed) return;
  // A body that was not read to its end can't be followed by another request on the same connection.
  const close = res.req.complete ? {} : { connection: 'close' };
  res.writeHead(status, { ...CORS_HEADERS, ...close, ...headers, 'content-type': contentType, 'content-length': body.length });
  if (cutAt >= body.length) res.end(body);
  else res.write(body.subarray(0, cutAt), () => res.req.socket.destroySoon());
}
