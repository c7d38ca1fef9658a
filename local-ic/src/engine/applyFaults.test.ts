import { describe, expect, it } from 'vitest';
import { caller, callee, timers, type Callee, type Caller, type Timers } from '../../test/support/interfaces.ts';
import { SECOND_NS, START_NS, startNetwork } from '../../test/support/network.ts';
import { MessageFaults } from '../faults/MessageFaults.ts';
import { RuleBook } from '../faults/RuleBook.ts';
import type { FaultRule } from '../faults/types.ts';
import { DEFAULT_LIMITS } from '../canister/instructionLimits.ts';
import { applyToAnswer, applyToCall, type FaultTools } from './applyFaults.ts';
import type { CanisterFaults, CanisterFiring } from './canisterFaults.ts';
import { Clock } from './Clock.ts';
import type { RequestMessage } from './messages.ts';
import { Randomness } from './Randomness.ts';
import { Subnet } from './Subnet.ts';
import type { CallResult } from './types.ts';

const RULES: FaultRule[] = [
  { kind: 'canister-trap', when: 'after', probability: 0.2 },
  { kind: 'callback-trap', probability: 0.3 },
  { kind: 'slow-callee', ms: 300, jitterMs: 3_000, probability: 0.5 },
  { kind: 'silent-callee', on: 'response', probability: 0.2, match: { from: 'canister' } },
  { kind: 'canister-stop', forMs: 1_000, after: 8, count: 1 },
  { kind: 'canister-reject', probability: 0.2 },
  { kind: 'out-of-cycles', on: 'call', probability: 0.1 }
];

/** The same messages to a new network, whatever decides about them. */
async function run(faults: (release: (rule?: number) => void) => CanisterFaults): Promise<unknown> {
  const network = await startNetwork();
  const calleeId = await network.install('callee');
  const actor = network.actor<Caller>(caller, await network.install('caller', { callee: calleeId }));
  const clock = network.actor<Timers>(timers, await network.install('timers'));
  await clock.every(3n, 'tick');
  network.engine.setCanisterFaults(faults((rule) => network.engine.releaseHeld(rule)));
  const outcomes: Promise<string>[] = [];
  for (let round = 0; round < 4; round++) {
    for (const call of [actor.echo('a'), actor.trapWithFinally(), actor.boundedDeadline(), actor.callItself(3n), actor.note()]) {
      outcomes.push(
        call.then(
          (value) => `answered ${String(value)}`,
          (error: unknown) => String(error)
        )
      );
    }
    await network.engine.advance(2n * SECOND_NS);
  }
  await network.engine.advance(60n * SECOND_NS);
  network.engine.setCanisterFaults({ isActive: false, decide: () => [] });
  network.engine.releaseHeld();
  await network.engine.idle();
  const state = [await actor.state(), await network.actor<Callee>(callee, calleeId).count(), await clock.log()];
  await network.engine.close();
  return [await Promise.all(outcomes), state, network.log];
}

describe('what faults do', () => {
  it('is done again from what was decided, without the rules', async () => {
    const decided: (readonly CanisterFiring[])[] = [];
    const first = await run((release) => {
      const rules = new MessageFaults(new RuleBook({ seed: 'once', rules: RULES }), release);
      return {
        isActive: true,
        decide(facts) {
          const firings = rules.decide(facts);
          // As it is after having been written and read.
          decided.push(structuredClone(firings));
          return firings;
        }
      };
    });
    const kinds = new Set(decided.flat().map(({ effect }) => effect.kind));
    expect([...kinds].sort()).toEqual(['answer', 'fail-calls', 'hold-answer', 'hold-call', 'stop', 'trap']);
    let next = 0;
    const again = await run(() => ({ isActive: true, decide: () => decided[next++] ?? [] }));
    expect(next).toBe(decided.length);
    expect(again).toEqual(first);
  });
});

describe('what is held back', () => {
  const subnet = (): Subnet =>
    new Subnet(new Clock({ startNs: START_NS }, 0n), new Randomness(new Uint8Array(32)), DEFAULT_LIMITS, undefined, () => undefined);
  const request: RequestMessage = {
    kind: 'request',
    callee: Uint8Array.of(1),
    method: 'transfer',
    arg: Uint8Array.of(2, 3),
    caller: Uint8Array.of(4),
    cycles: 5n,
    deadlineNs: 0n,
    origin: { kind: 'canister', canisterKey: '04', callbackId: 6 }
  };
  const refused: CallResult = { kind: 'reject', code: 2, errorCode: 'IC0201', message: 'no' };

  it('is plain data that says what is still to come', () => {
    const tools: FaultTools = { subnet: subnet(), respond: () => undefined, stop: () => undefined };
    const { held } = tools.subnet;
    const later: CanisterFiring = { rule: 3, effect: { kind: 'trap', when: 'before', message: 'later' } };
    const firings: CanisterFiring[] = [
      { rule: 1, effect: { kind: 'hold-answer', delayNs: 10n } },
      { rule: 2, effect: { kind: 'hold-call', delayNs: undefined } },
      later
    ];
    expect(applyToCall(request, firings, tools)).toBeUndefined();
    const origin = { ...request.origin, faults: [firings[0]] };
    const expected = [{ rule: 2, releaseNs: undefined, message: { ...request, origin, faults: [later] } }];
    expect(held.all()).toEqual(expected);
    expect(structuredClone(held.all())).toEqual(expected);
  });

  it('goes through the faults of an answer from the callee to the caller', () => {
    const network = subnet();
    const faults: CanisterFiring[] = [
      { rule: 1, effect: { kind: 'replace-answer', result: refused } },
      { rule: 2, effect: { kind: 'hold-answer', delayNs: 10n } }
    ];
    const answer: CallResult = { kind: 'reply', reply: Uint8Array.of(7) };
    expect(applyToAnswer({ ...request.origin, faults }, answer, 8n, network)).toBeUndefined();
    const [message] = network.held.takeDue(START_NS + 10n);
    const origin = { ...request.origin, faults: [faults[0]] };
    expect(message).toEqual({ kind: 'answer', origin, result: answer, refund: 8n });
    expect(applyToAnswer({ ...request.origin, faults: faults.slice(0, 1) }, answer, 8n, network)).toEqual(refused);
    expect(network.held.all()).toEqual([]);
  });
});
