import { beforeAll, describe, expect, it } from 'vitest';
import { callee, caller, counter, guarded, type Callee, type Caller, type Counter, type Guarded } from '../../test/support/interfaces.ts';
import { ADMIN, startNetwork, STRANGER, type TestNetwork } from '../../test/support/network.ts';

let network: TestNetwork;
beforeAll(async () => {
  network = await startNetwork();
});

describe('updates and queries', () => {
  it('keeps what an update changes and forgets what a query changes', async () => {
    const actor = network.actor<Counter>(counter, await network.install('counter', { start: 5n }));
    expect(await actor.increment()).toBe(6n);
    expect(await actor.incrementInQuery()).toBe(7n);
    expect(await actor.incrementInQuery()).toBe(7n);
    expect(await actor.get()).toBe(6n);
  });

  it('runs a query method as an update in replicated mode, without keeping its changes', async () => {
    const id = await network.install('counter', { start: 5n });
    const arg = new Uint8Array([0x44, 0x49, 0x44, 0x4c, 0, 0]);
    const result = await network.engine.update({ canisterId: id, method: 'incrementInQuery', arg, sender: ADMIN });
    expect(result.kind).toBe('reply');
    expect(await network.actor<Counter>(counter, id).get()).toBe(5n);
  });

  it('rolls memory, globals and size back when an update grew the heap and trapped', async () => {
    const id = await network.install('counter', { start: 1n });
    const actor = network.actor<Counter>(counter, id);
    await actor.grow(1_000n);
    const before = network.engine.memoryBytes(id);
    await expect(actor.growAndTrap(4_000_000n)).rejects.toMatchObject({ code: 5, errorCode: 'IC0503', message: /after growing/ });
    expect(network.engine.memoryBytes(id)).toBe(before);
    expect(await actor.get()).toBe(1n);
    expect(await actor.ballastSize()).toBe(1_000n);
    // The rolled-back instance is a working one: it can grow again.
    await actor.grow(2_000_000n);
    expect(await actor.ballastSize()).toBe(2_000_000n);
    expect(await actor.increment()).toBe(2n);
  });

  it('rejects what can not be delivered with the code of the IC', async () => {
    const id = await network.install('counter', { start: 0n });
    const call = { canisterId: id, method: 'nothing', arg: new Uint8Array(0), sender: ADMIN };
    expect(await network.engine.update(call)).toMatchObject({ code: 5, errorCode: 'IC0536' });
    expect(await network.engine.query(call)).toMatchObject({ code: 5, errorCode: 'IC0536' });
    expect(await network.engine.query({ ...call, method: 'increment' })).toMatchObject({ errorCode: 'IC0536' });
    const empty = await network.engine.createCanister({ controllers: [ADMIN] });
    expect(await network.engine.update({ ...call, canisterId: empty })).toMatchObject({ code: 5, errorCode: 'IC0537' });
    expect(await network.engine.update({ ...call, canisterId: STRANGER })).toMatchObject({ code: 3, errorCode: 'IC0301' });
    expect(await network.engine.query({ ...call, canisterId: STRANGER })).toMatchObject({ code: 3, errorCode: 'IC0301' });
  });

  it('traps on an argument that is no Candid, and stays usable', async () => {
    const id = await network.install('counter', { start: 3n });
    const result = await network.engine.update({ canisterId: id, method: 'grow', arg: new Uint8Array([1, 2, 3]), sender: ADMIN });
    expect(result).toMatchObject({ kind: 'reject', code: 5, errorCode: 'IC0503' });
    expect(await network.actor<Counter>(counter, id).increment()).toBe(4n);
  });

  it('asks inspect_message before an ingress message', async () => {
    const actor = network.actor<Guarded>(guarded, await network.install('counterGuarded', { start: 7n }));
    await expect(actor.refusedByInspect()).rejects.toMatchObject({ code: 4, errorCode: 'IC0406' });
    await actor.unguard();
    expect(await actor.get()).toBe(7n);
  });

  it('sets certified data, takes it back on a trap, and gives queries the certificate', async () => {
    const id = await network.install('counterGuarded', { start: 0n });
    const actor = network.actor<Guarded>(guarded, id);
    expect(await actor.certificate()).toEqual([]);
    await actor.certify(Uint8Array.of(1, 2, 3));
    await expect(actor.certifyAndTrap(Uint8Array.of(9))).rejects.toMatchObject({ errorCode: 'IC0503' });
    expect(network.engine.canister(id)?.certifiedData).toEqual(Uint8Array.of(1, 2, 3));
    await expect(actor.certify(new Uint8Array(33))).rejects.toMatchObject({ errorCode: 'IC0504' });
    network.engine.setCertifier((canisterId) => canisterId.toUint8Array());
    expect(await actor.certificate()).toEqual([id.toUint8Array()]);
  });
});

describe('performance counter', () => {
  it('never falls within a message', async () => {
    const actor = network.actor<Callee>(callee, await network.install('callee'));
    const [first, second] = await actor.performance();
    expect(second).toBeGreaterThan(first);
  });
});

describe('calls between canisters', () => {
  let calleeActor: Callee;
  let actor: Caller;
  beforeAll(async () => {
    const calleeId = await network.install('callee');
    calleeActor = network.actor<Callee>(callee, calleeId);
    actor = network.actor<Caller>(caller, await network.install('caller', { callee: calleeId }));
  });

  it('passes arguments and replies', async () => {
    expect(await actor.echo('over and back')).toBe('over and back');
    expect(await actor.callItself(12n)).toBe(12n);
  });

  it('delivers one-way calls', async () => {
    const before = await calleeActor.count();
    await actor.note();
    await network.engine.idle();
    expect(await calleeActor.count()).toBe(before + 1n);
  });

  it('tells the caller why a call failed', async () => {
    const failures = await actor.failures();
    expect(failures.trap[0]).toMatchObject({ code: 'canister_error', message: /^IC0503: .*callee trapped/s });
    expect(failures.reject[0]).toEqual({ code: 'canister_reject', message: 'callee refused' });
    expect(failures.method[0]).toMatchObject({ code: 'canister_error', message: /^IC0536: .*'missing'/ });
    expect(failures.canister[0]).toMatchObject({ code: 'destination_invalid', message: /^IC0301: / });
    expect(failures.management[0]).toMatchObject({ code: 'canister_error', message: /^IC0536: .*no_such_method/ });
  });

  it('keeps what happened before an await when the code after it traps, and runs cleanups', async () => {
    const before = await actor.state();
    await expect(actor.trapAfterAwait()).rejects.toMatchObject({ errorCode: 'IC0503', message: /after the await/ });
    expect(await actor.state()).toEqual({ marks: before.marks + 1n, cleanups: before.cleanups });
    await expect(actor.trapWithFinally()).rejects.toMatchObject({ errorCode: 'IC0503' });
    expect(await actor.state()).toEqual({ marks: before.marks + 2n, cleanups: before.cleanups + 1n });
  });

  it('moves the accepted cycles and returns the others', async () => {
    expect(await actor.sendCycles(1_000_000n, 400_000n)).toEqual({ refunded: 600_000n, spent: 400_000n });
    expect(await actor.sendCycles(1_000n, 5_000n)).toEqual({ refunded: 0n, spent: 1_000n });
    await expect(actor.sendCycles(10n ** 30n, 0n)).rejects.toMatchObject({ errorCode: 'IC0504', message: /out of cycles/ });
  });

  it('runs a query in replicated mode when a canister calls it', async () => {
    expect(await actor.queryIsReplicated()).toBe(true);
    expect(await calleeActor.isReplicated()).toBe(false);
  });

  it('gives the callee of a bounded call its deadline', async () => {
    const [deadline] = await actor.boundedDeadline();
    expect(deadline).toBe(network.engine.now() + 30_000_000_000n);
  });

  it('draws different random bytes each time', async () => {
    const first = await actor.random();
    const second = await actor.random();
    expect(first).toHaveLength(32);
    expect(second).not.toEqual(first);
  });
});
