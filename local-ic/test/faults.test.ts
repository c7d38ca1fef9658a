import { Actor, HttpAgent, polling, type HttpAgentOptions } from '@dfinity/agent';
import { IDL } from '@dfinity/candid';
import { Ed25519KeyIdentity } from '@dfinity/identity';
import type { Principal } from '@dfinity/principal';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLocalIc, type FaultRule, type Listening, type LocalIc } from '../src/index.ts';
import { agentFixtureInterface, installAgentFixture, type AgentFixture } from './support/agentFixture.ts';

/** What an unmodified agent, every verification on, makes of each fault. */
describe('faults', () => {
  let ic: LocalIc;
  let server: Listening;
  let canisterId: Principal;
  /** In process: spared by faults, so it tells what really happened. */
  let truth: AgentFixture;

  beforeAll(async () => {
    ic = await createLocalIc({ faults: { seed: 'tests' } });
    canisterId = await installAgentFixture(ic);
    truth = ic.actor<AgentFixture>(agentFixtureInterface, canisterId);
    server = await ic.listen({ port: 0 });
  });
  afterEach(() => ic.faults.clear());
  afterAll(() => ic.close());

  const actorFor = async (options: HttpAgentOptions = {}): Promise<AgentFixture> => {
    const identity = Ed25519KeyIdentity.generate();
    const agent = await HttpAgent.create({ host: server.url, rootKey: ic.rootKey, identity, retryTimes: 0, ...options });
    return Actor.createActor<AgentFixture>(agentFixtureInterface, { agent, canisterId });
  };
  const outcome = (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => 'succeeded',
      (error: unknown) => String(error)
    );
  /** How often `increment` ran while the client saw what it saw. */
  const increments = async (act: () => Promise<string>): Promise<{ saw: string; ran: bigint }> => {
    const before = await truth.get();
    const saw = await act();
    await ic.idle();
    return { saw, ran: (await truth.get()) - before };
  };
  const CALL = { endpoint: 'call' } as const;

  it.each<[FaultRule, RegExp, bigint]>([
    [{ kind: 'offline', match: CALL }, /Failed to fetch HTTP request: TypeError: fetch failed/, 0n],
    [{ kind: 'drop-request', match: CALL }, /Failed to fetch HTTP request: TypeError: fetch failed/, 0n],
    [{ kind: 'drop-response', match: CALL }, /Failed to fetch HTTP request: TypeError: fetch failed/, 1n],
    [{ kind: 'http-error', status: 429, match: CALL }, /Too Many Requests/, 0n],
    [{ kind: 'http-error', status: 503, match: CALL }, /Service Unavailable/, 0n],
    [{ kind: 'http-error', status: 504, match: CALL, executed: true }, /Gateway Timeout/, 1n],
    [{ kind: 'truncate-body', match: CALL }, /terminated/, 1n],
    [{ kind: 'truncate-body', contentLength: 'actual', match: CALL }, /Failed to decode CBOR|CBOR/, 1n],
    [{ kind: 'truncate-body', contentLength: 'actual', keepBytes: 0, match: CALL }, /UnexpectedErrorCode|Unknown|"body": null/, 1n],
    [{ kind: 'wrong-certificate', match: CALL }, /Signature verification failed/, 1n],
    [{ kind: 'stale-certificate', match: CALL }, /Certificate is signed more than 5 minutes in the past/, 1n],
    [{ kind: 'clock-skew', skewMs: 600_000, match: CALL }, /certificate is still too far in the future/, 1n],
    [{ kind: 'clock-skew', skewMs: -600_000, match: CALL }, /Certificate is signed more than 5 minutes in the past/, 1n],
    [{ kind: 'clock-skew', skewMs: 60_000, match: CALL }, /succeeded/, 1n],
    [{ kind: 'stale-certificate', ageMs: 60_000, match: CALL }, /succeeded/, 1n]
  ])('%o on an update', async (rule, expected, ran) => {
    const actor = await actorFor();
    ic.faults.add(rule);
    const result = await increments(() => outcome(actor.increment()));
    expect(result.saw).toMatch(expected);
    expect(result.ran).toBe(ran);
    expect(ic.faults.log.at(-1)).toMatchObject({ kind: rule.kind, endpoint: 'call', canisterId: canisterId.toText() });
  });

  const QUERY = { endpoint: 'query', method: 'greet' } as const;
  it.each<[FaultRule, RegExp]>([
    [{ kind: 'offline', match: { endpoint: 'query' } }, /fetch failed/],
    [{ kind: 'drop-request', match: QUERY }, /fetch failed/],
    [{ kind: 'drop-response', match: QUERY }, /fetch failed/],
    [{ kind: 'http-error', status: 503, match: QUERY }, /Service Unavailable/],
    [{ kind: 'truncate-body', match: QUERY }, /terminated/],
    [{ kind: 'truncate-body', contentLength: 'actual', match: QUERY }, /CBOR/],
    [{ kind: 'wrong-certificate', match: QUERY }, /Query signature verification failed|signature/],
    [{ kind: 'clock-skew', skewMs: 60_000, match: QUERY }, /succeeded/]
  ])('%o on a query', async (rule, expected) => {
    const actor = await actorFor();
    ic.faults.add(rule);
    expect(await outcome(actor.greet('you'))).toMatch(expected);
    expect(ic.faults.log.at(-1)).toMatchObject({ kind: rule.kind, endpoint: 'query' });
  });

  const READ = { endpoint: 'read_state' } as const;
  it.each<[FaultRule, RegExp]>([
    [{ kind: 'drop-response', match: READ }, /fetch failed/],
    [{ kind: 'http-error', status: 429, retryAfterSeconds: 1, match: READ }, /Too Many Requests/],
    [{ kind: 'truncate-body', contentLength: 'actual', match: READ }, /CBOR/],
    [{ kind: 'wrong-certificate', match: READ }, /Signature verification failed/],
    [{ kind: 'stale-certificate', count: 1, match: READ }, /Certificate is signed more than 5 minutes in the past/],
    // Where everything it reads is stale, the agent takes its own clock for wrong, sets it by the network and believes.
    [{ kind: 'stale-certificate', match: READ }, /succeeded/],
    [{ kind: 'forget-answer', match: READ }, /Call was marked as done but we never saw the reply/],
    [{ kind: 'http-error', status: 503, count: 2, match: READ }, /succeeded/]
  ])('%o while an agent polls for an answer', async (rule, expected) => {
    // Three tries a poll where the fault is to be survived, one where the agent's report is what counts.
    const retryTimes = rule.count === undefined ? 0 : 3;
    const agent = await HttpAgent.create({ host: server.url, rootKey: ic.rootKey, identity: Ed25519KeyIdentity.generate(), retryTimes });
    const result = await increments(async () => {
      const arg = new Uint8Array(IDL.encode([], []));
      const { requestId } = await agent.call(canisterId, { methodName: 'increment', arg, callSync: false });
      ic.faults.add(rule);
      return outcome(polling.pollForResponse(agent, canisterId, requestId));
    });
    expect(result.saw).toMatch(expected);
    expect(result.ran).toBe(1n);
  });

  it.each<[FaultRule, RegExp, bigint]>([
    [{ kind: 'canister-trap' }, /IC0503/, 0n],
    [{ kind: 'canister-trap', when: 'after' }, /IC0503/, 0n],
    [{ kind: 'out-of-cycles' }, /IC0207/, 0n],
    [{ kind: 'canister-reject', errorCode: 'IC0522', message: 'too long' }, /too long/, 0n],
    [{ kind: 'canister-reject', code: 5, executed: true }, /IC0503/, 1n]
  ])('%o is told an agent in a certificate that it believes', async (rule, expected, ran) => {
    const actor = await actorFor();
    ic.faults.add({ ...rule, match: { method: 'increment' }, count: 1 } as FaultRule);
    const result = await increments(() => outcome(actor.increment()));
    expect(result.saw).toMatch(expected);
    expect(result.ran).toBe(ran);
  });

  it('silent-callee has an agent wait for its answer until the rule goes', async () => {
    const actor = await actorFor();
    const rule = ic.faults.add({ kind: 'silent-callee', match: { method: 'increment' } });
    const call = actor.increment();
    while (rule.fired === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await ic.idle();
    rule.remove();
    expect(await call).toBe(await truth.get());
  });

  it('are survived by an agent that retries, which runs an update once however often it came', async () => {
    const actor = await actorFor({ retryTimes: 3 });
    ic.faults.add({ kind: 'drop-response', count: 1, match: CALL });
    ic.faults.add({ kind: 'http-error', status: 503, retryAfterSeconds: 1, after: 1, count: 1, match: CALL });
    expect(await increments(() => outcome(actor.increment()))).toEqual({ saw: 'succeeded', ran: 1n });
    const [first, second] = ic.faults.log.slice(-2);
    expect([first?.kind, second?.kind]).toEqual(['drop-response', 'http-error']);
    expect(second?.requestId).toBe(first?.requestId);
  });

  it('duplicate delivers an update twice, at once or later; it runs once', async () => {
    const actor = await actorFor();
    ic.faults.add({ kind: 'duplicate', match: CALL });
    ic.faults.add({ kind: 'duplicate', afterMs: 30, match: CALL });
    const result = await increments(async () => {
      const saw = await outcome(actor.increment());
      await new Promise((resolve) => setTimeout(resolve, 60));
      return saw;
    });
    expect(result).toEqual({ saw: 'succeeded', ran: 1n });
  });

  it('delay holds a request, or its answer, back', async () => {
    const actor = await actorFor();
    for (const on of ['request', 'response'] as const) {
      const rule = ic.faults.add({ kind: 'delay', ms: 150, jitterMs: 20, on, match: QUERY });
      const begin = performance.now();
      await actor.greet('you');
      expect(performance.now() - begin).toBeGreaterThan(149);
      rule.remove();
    }
  });

  it('reorder has a later request overtake, and waits no longer than told when none comes', async () => {
    const actor = await actorFor();
    ic.faults.add({ kind: 'reorder', match: { endpoint: 'call', method: 'increment' }, count: 1 });
    const first = actor.increment();
    // The second is sent when the first waits.
    while (ic.faults.log.at(-1)?.kind !== 'reorder') await new Promise((resolve) => setTimeout(resolve, 5));
    const second = await actor.increment();
    expect(await first).toBe(second + 1n);
    ic.faults.add({ kind: 'reorder', maxMs: 50, match: QUERY });
    expect(await actor.greet('you')).toBe('Hello, you!');
  });

  it('hang leaves a client waiting until it gives up', async () => {
    const actor = await actorFor({ callOptions: { signal: AbortSignal.timeout(300) } });
    ic.faults.add({ kind: 'drop-response', how: 'hang', match: CALL });
    expect((await increments(() => outcome(actor.increment()))).ran).toBe(1n);
  });

  it('answers with Retry-After when told, without when not', async () => {
    const get = () => fetch(`${server.url}/api/v2/status`);
    const rule = ic.faults.add({ kind: 'http-error', status: 429, retryAfterSeconds: 7 });
    const told = await get();
    expect([told.status, told.headers.get('retry-after')]).toEqual([429, '7']);
    expect(told.headers.get('access-control-allow-origin')).toBe('*');
    rule.remove();
    const dated = ic.faults.add({ kind: 'http-error', status: 503, retryAfterSeconds: 60, retryAfterAs: 'date' });
    const until = Date.parse((await get()).headers.get('retry-after') ?? '');
    const left = until - Number(ic.now() / 1_000_000n);
    expect(left).toBeLessThanOrEqual(60_000);
    expect(left).toBeGreaterThan(50_000);
    dated.remove();
    ic.faults.add({ kind: 'http-error', status: 503 });
    const untold = await get();
    expect([untold.status, untold.headers.get('retry-after')]).toEqual([503, null]);
  });

  it('corrupted answers are never taken for true ones', async () => {
    // The agent says at length what it could not read.
    const quiet = [vi.spyOn(console, 'error'), vi.spyOn(console, 'warn')].map((spy) => spy.mockImplementation(() => undefined));
    const actor = await actorFor();
    ic.faults.add({ kind: 'corrupt-body', bytes: 1 });
    for (let i = 0; i < 15; i += 1) {
      const answer = await actor.greet('you').catch((error: unknown) => error);
      if (!(answer instanceof Error)) expect(answer).toBe('Hello, you!');
      const count = await actor.increment().catch((error: unknown) => error);
      if (!(count instanceof Error)) expect(count).toBe(await truth.get());
    }
    for (const spy of quiet) spy.mockRestore();
  });

  it('are applied together, the first rule nearest to the client', async () => {
    ic.faults.add({ kind: 'http-error', status: 504, executed: true });
    ic.faults.add({ kind: 'delay', ms: 50 });
    const begin = performance.now();
    expect((await fetch(`${server.url}/api/v2/status`)).status).toBe(504);
    expect(performance.now() - begin).toBeGreaterThan(49);
  });

  it('are counted and logged only where they happen', async () => {
    const rules = [
      ic.faults.add({ kind: 'delay', ms: 1 }),
      ic.faults.add({ kind: 'http-error', status: 503, after: 1 }),
      ic.faults.add({ kind: 'corrupt-body' })
    ];
    const before = ic.faults.log.length;
    for (let i = 0; i < 2; i += 1) await fetch(`${server.url}/api/v2/status`);
    expect(rules.map(({ seen, fired }) => [seen, fired])).toEqual([
      [2, 2],
      [2, 1],
      [1, 1]
    ]);
    expect(ic.faults.log.slice(before).map(({ kind }) => kind)).toEqual(['delay', 'corrupt-body', 'delay', 'http-error']);
  });

  it('leave a network with a word of explanation when a rule makes no sense', () => {
    expect(() => ic.faults.add({ kind: 'delay', ms: -1 })).toThrow('"ms" must be a whole number from 0 to 600000, not -1');
    expect(ic.faults.rules).toEqual([]);
  });
});

describe('a fault plan', () => {
  /** Sends the same requests to a new network and tells which faults happened to which. */
  async function run(seed: string, rules: FaultRule[], methods: string[]): Promise<string[]> {
    const ic = await createLocalIc({ seed: 'plan', clock: { startNs: 1_700_000_000_000_000_000n }, faults: { seed, rules } });
    try {
      const { url } = await ic.listen({ port: 0 });
      // Malformed bodies: what is decided depends on the request, not on what the network would answer.
      for (const method of methods) {
        await fetch(url + method, method.endsWith('status') ? {} : { method: 'POST', headers: { 'content-type': 'application/cbor' } })
          .then((response) => response.arrayBuffer())
          .catch(() => undefined);
      }
      return ic.faults.log.map(({ index, rule, kind, endpoint }) => [index, rule, kind, endpoint].join(' '));
    } finally {
      await ic.close();
    }
  }

  it('does the same again with the same seed and the same requests', async () => {
    const canister = '/api/v2/canister/rrkah-fqaaa-aaaaa-aaaaq-cai/';
    const probability = fc.double({ min: 0, max: 1, noNaN: true });
    const rule = fc.oneof(
      probability.map((chance): FaultRule => ({ kind: 'offline', probability: chance })),
      probability.map((chance): FaultRule => ({ kind: 'http-error', status: 503, probability: chance, match: { endpoint: 'query' } })),
      fc.nat(3).map((after): FaultRule => ({ kind: 'corrupt-body', after, probability: 0.5 })),
      fc.integer({ min: 1, max: 3 }).map((count): FaultRule => ({ kind: 'duplicate', count, probability: 0.5 }))
    );
    const requests = fc.array(fc.constantFrom('/api/v2/status', `${canister}query`, `${canister}call`, `${canister}read_state`), {
      minLength: 5,
      maxLength: 15
    });
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.array(rule, { minLength: 1, maxLength: 4 }), requests, async (seed, rules, sent) => {
        expect(await run(seed, rules, sent)).toEqual(await run(seed, rules, sent));
      }),
      { numRuns: 15 }
    );
  });

  it('has its own random seed when none is given, and says which', async () => {
    const [one, other] = await Promise.all([createLocalIc(), createLocalIc({ seed: 'the network’s' })]);
    expect(one.faults.seed).toMatch(/^[0-9a-f-]{36}$/);
    expect(other.faults.seed).toBe('the network’s');
    await Promise.all([one.close(), other.close()]);
  });
});
