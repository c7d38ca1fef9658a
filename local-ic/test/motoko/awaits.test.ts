import type { IDL } from '@dfinity/candid';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startNetwork, type TestNetwork } from '../support/network.ts';

interface Awaits {
  log(): Promise<string[]>;
  clear(): Promise<void>;
  trapBeforeAwait(): Promise<void>;
  trapAfterTwoAwaits(): Promise<void>;
  trapInCatch(): Promise<void>;
  crowd(size: bigint): Promise<[bigint, [] | [number]]>;
  nested(): Promise<string>;
  finallyWithoutError(): Promise<string>;
  rethrow(): Promise<void>;
  ownError(): Promise<void>;
  parallel(): Promise<string[]>;
  forgotten(): Promise<void>;
  fibonacci(n: bigint): Promise<bigint>;
  careless(amount: bigint): Promise<bigint>;
  left(): Promise<bigint>;
  inlined(): Promise<string>;
}

const awaitsInterface: IDL.InterfaceFactory = ({ IDL }) =>
  IDL.Service({
    log: IDL.Func([], [IDL.Vec(IDL.Text)], ['query']),
    clear: IDL.Func([], []),
    trapBeforeAwait: IDL.Func([], []),
    trapAfterTwoAwaits: IDL.Func([], []),
    trapInCatch: IDL.Func([], []),
    crowd: IDL.Func([IDL.Nat], [IDL.Nat, IDL.Opt(IDL.Nat32)]),
    nested: IDL.Func([], [IDL.Text]),
    finallyWithoutError: IDL.Func([], [IDL.Text]),
    rethrow: IDL.Func([], []),
    ownError: IDL.Func([], []),
    parallel: IDL.Func([], [IDL.Vec(IDL.Text)]),
    forgotten: IDL.Func([], []),
    fibonacci: IDL.Func([IDL.Nat], [IDL.Nat]),
    careless: IDL.Func([IDL.Nat], [IDL.Nat]),
    left: IDL.Func([], [IDL.Nat], ['query']),
    inlined: IDL.Func([], [IDL.Text])
  });

describe('around an await', () => {
  let network: TestNetwork;
  let actor: Awaits;
  beforeAll(async () => {
    network = await startNetwork();
    actor = network.actor<Awaits>(awaitsInterface, await network.install('awaits'));
  });
  beforeEach(() => actor.clear());

  const trapped = (message: RegExp) =>
    expect.objectContaining({ code: 5, errorCode: 'IC0503', message: expect.stringMatching(message) as string }) as Error;

  it('a trap before it undoes everything, and the call is never sent', async () => {
    await expect(actor.trapBeforeAwait()).rejects.toEqual(trapped(/before the await/));
    await network.engine.idle();
    expect(await actor.log()).toEqual([]);
  });

  it('a trap behind it undoes only what came behind the last one', async () => {
    await expect(actor.trapAfterTwoAwaits()).rejects.toEqual(trapped(/after two awaits/));
    expect(await actor.log()).toEqual(['first', 'call 1', 'second', 'call 2']);
  });

  it('of 600 calls to itself 500 are made, and the others fail with a call_error', async () => {
    expect(await actor.crowd(600n)).toEqual([500n, [2]]);
    expect(await actor.crowd(500n)).toEqual([500n, []]);
  });

  it('a trap while an error is handled undoes the handling', async () => {
    await expect(actor.trapInCatch()).rejects.toEqual(trapped(/in the catch/));
    expect(await actor.log()).toEqual(['before']);
  });

  it('errors run through each finally, the inner one first', async () => {
    expect(await actor.nested()).toBe('reject');
    expect(await actor.log()).toEqual(['lost', 'inner finally', 'caught failed', 'outer finally', 'after']);
    await actor.clear();
    expect(await actor.finallyWithoutError()).toBe('call');
    expect(await actor.log()).toEqual(['call', 'finally']);
  });

  it('an error that is thrown on is a reject of the canister, whatever it was', async () => {
    await expect(actor.rethrow()).rejects.toMatchObject({ code: 4, errorCode: 'IC0406', message: /^IC0503: .*failed/s });
    await expect(actor.ownError()).rejects.toMatchObject({ code: 4, errorCode: 'IC0406', message: 'own' });
    expect(await actor.log()).toEqual(['rethrown', 'kept']);
  });

  it('calls run side by side and can be awaited in any order', async () => {
    expect(await actor.parallel()).toEqual(['c', 'b', 'a']);
    expect(await actor.log()).toEqual(['c', 'b', 'a']);
  });

  it('a call that nobody waits for is made all the same', async () => {
    await actor.forgotten();
    await network.engine.idle();
    expect(await actor.log()).toEqual(['sent', 'forgotten']);
  });

  it('a canister calls itself, in a tree', async () => {
    expect(await actor.fibonacci(11n)).toBe(89n);
  });

  it('another message comes in between: two changes at once lose one', async () => {
    const before = await actor.left();
    const results = await Promise.all([actor.careless(10n), actor.careless(20n)]);
    expect(results).toEqual([before - 10n, before - 20n]);
    expect(await actor.left()).toBe(before - 20n);
  });

  it('code of the same message runs before it, in place', async () => {
    expect(await actor.inlined()).toBe('xouter');
    expect(await actor.log()).toEqual(['inline', 'outer']);
  });
});
