import { textAnswer, type Delivery, type HttpAnswer } from '../http/HttpAnswer.ts';
import { corrupt } from './damage.ts';
import type { Forger, Forgery } from './Forger.ts';
import type { NetworkFaultRule, RequestFacts } from './types.ts';

/** Delivers a request to the network and tells what comes back. */
export type Exchange = () => Promise<Delivery>;

/** What faults need to be applied. */
export interface FaultTools {
  request: RequestFacts;
  forger: Forger;
  /** The network's time, ns since 1970. */
  now(): bigint;
  /** From 0 to below 1, by purpose; the same every time for one rule and one of its requests. */
  random(purpose: string): number;
  sleep(ms: number): Promise<void>;
  /** Waits until a later request of the same rule was executed, or for `ms`. */
  letOthersPass(ms: number): Promise<void>;
  /** Goes on without the client waiting for it. */
  inBackground(work: () => Promise<unknown>): void;
}

const NS_PER_MS = 1_000_000n;

/** Has one fault happen to an exchange. */
export async function applyFault(rule: NetworkFaultRule, exchange: Exchange, tools: FaultTools): Promise<Delivery> {
  switch (rule.kind) {
    case 'offline':
      return { kind: 'lost', how: 'reset' };
    case 'drop-request':
      return { kind: 'lost', how: rule.how ?? 'reset' };
    case 'drop-response':
      await exchange();
      return { kind: 'lost', how: rule.how ?? 'reset' };
    case 'delay':
      return delay(rule, exchange, tools);
    case 'duplicate':
      return duplicate(rule.afterMs ?? 0, exchange, tools);
    case 'reorder':
      await tools.letOthersPass(rule.maxMs ?? 2_000);
      return exchange();
    case 'http-error':
      return httpError(rule, exchange, tools);
    case 'truncate-body':
      return changeAnswer(exchange, ({ answer }) => truncate(answer, rule));
    case 'corrupt-body':
      return changeAnswer(exchange, ({ answer, ...rest }) => {
        const body = corrupt(answer.body, rule.bytes ?? 8, (index) => tools.random(`corrupt ${index}`));
        return { ...rest, answer: { ...answer, body } };
      });
    case 'wrong-certificate':
      return forge(exchange, tools, { shiftNs: 0n, signedBy: 'stranger', queries: true });
    case 'stale-certificate':
      return forge(exchange, tools, { shiftNs: BigInt(-(rule.ageMs ?? 600_000)) * NS_PER_MS, signedBy: 'network', queries: false });
    case 'clock-skew':
      return forge(exchange, tools, { shiftNs: BigInt(rule.skewMs) * NS_PER_MS, signedBy: 'network', queries: true });
    case 'forget-answer':
      return forge(exchange, tools, { shiftNs: 0n, signedBy: 'network', queries: false, forgetful: true });
  }
}

type Answered = Extract<Delivery, { kind: 'answer' }>;
type RuleOf<Kind> = Extract<NetworkFaultRule, { kind: Kind }>;

async function delay({ ms, jitterMs = 0, on = 'request' }: RuleOf<'delay'>, exchange: Exchange, tools: FaultTools): Promise<Delivery> {
  const wait = ms + Math.floor(tools.random('jitter') * jitterMs);
  if (on === 'request') await tools.sleep(wait);
  const delivery = await exchange();
  if (on === 'response') await tools.sleep(wait);
  return delivery;
}

async function duplicate(afterMs: number, exchange: Exchange, tools: FaultTools): Promise<Delivery> {
  const first = exchange();
  tools.inBackground(async () => {
    if (afterMs > 0) await tools.sleep(afterMs);
    await exchange();
  });
  return first;
}

async function httpError(rule: RuleOf<'http-error'>, exchange: Exchange, tools: FaultTools): Promise<Delivery> {
  const { status, retryAfterSeconds, executed = false } = rule;
  if (executed) await exchange();
  const answer = textAnswer(status, `The network was told to answer with status ${status}.`);
  if (retryAfterSeconds === undefined) return { kind: 'answer', answer };
  return { kind: 'answer', answer: { ...answer, headers: { 'retry-after': retryAfter(rule, retryAfterSeconds, tools) } } };
}

/** A date is one of the network's clock, in whole seconds, as HTTP has it. */
function retryAfter({ retryAfterAs }: RuleOf<'http-error'>, seconds: number, { now }: FaultTools): string {
  return retryAfterAs === 'date' ? new Date(Number(now() / NS_PER_MS) + seconds * 1_000).toUTCString() : String(seconds);
}

function truncate(answer: HttpAnswer, { keepBytes, contentLength = 'original' }: RuleOf<'truncate-body'>): Answered {
  const kept = Math.min(keepBytes ?? answer.body.length >> 1, answer.body.length);
  return contentLength === 'original'
    ? { kind: 'answer', answer, cutAt: kept }
    : { kind: 'answer', answer: { ...answer, body: answer.body.slice(0, kept) } };
}

function forge(exchange: Exchange, { forger, request }: FaultTools, forgery: Forgery): Promise<Delivery> {
  return changeAnswer(exchange, async ({ answer, ...rest }) => {
    if (answer.contentType !== 'application/cbor') return { ...rest, answer };
    return { ...rest, answer: { ...answer, body: await forger.forge(answer.body, request.requestId, forgery) } };
  });
}

async function changeAnswer(exchange: Exchange, change: (delivery: Answered) => Answered | Promise<Answered>): Promise<Delivery> {
  const delivery = await exchange();
  return delivery.kind === 'answer' ? change(delivery) : delivery;
}
