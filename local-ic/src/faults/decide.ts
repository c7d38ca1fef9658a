import { sha256, utf8 } from '../http/bytes.ts';
import type { FaultMatch, FaultRule, NetworkFaultRule, RequestFacts } from './types.ts';

/** A rule and what it has seen. */
export interface RuleState<Rule extends FaultRule = FaultRule> {
  readonly number: number;
  readonly rule: Rule;
  seen: number;
  fired: number;
}

/** Whether a rule is about a request. */
export function matches({ endpoint, canisterId, method }: FaultMatch = {}, request: RequestFacts): boolean {
  return (
    (endpoint === undefined || endpoint === request.endpoint) &&
    (canisterId === undefined || canisterId === request.canisterId) &&
    (method === undefined || method === request.method)
  );
}

/** Whether a rule is applied to a request or message that matches and is about to be counted: a function of the seed and of how many came before. */
export function fires({ number, rule, seen, fired }: Readonly<RuleState>, seed: string): boolean {
  const { probability = 1, count = Infinity, after = 0 } = rule;
  if (seen < after || fired >= count) return false;
  return probability >= 1 || draw(seed, number, seen, 'fires') < probability;
}

/** Whether a request that the rule is applied to gets no further: what comes after it doesn't see that request. */
export function endsExchange(rule: NetworkFaultRule): boolean {
  return rule.kind === 'offline' || rule.kind === 'drop-request' || (rule.kind === 'http-error' && rule.executed !== true);
}

/**
 * A number from 0 to below 1. It depends on nothing but what is given here, so rules don't disturb each other's draws.
 * @param seen how many matching requests or messages the rule saw before this one
 * @param purpose keeps several draws for one request apart
 */
export function draw(seed: string, ruleNumber: number, seen: number, purpose: string): number {
  const digest = sha256(utf8(JSON.stringify(['fault', seed, ruleNumber, seen, purpose])));
  return Buffer.from(digest.buffer, digest.byteOffset, 6).readUIntBE(0, 6) / 2 ** 48;
}
