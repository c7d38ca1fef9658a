import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { beforeEach, describe, expect, it } from 'vitest';
import { ADMIN, startNetwork, type TestNetwork } from '../support/network.ts';

type Outcome = { received: bigint } | { failed: { code: string; message: string } };

interface Publisher {
  publish(topic: string, value: bigint): Promise<Outcome[]>;
  announce(topic: string, value: bigint): Promise<void>;
  count(): Promise<{ published: bigint; subscriptions: bigint }>;
}

interface Subscriber {
  follow(publisher: Principal, topic: string): Promise<void>;
  log(): Promise<[string, bigint, Principal][]>;
}

const publisherInterface: IDL.InterfaceFactory = ({ IDL }) => {
  const failed = IDL.Record({ code: IDL.Text, message: IDL.Text });
  return IDL.Service({
    publish: IDL.Func([IDL.Text, IDL.Nat], [IDL.Vec(IDL.Variant({ received: IDL.Nat, failed }))]),
    announce: IDL.Func([IDL.Text, IDL.Nat], []),
    count: IDL.Func([], [IDL.Record({ published: IDL.Nat, subscriptions: IDL.Nat })], ['query'])
  });
};

const subscriberInterface: IDL.InterfaceFactory = ({ IDL }) => {
  const subscription = IDL.Record({
    topic: IDL.Text,
    deliver: IDL.Func([IDL.Text, IDL.Nat], [IDL.Nat]),
    notify: IDL.Func([IDL.Text, IDL.Nat], [], ['oneway'])
  });
  return IDL.Service({
    follow: IDL.Func([IDL.Service({ subscribe: IDL.Func([subscription], []) }), IDL.Text], []),
    log: IDL.Func([], [IDL.Vec(IDL.Tuple(IDL.Text, IDL.Nat, IDL.Principal))], ['query'])
  });
};

describe('a publisher that calls functions its subscribers gave it', () => {
  let network: TestNetwork;
  let publisherId: Principal;
  let publisher: Publisher;
  let ids: Principal[];
  let subscribers: Subscriber[];

  beforeEach(async () => {
    network = await startNetwork();
    publisherId = await network.install('publisher');
    publisher = network.actor<Publisher>(publisherInterface, publisherId);
    ids = [await network.install('subscriber'), await network.install('subscriber'), await network.install('subscriber')];
    subscribers = ids.map((id) => network.actor<Subscriber>(subscriberInterface, id));
    for (const subscriber of subscribers) await subscriber.follow(publisherId, 'news');
  });

  const values = async (subscriber: Subscriber | undefined): Promise<bigint[]> =>
    ((await subscriber?.log()) ?? []).map(([, value]) => value);
  const manage = async (method: string, canister: Principal): Promise<void> => {
    const arg = new Uint8Array(IDL.encode([IDL.Record({ canister_id: IDL.Principal })], [{ canister_id: canister }]));
    const result = await network.engine.update({ canisterId: Principal.managementCanister(), method, arg, sender: ADMIN });
    expect(result.kind).toBe('reply');
  };
  const idOf = (index: number): Principal => ids[index] ?? ADMIN;

  it('reaches each of them, as itself, and gets their answers in order', async () => {
    await subscribers[1]?.follow(publisherId, 'weather');
    expect(await publisher.publish('news', 1n)).toEqual([{ received: 0n }, { received: 0n }, { received: 0n }]);
    expect(await publisher.publish('weather', 2n)).toEqual([{ received: 1n }]);
    expect(await publisher.publish('nothing', 3n)).toEqual([]);
    expect(await Promise.all(subscribers.map(values))).toEqual([[1n], [1n, 2n], [1n]]);
    expect((await subscribers[0]?.log())?.[0]?.[2].toText()).toBe(publisherId.toText());
    expect(await publisher.count()).toEqual({ published: 3n, subscriptions: 4n });
  });

  it('hears from one that traps, whose message is undone, and reaches the others', async () => {
    const outcomes = await publisher.publish('news', 13n);
    expect(outcomes).toHaveLength(3);
    for (const outcome of outcomes) {
      expect(outcome).toEqual({ failed: { code: 'canister_error', message: expect.stringMatching(/^IC0503: .*thirteen/s) as string } });
    }
    expect(await Promise.all(subscribers.map(values))).toEqual([[], [], []]);
    expect(await publisher.publish('news', 14n)).toEqual(
      subscribers.map(() => ({ failed: { code: 'canister_reject', message: 'fourteen' } }))
    );
    // A reject is an answer: what came before it stays.
    expect(await Promise.all(subscribers.map(values))).toEqual([[14n], [14n], [14n]]);
  });

  it('hears that one is stopped, empty or deleted, and reaches the others', async () => {
    await network.engine.stopCanister(idOf(1), ADMIN);
    expect(await publisher.publish('news', 1n)).toEqual([
      { received: 0n },
      { failed: { code: 'canister_error', message: expect.stringMatching(/^IC0508: .*is stopped/) as string } },
      { received: 0n }
    ]);
    await network.engine.startCanister(idOf(1), ADMIN);
    expect(await publisher.publish('news', 2n)).toEqual([{ received: 1n }, { received: 0n }, { received: 1n }]);
    await manage('uninstall_code', idOf(0));
    await network.engine.stopCanister(idOf(1), ADMIN);
    await manage('delete_canister', idOf(1));
    expect(await publisher.publish('news', 3n)).toEqual([
      { failed: { code: 'canister_error', message: expect.stringMatching(/^IC0537: .*no Wasm module/) as string } },
      { failed: { code: 'destination_invalid', message: expect.stringMatching(/^IC0301: .*not found/) as string } },
      { received: 2n }
    ]);
  });

  it('announces without waiting: who traps loses the announcement, nobody hears of it', async () => {
    await network.engine.stopCanister(idOf(2), ADMIN);
    await publisher.announce('news', 1n);
    await publisher.announce('news', 13n);
    await network.engine.idle();
    await network.engine.startCanister(idOf(2), ADMIN);
    await publisher.announce('news', 2n);
    await network.engine.idle();
    expect(await Promise.all(subscribers.map(values))).toEqual([[1n, 2n], [1n, 2n], [2n]]);
    expect(await publisher.count()).toEqual({ published: 3n, subscriptions: 3n });
  });

  it('keeps the functions it was given over an upgrade', async () => {
    await network.upgrade(publisherId, 'publisher');
    expect(await publisher.publish('news', 5n)).toEqual([{ received: 0n }, { received: 0n }, { received: 0n }]);
  });
});
