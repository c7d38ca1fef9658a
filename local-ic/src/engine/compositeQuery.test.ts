import { beforeAll, describe, expect, it } from 'vitest';
import { composite, counter, type Composite, type Counter } from '../../test/support/interfaces.ts';
import { ADMIN, startNetwork, type TestNetwork } from '../../test/support/network.ts';

describe('composite queries', () => {
  let network: TestNetwork;
  let actor: Composite;
  let counterActor: Counter;
  beforeAll(async () => {
    network = await startNetwork();
    const counterId = await network.install('counter', { start: 5n });
    counterActor = network.actor<Counter>(counter, counterId);
    const id = await network.install('composite', { counter: counterId });
    actor = network.actor<Composite>(composite, id);
  });

  it('keep their state over awaits and change nothing', async () => {
    // 2 visits; the counter answers 6 from a query whose change is gone in the next one.
    expect(await actor.sum()).toBe(2_006_005n);
    expect(await actor.sum()).toBe(2_006_005n);
    expect(await actor.get()).toBe(0n);
    expect(await counterActor.get()).toBe(5n);
  });

  it('do not see each other on the same canister', async () => {
    await actor.visit();
    // The outer one has 1 + 7; the inner one began with the committed 1, and a plain query inside it sees 1 too.
    expect(await actor.nested()).toEqual([8n, 2_001n]);
    expect(await actor.get()).toBe(1n);
  });

  it('stop at the depth the IC allows', async () => {
    await expect(actor.endless()).rejects.toMatchObject({ message: /too deep/ });
  });

  it('receive rejects', async () => {
    expect(await actor.caught()).toBe('caught');
  });

  it('can not be called as updates', async () => {
    const [id] = network.engine
      .canisters()
      .slice(-1)
      .map(({ id }) => id);
    if (id === undefined) throw new Error('no canister');
    const result = await network.engine.update({ canisterId: id, method: 'sum', arg: new Uint8Array(0), sender: ADMIN });
    expect(result).toMatchObject({ kind: 'reject', errorCode: 'IC0527' });
  });
});
