import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { beforeEach, describe, expect, it } from 'vitest';
import { callee, caller, type Callee, type Caller } from '../../test/support/interfaces.ts';
import { ADMIN, SECOND_NS, startNetwork, STRANGER, type TestNetwork } from '../../test/support/network.ts';

let network: TestNetwork;
let callerId: Principal;
let calleeActor: Callee;
let actor: Caller;
beforeEach(async () => {
  network = await startNetwork();
  const calleeId = await network.install('callee');
  callerId = await network.install('caller', { callee: calleeId });
  calleeActor = network.actor<Callee>(callee, calleeId);
  actor = network.actor<Caller>(caller, callerId);
});

/** Lets the network work for a moment while a call stays open. */
const moment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30));

describe('stopping a canister', () => {
  it('lets open calls end first, and takes no new ones', async () => {
    const open = actor.waitForRelease();
    await moment();
    const stopped = network.engine.stopCanister(callerId, ADMIN);
    await expect(actor.echo('too late')).rejects.toMatchObject({ code: 5, errorCode: 'IC0509' });
    expect(network.engine.canister(callerId)?.status).toBe('stopping');
    await calleeActor.release();
    expect(await open).toBeGreaterThan(0n);
    await stopped;
    expect(network.engine.canister(callerId)?.status).toBe('stopped');
    await expect(actor.echo('closed')).rejects.toMatchObject({ code: 5, errorCode: 'IC0508' });
    await expect(actor.state()).rejects.toMatchObject({ code: 5, errorCode: 'IC0508' });
    await network.engine.startCanister(callerId, ADMIN);
    expect(await actor.echo('open again')).toBe('open again');
  });

  it('is cancelled by a start', async () => {
    const open = actor.waitForRelease();
    await moment();
    const stopped = network.engine.stopCanister(callerId, ADMIN);
    const cancelled = expect(stopped).rejects.toMatchObject({ errorCode: 'IC0511' });
    await network.engine.startCanister(callerId, ADMIN);
    await cancelled;
    await calleeActor.release();
    await open;
    expect(network.engine.canister(callerId)?.status).toBe('running');
  });

  it('times out when a canister waits for itself to stop', async () => {
    // Its own controller it must be, to be allowed to stop itself.
    await setControllers(callerId, [ADMIN, callerId]);
    const waiting = actor.stopItself();
    await network.engine.idle();
    expect(network.engine.canister(callerId)?.status).toBe('stopping');
    await network.engine.advance(300n * SECOND_NS);
    const [failure] = await waiting;
    expect(failure).toMatchObject({ code: 'system_transient', message: /^IC0206: / });
    expect(network.engine.canister(callerId)?.status).toBe('stopped');
  });

  it('is for controllers only', async () => {
    await expect(network.engine.stopCanister(callerId, STRANGER)).rejects.toMatchObject({ errorCode: 'IC0512' });
  });
});

describe('closing the network', () => {
  it('does not wait for calls without end, and takes no calls any more', async () => {
    void actor.waitForRelease();
    await moment();
    await network.engine.close();
    await expect(actor.echo('')).rejects.toThrow(/closed/);
    await expect(actor.state()).rejects.toThrow(/closed/);
    await network.engine.close();
  });
});

describe('a bounded-wait call', () => {
  it('ends as unknown at its deadline, and the late answer is dropped', async () => {
    const real = await startNetwork({ clock: 'system' });
    const calleeId = await real.install('callee');
    const waiting = real.actor<Caller>(caller, await real.install('caller', { callee: calleeId }));
    const [failure] = await waiting.boundedWait(1);
    expect(failure).toMatchObject({ code: 'system_unknown', message: /^IC0601: / });
    await real.actor<Callee>(callee, calleeId).release();
    await real.engine.idle();
    expect(await waiting.echo('still well')).toBe('still well');
  });
});

async function setControllers(id: Principal, controllers: Principal[]): Promise<void> {
  const settings = IDL.Record({ controllers: IDL.Opt(IDL.Vec(IDL.Principal)) });
  const arg = IDL.encode(
    [IDL.Record({ canister_id: IDL.Principal, settings })],
    [{ canister_id: id, settings: { controllers: [controllers] } }]
  );
  const result = await network.engine.update({
    canisterId: Principal.managementCanister(),
    method: 'update_settings',
    arg: new Uint8Array(arg),
    sender: ADMIN
  });
  expect(result.kind).toBe('reply');
}
