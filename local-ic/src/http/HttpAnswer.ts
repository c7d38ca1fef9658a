import { utf8 } from './bytes.ts';

/** An answer of the network's interface, before it is sent. */
export interface HttpAnswer {
  status: number;
  contentType: string;
  body: Uint8Array;
  /** Beside those that every answer has. */
  headers?: Record<string, string>;
}

/** What becomes of a request: its answer arrives, arrives only up to a byte before the connection ends, or never comes. */
export type Delivery = { kind: 'answer'; answer: HttpAnswer; cutAt?: number } | { kind: 'lost'; how: 'reset' | 'hang' };

export function cborAnswer(status: number, body: Uint8Array): HttpAnswer {
  return { status, contentType: 'application/cbor', body };
}

export function textAnswer(status: number, text: string): HttpAnswer {
  return { status, contentType: 'text/plain; charset=utf-8', body: utf8(text) };
}
