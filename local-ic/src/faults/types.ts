import type { MessageSource } from '../engine/canisterFaults.ts';
import type { CanisterFaultRule } from './canisterRules.ts';

/** The operations of the network's interface that faults can be told apart by. */
type Endpoint = 'call' | 'query' | 'read_state' | 'status';

/** Which requests a rule is about: those that fit everything given here. Nothing given: all of them. */
export interface FaultMatch {
  endpoint?: Endpoint;
  /** The canister in the request's URL, as text; a request to the management canister names the canister it concerns. */
  canisterId?: string;
  /** The canister's method. Only calls and queries have one. */
  method?: string;
}

export interface RuleBase {
  /** How likely the fault is for each request or message that matches, 0 to 1, drawn from the seed. Default 1. */
  probability?: number;
  /** The fault happens at most this often. Default: without end. */
  count?: number;
  /** The first so many that match are spared. Default 0. */
  after?: number;
}

/** How a connection is lost: `reset` ends it at once, `hang` leaves the client waiting until it gives up. */
type Loss = 'reset' | 'hang';

/**
 * A fault on the way between clients and the network, and when it happens; vocabulary.ts says what each does. Times are real time in
 * milliseconds, except the ages of certificates.
 */
export type NetworkFaultRule = RuleBase & { match?: FaultMatch } & (
    | { kind: 'drop-request'; how?: Loss }
    | { kind: 'drop-response'; how?: Loss }
    | { kind: 'delay'; ms: number; jitterMs?: number; on?: 'request' | 'response' }
    | { kind: 'duplicate'; afterMs?: number }
    | { kind: 'reorder'; maxMs?: number }
    | { kind: 'http-error'; status: number; retryAfterSeconds?: number; retryAfterAs?: 'seconds' | 'date'; executed?: boolean }
    | { kind: 'truncate-body'; keepBytes?: number; contentLength?: 'original' | 'actual' }
    | { kind: 'corrupt-body'; bytes?: number }
    | { kind: 'wrong-certificate' }
    | { kind: 'stale-certificate'; ageMs?: number }
    | { kind: 'clock-skew'; skewMs: number }
    | { kind: 'forget-answer' }
    | { kind: 'offline' }
  );

/** One fault and when it happens: on the way between clients and the network, or in canisters. */
export type FaultRule = NetworkFaultRule | CanisterFaultRule;

export type FaultKind = FaultRule['kind'];

/** The faults a network starts with. */
export interface FaultPlan {
  /** Same seed, same rules and same order of requests: same faults. Default: the network's seed, else random (and in `faults.seed`). */
  seed?: string;
  rules?: FaultRule[];
}

/** A rule at work. */
export interface FaultHandle {
  /** 1 for the first rule of this network; part of what its draws depend on. */
  readonly number: number;
  readonly rule: FaultRule;
  /** Matching requests or messages so far. */
  readonly seen: number;
  /** How many of them it was applied to. */
  readonly fired: number;
  /** Ends it, and lets go what it holds back. */
  remove(): void;
}

/** What a fault was applied to. */
export interface FaultLogEntry {
  /** 1 for the first fault of this network. */
  index: number;
  /** The number of the rule. */
  rule: number;
  kind: FaultKind;
  canisterId: string | undefined;
  method: string | undefined;
  /** Of a request to the network's interface. */
  endpoint?: Endpoint;
  /** Of a request, hexadecimal; calls and queries have one. */
  requestId?: string | undefined;
  /** Of a message to a canister. */
  message?: 'call' | 'answer' | 'task';
  /** Of a message: where it, or the call it belongs to, came from. */
  from?: MessageSource;
}

/** The switches of a network's faults. */
export interface Faults {
  readonly seed: string;
  /**
   * In the order of addition. Every one that matches is applied, the first one nearest to the client or caller; rules after one that ends a
   * request or message don't see it. offline comes before all others.
   */
  readonly rules: readonly FaultHandle[];
  /** What was applied to which request or message, in order; the latest 10,000. */
  readonly log: readonly FaultLogEntry[];
  /** @throws FaultRuleError when there is no such rule */
  add(rule: FaultRule): FaultHandle;
  /** Removes every rule and lets go what they hold back. The log stays. */
  clear(): void;
}

/** A request as rules see it. */
export interface RequestFacts {
  endpoint: Endpoint;
  canisterId: string | undefined;
  method: string | undefined;
  requestId: Uint8Array | undefined;
}
