import type { ActorMethod } from '@dfinity/agent';
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { CanisterReject, createIdentity, createLocalIc, type LocalIc, type PendingCall, type Reported } from '../src/index.ts';
import { agentFixtureInterface, type AgentFixture } from './support/agentFixture.ts';
import { counter, type Counter } from './support/interfaces.ts';
import { fixtureWasm, initArgument, START_NS } from './support/network.ts';
import { talker, type Talker } from './support/talker.ts';

let ic: LocalIc;
beforeEach(async () => {
  ic = await createLocalIc({ seed: 'control', clock: { startNs: START_NS } });
});
afterEach(() => ic.close());

const ada = createIdentity('Ada');
const bob = createIdentity('Bob');
const setupAgentFixture = async () =>
  ic.setupCanister<AgentFixture>({ idlFactory: agentFixtureInterface, wasm: await fixtureWasm('agent') });

describe('setupCanister', () => {
  it('creates, installs and gives an actor', async () => {
    const { canisterId, actor } = await ic.setupCanister<Counter>({
      idlFactory: counter,
      wasm: await fixtureWasm('counter'),
      arg: initArgument({ start: 7n }),
      cycles: 5_000_000_000_000n
    });
    expect(await actor.increment()).toBe(8n);
    expect(ic.engine.canister(canisterId)?.controllers).toHaveLength(1);
    expect((await ic.canisterStatus(canisterId)).status).toBe('running');
  });

  it('is controlled by and calls as the sender', async () => {
    const wasm = await fixtureWasm('agent');
    const { canisterId, actor } = await ic.setupCanister<AgentFixture>({ idlFactory: agentFixtureInterface, wasm, sender: ada });
    expect((await actor.whoAmI()).toText()).toBe(ada.getPrincipal().toText());
    await expect(ic.stopCanister(canisterId)).rejects.toMatchObject({ errorCode: 'IC0512' });
    await ic.stopCanister(canisterId, ada);
    expect(ic.engine.canister(canisterId)?.status).toBe('stopped');
  });

  it('takes the id that is asked for', async () => {
    const canisterId = Principal.fromText('mxzaz-hqaaa-aaaar-qaada-cai');
    const options = { idlFactory: agentFixtureInterface, wasm: await fixtureWasm('agent'), canisterId };
    expect((await ic.setupCanister(options)).canisterId.toText()).toBe(canisterId.toText());
    await expect(ic.setupCanister(options)).rejects.toBeInstanceOf(CanisterReject);
  });
});

describe('an actor', () => {
  it('speaks as somebody else without changing', async () => {
    const { actor } = await setupAgentFixture();
    const asBob = ic.as(actor, bob);
    expect((await asBob.whoAmI()).toText()).toBe(bob.getPrincipal().toText());
    expect((await ic.as(asBob, Principal.anonymous()).whoAmIQuery()).toText()).toBe(Principal.anonymous().toText());
    expect((await actor.whoAmI()).toText()).not.toBe(bob.getPrincipal().toText());
  });

  it('says which call was rejected', async () => {
    const { canisterId, actor } = await setupAgentFixture();
    const target = { canisterId: canisterId.toText() };
    await expect(actor.refuse('no')).rejects.toMatchObject({ ...target, method: 'refuse', message: 'no', code: 4 });
    await expect(actor.trapInQuery('no')).rejects.toMatchObject({ ...target, method: 'trapInQuery', errorCode: 'IC0503' });
    await expect(ic.update({ canisterId, method: 'gone', arg: new Uint8Array() })).rejects.toMatchObject({ ...target, method: 'gone' });
    await expect(ic.addCycles(Principal.fromText('mxzaz-hqaaa-aaaar-qaada-cai'), 1n)).rejects.toMatchObject({
      canisterId: 'aaaaa-aa',
      method: 'provisional_top_up_canister',
      errorCode: 'IC0301'
    });
  });

  it('of another network, or something else, is refused', async () => {
    const other = await createLocalIc();
    const { actor } = await setupAgentFixture();
    expect(() => other.as(actor, bob)).toThrow(/no actor of this network/);
    expect(() => ic.deferred({})).toThrow(/no actor of this network/);
    await other.close();
  });
});

describe('types of generated bindings', () => {
  interface _SERVICE {
    greet: ActorMethod<[string], string>;
    increment: ActorMethod<[], bigint>;
    certify: ActorMethod<[Uint8Array | number[]], undefined>;
  }

  it('pass through to actors and what is made of them', async () => {
    const wasm = await fixtureWasm('agent');
    const { actor } = await ic.setupCanister<_SERVICE>({ idlFactory: agentFixtureInterface, wasm });
    expectTypeOf(actor).toEqualTypeOf<_SERVICE>();
    expectTypeOf(ic.as(actor, ada)).toEqualTypeOf<_SERVICE>();
    const deferred = ic.deferred(actor);
    expectTypeOf(deferred.greet).toEqualTypeOf<(name: string) => PendingCall<string>>();
    const reporting = ic.reporting(actor);
    expectTypeOf(reporting.greet).toEqualTypeOf<(name: string) => Promise<Reported<string>>>();
    expectTypeOf(reporting.certify).parameter(0).toEqualTypeOf<Uint8Array | number[]>();
    // @ts-expect-error a number is no name
    await expect(actor.greet(5)).rejects.toThrow(/Invalid text argument/);
    expect(await deferred.greet('Ada').answer()).toBe('Hello, Ada!');
    expect((await reporting.increment()).value).toBe(1n);
  });
});

describe('a deferred call', () => {
  it('is made at once and answered later', async () => {
    const { actor } = await setupAgentFixture();
    const first = ic.deferred(actor).increment();
    const second = ic.deferred(actor).increment();
    expect([first.status, second.status]).toEqual(['processing', 'processing']);
    await ic.idle();
    expect([first.status, second.status]).toEqual(['replied', 'replied']);
    expect([await second.answer(), await first.answer()]).toEqual([2n, 1n]);
    expect(await first.answer()).toBe(1n);
  });

  it('keeps a reject until somebody asks', async () => {
    const { canisterId, actor } = await setupAgentFixture();
    const refused = ic.deferred(actor).refuse('no');
    await ic.idle();
    expect(refused.status).toBe('rejected');
    await expect(refused.answer()).rejects.toMatchObject({ message: 'no', method: 'refuse' });
    const raw = ic.submit({ canisterId, method: 'increment', arg: new Uint8Array(IDL.encode([], [])), sender: ada });
    expect(IDL.decode([IDL.Nat], await raw.answer())).toEqual([1n]);
    expect(raw.status).toBe('replied');
  });
});

describe('control of a canister', () => {
  it('reinstalls and upgrades', async () => {
    const wasm = await fixtureWasm('counter');
    const { canisterId, actor } = await ic.setupCanister<Counter>({ idlFactory: counter, wasm, arg: initArgument({ start: 1n }) });
    await actor.increment();
    const again = { canisterId, wasm, arg: initArgument({ start: 10n }) };
    await expect(ic.installCode(again)).rejects.toMatchObject({ errorCode: 'IC0514' });
    await ic.installCode({ ...again, mode: 'upgrade', keepMemory: true });
    expect(await actor.get()).toBe(2n);
    await ic.installCode({ ...again, mode: 'reinstall' });
    expect(await actor.get()).toBe(10n);
  });

  it('changes settings and reports them', async () => {
    const { canisterId } = await setupAgentFixture();
    const before = await ic.canisterStatus(canisterId);
    await ic.updateSettings(canisterId, { freezingThreshold: 1_000n, wasmMemoryLimit: 2n ** 30n });
    const after = await ic.canisterStatus(canisterId);
    expect(after.settings).toEqual({ ...before.settings, freezingThreshold: 1_000n, wasmMemoryLimit: 2n ** 30n });
    expect(after.moduleHash).toEqual(ic.engine.canister(canisterId)?.moduleHash);
    expect(after.memorySize).toBeGreaterThan(0n);
    await ic.updateSettings(canisterId, { controllers: [ada.getPrincipal()] });
    await expect(ic.updateSettings(canisterId, {})).rejects.toMatchObject({ errorCode: 'IC0512', method: 'update_settings' });
    expect((await ic.canisterStatus(canisterId, ada)).settings.controllers.map(String)).toEqual([ada.getPrincipal().toText()]);
  });

  it('reads logs', async () => {
    const wasm = await fixtureWasm('talker');
    const { canisterId, actor } = await ic.setupCanister<Talker>({
      idlFactory: talker,
      wasm,
      arg: initArgument({ callee: Principal.anonymous() })
    });
    await actor.say('one');
    await ic.advance(5n);
    await actor.say('two');
    expect(await ic.canisterLogs(canisterId)).toEqual([
      { index: 0n, timeNs: START_NS, text: 'one' },
      { index: 1n, timeNs: START_NS + 5n, text: 'two' }
    ]);
    await expect(ic.canisterLogs(canisterId, ada)).rejects.toMatchObject({ method: 'fetch_canister_logs' });
  });

  it('gives cycles', async () => {
    const canisterId = await ic.createCanister({ cycles: 3n });
    expect(ic.engine.cycles(canisterId).balance).toBe(3n);
    expect(await ic.addCycles(canisterId, 4n)).toBe(7n);
    expect((await ic.canisterStatus(canisterId)).cycles).toBe(7n);
  });

  it('uninstalls and deletes', async () => {
    const { canisterId, actor } = await setupAgentFixture();
    await ic.uninstallCode(canisterId);
    await expect(actor.get()).rejects.toMatchObject({ errorCode: 'IC0537' });
    await expect(ic.deleteCanister(canisterId)).rejects.toMatchObject({ errorCode: 'IC0510' });
    await ic.stopCanister(canisterId);
    await expect(ic.deleteCanister(canisterId, bob)).rejects.toMatchObject({ errorCode: 'IC0512' });
    await ic.deleteCanister(canisterId);
    expect(ic.engine.canister(canisterId)).toBeUndefined();
    expect(ic.engine.canister(canisterId)).toBeUndefined();
  });
});

describe('time', () => {
  it('goes to a moment, not back', async () => {
    await ic.advanceTo(START_NS + 5n);
    expect(ic.now()).toBe(START_NS + 5n);
    await expect(ic.advanceTo(START_NS)).rejects.toThrow(RangeError);
    expect(ic.now()).toBe(START_NS + 5n);
  });
});

describe('createIdentity', () => {
  it('gives the same person for a seed and a new one without', () => {
    expect(createIdentity('Ada').getPrincipal().toText()).toBe(ada.getPrincipal().toText());
    expect(ada.getPrincipal().toText()).not.toBe(bob.getPrincipal().toText());
    expect(createIdentity().getPrincipal().toText()).not.toBe(createIdentity().getPrincipal().toText());
  });
});
