import type { Origin } from '../canister/CallContext.ts';

export interface HttpHeader {
  name: string;
  value: string;
}

/** An HTTP request a canister makes. Plain data, so that it outlives the process. */
export interface OutcallRequest {
  /** Whom to answer. */
  origin: Origin;
  /** The canister, whose own query the transform is. */
  canisterId: Uint8Array;
  /** Cycles that go back with the answer. */
  refund: bigint;
  url: string;
  method: OutcallMethod;
  headers: HttpHeader[];
  body: Uint8Array;
  /** Of headers and body together, and of what the transform makes of them. */
  maxResponseBytes: number;
  transform: { method: string; context: Uint8Array } | undefined;
}

export type OutcallMethod = 'get' | 'head' | 'post' | 'put' | 'delete';

export interface HttpResponse {
  status: number;
  headers: HttpHeader[];
  body: Uint8Array;
}

/** What came of a request: an answer, whatever its status, or the reason why there is none, with a reject code (1 SYS_FATAL, 2 SYS_TRANSIENT). */
export type OutcallResult = ({ kind: 'response' } & HttpResponse) | { kind: 'failure'; code: 1 | 2; message: string };

/** The requests that wait for their answers, oldest first. Whoever performs them hands each result to the engine as an input. */
export class Outcalls {
  readonly pending = new Map<number, OutcallRequest>();
  nextId = 0;

  add(request: OutcallRequest): void {
    this.pending.set(this.nextId++, request);
  }

  /** The request with this id, which is pending no more; undefined when it was answered before. */
  take(id: number): OutcallRequest | undefined {
    const request = this.pending.get(id);
    this.pending.delete(id);
    return request;
  }
}
