import { httpRequestCost } from '../canister/cycles/prices.ts';
import type { OutcallMethod, OutcallRequest } from '../outcalls/Outcalls.ts';
import { CanisterReject } from '../engine/CanisterReject.ts';
import { isLoopback } from '../outcalls/loopback.ts';
import { decodeArgument } from './candid.ts';
import { excessOf, MAX_RESPONSE_BYTES, MAX_URL_BYTES } from './httpLimits.ts';
import { HttpRequestType, type HttpRequestArgument } from './httpTypes.ts';
import type { ManagementCall, ManagementParts, MethodTable } from './ManagementCall.ts';
import { refusal } from './refusal.ts';

/** How many requests may wait for their answers; the IC's limit of a subnet. */
const MAX_PENDING = 3_000;

/** HTTPS outcalls, to servers on this machine only. */
export function httpRequestMethods({ subnet }: ManagementParts): MethodTable {
  const httpRequest = (call: ManagementCall): undefined => {
    const request = requestOf(call, decodeArgument<HttpRequestArgument>(HttpRequestType, call.arg));
    const price = httpRequestCost(subnet.prices, BigInt(sizeOf(request)), BigInt(request.maxResponseBytes));
    if (call.cycles < price) {
      throw refusal('IC0406', `http_request request sent with ${call.cycles} cycles, but ${price} cycles are required.`);
    }
    if (subnet.outcalls.pending.size >= MAX_PENDING) {
      throw refusal('IC0406', `max number (${MAX_PENDING}) of http requests in-flight reached.`);
    }
    call.cycles -= price;
    requireLocal(request.url);
    subnet.outcalls.add({ ...request, refund: call.cycles });
  };
  return { http_request: { run: httpRequest, canistersOnly: true } };
}

/** @throws CanisterReject IC0406 when a limit is exceeded */
function requestOf({ origin, caller }: ManagementCall, argument: HttpRequestArgument): OutcallRequest {
  const { url, headers } = argument;
  const reject = (message: string): never => {
    throw refusal('IC0406', message);
  };
  const [transform] = argument.transform;
  if (transform !== undefined && transform.function[0].compareTo(caller) !== 'eq') {
    reject(`transform principal id expected to be ${caller.toText()}, got ${transform.function[0].toText()}`);
  }
  const urlBytes = Buffer.byteLength(url);
  if (urlBytes > MAX_URL_BYTES) reject(`url size ${urlBytes} exceeds ${MAX_URL_BYTES}`);
  const body = Uint8Array.from(argument.body[0] ?? []);
  const excess = excessOf(headers, body);
  if (excess !== undefined) reject(excess);
  const maxResponseBytes = argument.max_response_bytes[0] ?? BigInt(MAX_RESPONSE_BYTES);
  if (maxResponseBytes > BigInt(MAX_RESPONSE_BYTES)) {
    reject(`max_response_bytes expected to be in the range [0..${MAX_RESPONSE_BYTES}], got ${maxResponseBytes}`);
  }
  const method = Object.keys(argument.method)[0] as OutcallMethod;
  if ((method === 'put' || method === 'delete') && argument.is_replicated[0] !== false) {
    reject('The requested HTTP method is only allowed for non-replicated requests.');
  }
  return {
    origin,
    canisterId: caller.toUint8Array(),
    refund: 0n,
    url,
    method,
    headers: headers.map(({ name, value }) => ({ name, value })),
    body,
    maxResponseBytes: Number(maxResponseBytes),
    transform: transform && { method: transform.function[1], context: Uint8Array.from(transform.context) }
  };
}

/** What a request is priced by. */
function sizeOf({ url, headers, body, transform }: OutcallRequest): number {
  const headerBytes = headers.reduce((sum, { name, value }) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  const transformBytes = transform === undefined ? 0 : Buffer.byteLength(transform.method) + transform.context.length;
  return Buffer.byteLength(url) + headerBytes + body.length + transformBytes;
}

/** @throws CanisterReject SYS_FATAL, without an error code as all failures of the request itself */
function requireLocal(text: string): void {
  const url = URL.parse(text);
  if (url === null) throw new CanisterReject(1, '', `Failed to parse URL: "${text.slice(0, 200)}" is not an absolute URL`);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new CanisterReject(1, '', 'Url need to specify https scheme');
  if (isLoopback(url)) return;
  throw new CanisterReject(
    1,
    '',
    `HTTPS outcalls of this local network reach this machine only (localhost, 127.0.0.1, [::1]), not ${url.host}: point the URL at a local test server`
  );
}
