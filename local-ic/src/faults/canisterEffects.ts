import type { CanisterEffect, MessageFacts } from '../engine/canisterFaults.ts';
import { rejected, rejects } from '../engine/rejects.ts';
import type { CallResult } from '../engine/types.ts';
import type { CanisterFaultRule } from './canisterRules.ts';
import { encodeExchangeRateError, isExchangeRateMethod } from './exchangeRateErrors.ts';
import { encodeLedgerError, ledgerMethodHas } from './ledgerErrors.ts';

type RuleOf<Kind extends CanisterFaultRule['kind']> = Extract<CanisterFaultRule, { kind: Kind }>;

const NS_PER_MS = 1_000_000n;
const MANAGEMENT = 'aaaaa-aa';
const TRAPPED = 'trapped by a fault';
const REJECTED = 'rejected by a fault';
/** Candid: no arguments. */
const NO_ARGUMENTS = '4449444c0000';
/** A usual error code of each reject code, by the replica's list of them. */
const USUAL_CODES = ['', 'IC0101', 'IC0201', 'IC0301', 'IC0406', 'IC0503', 'IC0602'];

/** Whether a rule is about a message. */
export function isAbout(rule: CanisterFaultRule, facts: MessageFacts): boolean {
  const { canisterId, method, from } = rule.match ?? {};
  return (
    // A test's own creating, installing and stopping of canisters must not suffer from a rule about canisters.
    (canisterId === facts.canisterId || (canisterId === undefined && facts.canisterId !== MANAGEMENT)) &&
    (method === undefined || method === facts.method) &&
    (from === undefined || from === facts.from) &&
    isPossible(rule, facts)
  );
}

/** Whether a message that the rule is applied to gets no further: what comes after it doesn't see that message. */
export function endsMessage(rule: CanisterFaultRule): boolean {
  switch (rule.kind) {
    case 'canister-stop':
    case 'ledger-error':
    case 'exchange-rate-error':
      return true;
    case 'canister-reject':
    case 'canister-reply':
      return rule.executed !== true;
    case 'out-of-cycles':
      return rule.on !== 'call';
    default:
      return false;
  }
}

/**
 * What a rule does to a message it is applied to.
 * @param random from 0 to below 1, by purpose; the same every time for one rule and one of its messages
 */
export function effectOf(rule: CanisterFaultRule, facts: MessageFacts, random: (purpose: string) => number): CanisterEffect {
  switch (rule.kind) {
    case 'canister-stop':
      return { kind: 'stop', forNs: rule.forMs === undefined ? undefined : BigInt(rule.forMs) * NS_PER_MS };
    case 'canister-trap':
      return { kind: 'trap', when: rule.when ?? 'before', message: rule.message ?? TRAPPED };
    case 'callback-trap':
      return { kind: 'trap', when: 'after', message: rule.message ?? TRAPPED };
    case 'out-of-cycles':
      if (rule.on === 'call') return { kind: 'fail-calls' };
      return facts.message === 'task'
        ? { kind: 'skip-task' }
        : { kind: 'answer', result: rejects.outOfCycles(`Canister ${facts.canisterId} is out of cycles`) };
    case 'canister-upgrade':
      return { kind: 'upgrade', arg: bytesOf(rule.arg ?? NO_ARGUMENTS), skipPreUpgrade: rule.skipPreUpgrade === true };
    case 'slow-callee':
      return { kind: rule.on === 'response' ? 'hold-answer' : 'hold-call', delayNs: delayOf(rule, random) };
    case 'silent-callee':
      return { kind: rule.on === 'response' ? 'hold-answer' : 'hold-call', delayNs: undefined };
    case 'canister-reject':
      return { kind: rule.executed === true ? 'replace-answer' : 'answer', result: rejectOf(rule) };
    case 'canister-reply':
      return { kind: rule.executed === true ? 'replace-answer' : 'answer', result: reply(bytesOf(rule.reply)) };
    case 'ledger-error': {
      const { variant, value, ...rest } = rule;
      const error = { ...rest, variant, value: value === undefined ? undefined : BigInt(value) };
      return { kind: 'answer', result: reply(encodeLedgerError(facts.method, error, facts.timeNs)) };
    }
    case 'exchange-rate-error':
      return { kind: 'answer', result: reply(encodeExchangeRateError(rule.variant, rule)) };
  }
}

/** Whether a message is of the sort that the fault can happen to. */
function isPossible(rule: CanisterFaultRule, { message, canisterId, method, answerNumber, isBoundedWait }: MessageFacts): boolean {
  const isCall = message === 'call';
  // The network itself doesn't trap, stop, run out of cycles or get upgraded.
  const startsExecution = message !== 'answer' && canisterId !== MANAGEMENT;
  switch (rule.kind) {
    case 'canister-stop':
    case 'canister-trap':
      return startsExecution;
    case 'callback-trap':
      return answerNumber === (rule.await ?? 1);
    case 'out-of-cycles':
      return startsExecution || (message === 'answer' && rule.on === 'call');
    case 'canister-upgrade':
      if (rule.on === 'message') return startsExecution;
      return message === 'answer' && (rule.await === undefined || answerNumber === rule.await);
    case 'canister-reject':
      return isCall && (codeOf(rule) !== 6 || isBoundedWait || rule.match?.from === 'ingress');
    case 'slow-callee':
    case 'silent-callee':
    case 'canister-reply':
      return isCall;
    case 'ledger-error':
      return isCall && ledgerMethodHas(method, rule.variant);
    case 'exchange-rate-error':
      return isCall && isExchangeRateMethod(method);
  }
}

function delayOf({ ms, ns, jitterMs = 0 }: RuleOf<'slow-callee'>, random: (purpose: string) => number): bigint {
  const fixedMs = ms ?? (ns === undefined ? 1_000 : 0);
  return BigInt(fixedMs + Math.floor(random('jitter') * jitterMs)) * NS_PER_MS + BigInt(ns ?? 0);
}

/** SYS_UNKNOWN for what was executed, SYS_TRANSIENT for what wasn't, unless the rule says otherwise. */
function codeOf({ code, errorCode, executed }: RuleOf<'canister-reject'>): number {
  return code ?? (errorCode === undefined ? (executed === true ? 6 : 2) : Number(errorCode.slice(3, 4)));
}

function rejectOf(rule: RuleOf<'canister-reject'>): CallResult {
  return rejected(rule.errorCode ?? USUAL_CODES[codeOf(rule)] ?? 'IC0201', rule.message ?? REJECTED);
}

function reply(bytes: Uint8Array): CallResult {
  return { kind: 'reply', reply: bytes };
}

function bytesOf(value: string | Uint8Array): Uint8Array {
  return typeof value === 'string' ? new Uint8Array(Buffer.from(value, 'hex')) : value;
}
