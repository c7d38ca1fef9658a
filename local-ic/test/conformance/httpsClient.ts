import { Cbor, Certificate, lookupResultToBuffer, requestIdOf, type CallRequest, type Identity } from '@dfinity/agent';
import { Principal } from '@dfinity/principal';
import type { Listening, LocalIc } from '../../src/index.ts';

type Content = Record<string, unknown>;
type Operation = 'call' | 'query' | 'read_state';

export interface Answer {
  status: number;
  /** The decoded body, when it was CBOR. */
  body: Record<string, unknown>;
  text: string;
}

const encoder = new TextEncoder();

/** Speaks to the HTTPS interface request by request, so that a test can put into an envelope what it likes. */
export class HttpsClient {
  readonly #ic: LocalIc;
  readonly #server: Listening;

  constructor(ic: LocalIc, server: Listening) {
    this.#ic = ic;
    this.#server = server;
  }

  /** Content of a call or query, with a nonce of its own. */
  content(canisterId: Principal, method: string, arg: Uint8Array, change: Content = {}): Content {
    return {
      request_type: 'call',
      canister_id: canisterId,
      method_name: method,
      arg,
      sender: Principal.anonymous(),
      ingress_expiry: this.#ic.now() + 120_000_000_000n,
      nonce: crypto.getRandomValues(new Uint8Array(16)),
      ...change
    };
  }

  readContent(paths: (string | Uint8Array)[][], change: Content = {}): Content {
    const labels = paths.map((path) => path.map((label) => (typeof label === 'string' ? encoder.encode(label) : label)));
    return {
      request_type: 'read_state',
      paths: labels,
      sender: Principal.anonymous(),
      ingress_expiry: this.#ic.now() + 120_000_000_000n,
      ...change
    };
  }

  async post(path: string, envelope: unknown): Promise<Answer> {
    const body = new Uint8Array(Cbor.encode(envelope));
    const response = await fetch(`${this.#server.url}${path}`, { method: 'POST', body, headers: { 'content-type': 'application/cbor' } });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const isCbor = response.headers.get('content-type') === 'application/cbor' && bytes.length > 0;
    return {
      status: response.status,
      body: isCbor ? Cbor.decode<Record<string, unknown>>(bytes) : {},
      text: isCbor ? '' : new TextDecoder().decode(bytes)
    };
  }

  /** Sends content at the address of a canister. */
  send(operation: Operation, effectiveId: Principal, content: Content, version = operation === 'call' ? 'v4' : 'v3'): Promise<Answer> {
    return this.post(`/api/${version}/canister/${effectiveId.toText()}/${operation}`, { content });
  }

  /** Signs content as an identity does, and sends it. `change` is made to the signed envelope. */
  async sendSigned(
    operation: Operation,
    effectiveId: Principal,
    content: Content,
    identity: Identity,
    change: Content = {}
  ): Promise<Answer> {
    const version = operation === 'call' ? 'v4' : 'v3';
    const signed = { ...content, sender: identity.getPrincipal() };
    const request = { endpoint: operation, request: {}, body: signed as unknown as CallRequest };
    const { body } = (await identity.transformRequest(request as Parameters<Identity['transformRequest']>[0])) as { body: Content };
    return this.post(`/api/${version}/canister/${effectiveId.toText()}/${operation}`, { ...body, ...change });
  }

  /** Checks a certificate under the root key. @returns what it has at a path; undefined when that is absent */
  async certified(answer: Answer, canisterId: Principal, path: (string | Uint8Array)[]): Promise<Uint8Array | undefined> {
    const certificate = await this.certificate(answer, canisterId);
    return lookupResultToBuffer(certificate.lookup_path(path));
  }

  certificate(answer: Answer, canisterId: Principal): Promise<Certificate> {
    const { certificate } = answer.body;
    if (!(certificate instanceof Uint8Array)) throw new Error(`no certificate but ${answer.status} ${answer.text}`);
    return Certificate.create({ certificate, rootKey: this.#ic.rootKey, canisterId });
  }
}

export const requestIdOfContent = (content: Content): Uint8Array => requestIdOf(content);
