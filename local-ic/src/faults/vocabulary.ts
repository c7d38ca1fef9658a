import { CANISTER_VOCABULARY } from './canisterVocabulary.ts';
import type { CanisterFaultRule } from './canisterRules.ts';
import { choice, flag, number, type Term } from './Term.ts';
import type { FaultRule } from './types.ts';

const DAY_MS = 86_400_000;
const LOSS = choice('how', 'Connection', ['reset', 'hang']);

/** Every kind of fault on the way between clients and the network. */
const NETWORK_VOCABULARY: readonly Term[] = [
  { kind: 'drop-request', effect: 'The request never reaches the canister.', parameters: [LOSS] },
  { kind: 'drop-response', effect: 'The request is executed; its answer is lost.', parameters: [LOSS] },
  {
    kind: 'delay',
    effect: 'The request, or its answer, takes longer.',
    parameters: [
      number('ms', 'Delay (ms)', 0, 600_000, 1_000, false),
      number('jitterMs', 'And at random up to (ms)', 0, 600_000, 0),
      choice('on', 'What is late', ['request', 'response'])
    ]
  },
  {
    kind: 'duplicate',
    effect: 'The request is delivered twice. An update still runs once: both copies have one id.',
    parameters: [number('afterMs', 'Second copy after (ms)', 0, 600_000, 0)]
  },
  {
    kind: 'reorder',
    effect: 'The request waits until a later one that matches was executed; the later one overtakes it.',
    parameters: [number('maxMs', 'Waits at most (ms)', 0, 600_000, 2_000)]
  },
  {
    kind: 'http-error',
    effect: 'An HTTP status instead of the answer: 429 (too many), 503 (unavailable), 504 (gateway timeout) or another.',
    parameters: [
      number('status', 'Status', 400, 599, 503, false),
      number('retryAfterSeconds', 'Retry-After (s); empty: none', 0, 86_400, undefined),
      choice('retryAfterAs', 'Retry-After as', ['seconds', 'date']),
      flag('executed', 'The request was executed all the same')
    ]
  },
  {
    kind: 'truncate-body',
    effect: 'Only the beginning of the answer arrives.',
    parameters: [
      number('keepBytes', 'Bytes that arrive; empty: half', 0, 10_000_000, undefined),
      choice('contentLength', 'Content-Length', ['original', 'actual'])
    ]
  },
  {
    kind: 'corrupt-body',
    effect: 'Bits of the answer are flipped, at places drawn from the seed.',
    parameters: [number('bytes', 'Bytes damaged', 1, 10_000, 8)]
  },
  {
    kind: 'wrong-certificate',
    effect: 'Certificates are signed with the root key of another network, query answers by a node of it.',
    parameters: []
  },
  {
    kind: 'stale-certificate',
    effect: 'Certificates are genuine but old.',
    parameters: [number('ageMs', 'Age (ms)', 0, 365 * DAY_MS, 600_000)]
  },
  {
    kind: 'clock-skew',
    effect: 'The times of certificates and query answers are ahead (+) or behind (-), under genuine signatures.',
    parameters: [number('skewMs', 'Skew (ms)', -365 * DAY_MS, 365 * DAY_MS, 600_000, false)]
  },
  {
    kind: 'forget-answer',
    effect: 'The network certifies that a call is done, but no longer with what answer.',
    parameters: []
  },
  { kind: 'offline', effect: 'The connection is reset before the request is read.', parameters: [] }
];

const CANISTER_KINDS: ReadonlySet<string> = new Set(CANISTER_VOCABULARY.map(({ kind }) => kind));

/** Every kind of fault with what it takes: rules are checked against it, the page with the switches is made from it. */
export const VOCABULARY: readonly Term[] = [...NETWORK_VOCABULARY, ...CANISTER_VOCABULARY];

/** Whether a rule is about messages to canisters, not about requests to the network. */
export function isCanisterRule(rule: FaultRule): rule is CanisterFaultRule {
  return isCanisterKind(rule.kind);
}

export function isCanisterKind(kind: string): boolean {
  return CANISTER_KINDS.has(kind);
}
