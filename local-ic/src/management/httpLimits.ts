import type { HttpHeader } from '../outcalls/Outcalls.ts';

/** The IC's limits of HTTP outcalls (https://internetcomputer.org/docs/references/ic-interface-spec#ic-http_request). */
export const MAX_URL_BYTES = 8_192;
export const MAX_RESPONSE_BYTES = 2_000_000;
const MAX_REQUEST_BYTES = 2_000_000;
const MAX_HEADERS = 64;
const MAX_HEADER_PART_BYTES = 8_192;
const MAX_HEADER_BYTES = 49_152;

/** Why headers and body of a request, or of an answer, are too much; undefined when they are not. */
export function excessOf(headers: readonly HttpHeader[], body: Uint8Array): string | undefined {
  if (headers.length > MAX_HEADERS) return `number of all http headers ${headers.length} exceeds ${MAX_HEADERS}`;
  let total = 0;
  for (const { name, value } of headers) {
    const [nameBytes, valueBytes] = [Buffer.byteLength(name), Buffer.byteLength(value)];
    if (nameBytes > MAX_HEADER_PART_BYTES)
      return `number of bytes to represent some http header name ${nameBytes} exceeds ${MAX_HEADER_PART_BYTES}`;
    if (valueBytes > MAX_HEADER_PART_BYTES) {
      return `number of bytes to represent some http header value ${valueBytes} exceeds ${MAX_HEADER_PART_BYTES}`;
    }
    total += nameBytes + valueBytes;
  }
  if (total > MAX_HEADER_BYTES) {
    return `total number of bytes to represent all http header names and values ${total} exceeds ${MAX_HEADER_BYTES}`;
  }
  if (total + body.length > MAX_REQUEST_BYTES) {
    return `total number of bytes to represent all http header names and values and http body ${total + body.length} exceeds ${MAX_REQUEST_BYTES}`;
  }
  return undefined;
}
