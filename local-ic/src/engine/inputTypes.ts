import type { CanisterFiring } from './canisterFaults.ts';
import type { OutcallMessage, RequestMessage } from './messages.ts';

/**
 * What reaches the network from outside. With the rounds it is all that a run depends on besides the state it begins with, so whoever has the
 * state, the inputs and the rounds can run it again to the same end. Plain data, so that it can be kept.
 */
export type Input = IngressInput | OutcallInput | StableMemoryInput | ReleaseInput;

/** What came of an HTTP request of a canister. */
export type OutcallInput = OutcallMessage;

export type IngressCall = Pick<RequestMessage, 'callee' | 'method' | 'arg' | 'caller'>;

/** A call from outside. */
export interface IngressInput {
  kind: 'ingress';
  /** Given by the network: 0, 1, ... */
  ingressId: number;
  /** The id of the signed request; undefined for calls from within the process. */
  requestId: string | undefined;
  call: IngressCall;
}

/** A test replaces a canister's stable memory. */
export interface StableMemoryInput {
  kind: 'stable-memory';
  canisterId: Uint8Array;
  bytes: Uint8Array;
}

/** A rule of faults goes, and lets go what it holds back. */
export interface ReleaseInput {
  kind: 'release';
  /** Its number; undefined: all of them. */
  rule: number | undefined;
}

/** What happened between two moments at which inputs are taken; time stands still meanwhile. */
export interface Round {
  timeNs: bigint;
  /** How far the network's time was ahead of the clock's. */
  offsetNs: bigint;
  /** How many messages were executed. */
  messages: number;
  /** Checksum of the answers that were given outside; running the round again must come to the same. */
  answers: number;
  /** What faults were to do, by the number of the message in the round, 0 for the first; absent when there was nothing. */
  faults?: readonly (readonly [number, readonly CanisterFiring[]])[];
}
