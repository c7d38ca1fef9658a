import { beforeEach, describe, expect, it } from 'vitest';
import { ADMIN, STRANGER } from '../support/network.ts';
import { Address } from '../universal/layout.ts';
import { program, type OutgoingCall, type Program } from '../universal/Program.ts';
import {
  numberOf,
  rejectionSeen,
  rejectOf,
  replyOf,
  startUniversalNetwork,
  textOf,
  type UniversalCanister,
  type UniversalNetwork
} from '../universal/universalNetwork.ts';
import { argument, caller, load64, text } from '../universal/values.ts';
import { MANAGEMENT } from './management.ts';

describe('Composite queries', () => {
  let network: UniversalNetwork;
  let a: UniversalCanister;
  let b: UniversalCanister;
  beforeEach(async () => {
    network = await startUniversalNetwork();
    a = await network.universal();
    b = await network.universal();
  });

  const query = (arg: Program, more: Partial<OutgoingCall> = {}): OutgoingCall => ({ callee: b.bytes, method: 'query', arg, ...more });
  const hello = program().reply(text('hello'));
  const counted = program().reply(load64(Address.heap));
  const countUp = program().increase(Address.heap).reply(load64(Address.heap));

  it('can call queries', async () => {
    expect(textOf(await a.composite(program().forward(query(hello))))).toBe('hello');
  });

  it('can call composite queries', async () => {
    const inner = program().forward(query(hello, { callee: a.bytes }));
    expect(textOf(await a.composite(program().forward(query(inner, { method: 'composite' }))))).toBe('hello');
  });

  it('can’t call updates', async () => {
    const rejection = rejectionSeen(await a.composite(program().forward(query(countUp, { method: 'update' }))));
    expect(rejection).toMatchObject({ code: 5, message: expect.stringContaining('IC0536') as string });
    expect(await b.number(counted)).toBe(0n);
  });

  it('can’t call the management canister’s updates', async () => {
    expect(
      rejectionSeen(await a.composite(program().forward({ callee: MANAGEMENT.toUint8Array(), method: 'raw_rand' }))).code
    ).toBeGreaterThan(0);
  });

  it('can’t be called by updates, nor as updates', async () => {
    expect(rejectionSeen(await a.update(program().forward(query(hello, { method: 'composite' })))).message).toContain('IC0527');
    expect(rejectOf(await a.call('composite', hello.bytes()))).toMatchObject({ code: 5, errorCode: 'IC0527' });
  });

  it('queries that they call can make no calls', async () => {
    const rejection = rejectionSeen(await a.composite(program().forward(query(program().forward(query(hello))))));
    expect(rejection).toMatchObject({ code: 5, message: expect.stringContaining('cannot be executed') as string });
  });

  it('can make many calls, one after the other and at the same time', async () => {
    const parallel = program()
      .callTo(query(program().reply(text('x')), { onReply: program().increase(Address.heap) }))
      .callTo(query(program().reply(text('y')), { onReply: program().increase(Address.heap).reply(load64(Address.heap)) }));
    expect(numberOf(await a.composite(parallel))).toBe(2n);
    const onReply = program().forward(query(program().reply(text('second'))));
    expect(textOf(await a.composite(program().callTo(query(hello, { onReply }))))).toBe('second');
  });

  it('see their own changes in their callbacks, and nobody else sees them', async () => {
    const onReply = program().increase(Address.heap).reply(load64(Address.heap));
    const run = program()
      .increase(Address.heap, 10)
      .callTo(query(program().increase(Address.heap).reply(), { onReply }));
    expect(numberOf(await a.composite(run))).toBe(11n);
    expect(await a.number(counted)).toBe(0n);
    expect(await b.number(counted)).toBe(0n);
  });

  it('each call of a query begins with the state of the callee', async () => {
    const second = program().forward(query(countUp));
    const run = program().callTo(query(countUp, { onReply: second }));
    expect(numberOf(await a.composite(run))).toBe(1n);
  });

  it('calling itself sees the state before the query', async () => {
    const run = program()
      .increase(Address.heap, 10)
      .forward(query(counted, { callee: a.bytes }));
    expect(numberOf(await a.composite(run))).toBe(0n);
  });

  it('a trap in a callback is undone, and its cleanup kept for the callbacks that follow', async () => {
    const failing = program().increase(Address.heap, 100).trap();
    const onCleanup = program().increase(Address.heap);
    const run = program()
      .callTo(query(hello, { onReply: failing, onCleanup }))
      .callTo(query(hello, { onReply: program().reply(load64(Address.heap)) }));
    expect(numberOf(await a.composite(run))).toBe(1n);
  });

  it('a trap in the only callback is the answer', async () => {
    expect(rejectOf(await a.composite(program().callTo(query(hello, { onReply: program().trap('inside') }))))).toMatchObject({
      code: 5,
      errorCode: 'IC0503',
      message: expect.stringContaining('inside') as string
    });
  });

  it('without an answer they are rejected', async () => {
    expect(rejectOf(await a.composite(program().callTo(query(hello))))).toMatchObject({ code: 5, errorCode: 'IC0506' });
  });

  it('are told of the traps and rejects of what they call', async () => {
    expect(rejectionSeen(await a.composite(program().forward(query(program().trap('there')))))).toMatchObject({ code: 5 });
    expect(rejectionSeen(await a.composite(program().forward(query(program().reject('no')))))).toEqual({ code: 4, message: 'no' });
    expect(rejectionSeen(await a.composite(program().forward(query(hello, { method: 'none' }))))).toMatchObject({ code: 5 });
    const missing = Uint8Array.of(0, 0, 0, 0, 0, 0, 9, 9, 1, 1);
    expect(rejectionSeen(await a.composite(program().forward(query(hello, { callee: missing }))))).toMatchObject({ code: 3 });
  });

  it('are told of callees that are stopped or empty', async () => {
    await network.engine.stopCanister(b.id, ADMIN);
    expect(rejectionSeen(await a.composite(program().forward(query(hello)))).message).toContain('IC0508');
    const empty = await network.empty();
    expect(rejectionSeen(await a.composite(program().forward(query(hello, { callee: empty.bytes })))).message).toContain('IC0537');
  });

  it('can nest six levels deep, and no deeper', async () => {
    const nested = (levels: number): Program =>
      levels === 0
        ? hello
        : program().forward({ callee: levels % 2 === 0 ? a.bytes : b.bytes, method: 'composite', arg: nested(levels - 1) });
    expect(textOf(await a.composite(nested(6)))).toBe('hello');
    expect(textOf(await a.composite(nested(7)))).toContain('IC0525');
  });

  it('know who called: the user, then the canister', async () => {
    expect(replyOf(await a.composite(program().reply(caller), STRANGER))).toEqual(STRANGER.toUint8Array());
    expect(replyOf(await a.composite(program().forward(query(program().reply(caller))), STRANGER))).toEqual(a.bytes);
    expect(replyOf(await a.composite(program().callTo(query(hello, { onReply: program().reply(caller) })), STRANGER))).toEqual(
      STRANGER.toUint8Array()
    );
  });

  it('pass arguments and replies on', async () => {
    const inner = program().append(argument).reply();
    expect(replyOf(await a.composite(program().forward(query(inner))))).toEqual(inner.bytes());
  });

  it('change nothing that a hash of the state shows', async () => {
    const before = network.engine.stateHash();
    await a.composite(program().increase(Address.heap).growStable(1).growMemory(2).forward(query(countUp)));
    await a.query(program().increase(Address.heap).growStable(1).growMemory(2).reply());
    expect(network.engine.stateHash()).toBe(before);
  });
});
