import type { CallResult } from './types.ts';

/** Where a message, or the call it belongs to, came from. */
export type MessageSource = 'ingress' | 'canister' | 'timer' | 'heartbeat';

/** A message a canister is about to get, as rules of faults see it. */
export interface MessageFacts {
  /** A call, the answer to a call this canister made, or a task of the network (timer, heartbeat). */
  message: 'call' | 'answer' | 'task';
  /** The canister the message is for, as text; aaaaa-aa for the management canister. */
  canisterId: string;
  /** The method; for an answer that of the call context it belongs to; for a task the function it runs. */
  method: string;
  from: MessageSource;
  /** For an answer: the how manieth of its call context, 1 for the first. 0 for others. */
  answerNumber: number;
  /** Whether it is a call whose caller waits for a limited time only, and so may be left in the dark. */
  isBoundedWait: boolean;
  /** Network time, ns. */
  timeNs: bigint;
}

/** What a fault does to one message. Plain data: it says all there is to know, so that it can be kept and done again without the rule. */
export type CanisterEffect =
  /** The canister is stopped; it is started again after `forNs`, or when the rule goes. */
  | { kind: 'stop'; forNs: bigint | undefined }
  /** The canister is upgraded with its own module before the message is run. */
  | { kind: 'upgrade'; arg: Uint8Array; skipPreUpgrade: boolean }
  /** The call is delivered later; undefined: when the rule goes. */
  | { kind: 'hold-call'; delayNs: bigint | undefined }
  /** As above, for the answer. */
  | { kind: 'hold-answer'; delayNs: bigint | undefined }
  /** The call is answered without being run. */
  | { kind: 'answer'; result: CallResult }
  /** The call is run and its caller told something else. */
  | { kind: 'replace-answer'; result: CallResult }
  /** The execution traps, before its first instruction or after its last. */
  | { kind: 'trap'; when: 'before' | 'after'; message: string }
  /** Calls can't be made in the execution. */
  | { kind: 'fail-calls' }
  /** The task isn't run this time. */
  | { kind: 'skip-task' };

/** An effect and the number of the rule it comes from. */
export interface CanisterFiring {
  rule: number;
  effect: CanisterEffect;
}

/** Decides what goes wrong with messages. It is asked once for each message, in the order of execution. */
export interface CanisterFaults {
  /** Whether there is anything to ask for. */
  readonly isActive: boolean;
  /** What is to happen to a message, the first one nearest to the sender. */
  decide(facts: MessageFacts): readonly CanisterFiring[];
}

export const NO_FAULTS: CanisterFaults = { isActive: false, decide: () => [] };
