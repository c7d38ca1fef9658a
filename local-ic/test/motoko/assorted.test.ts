import type { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { beforeEach, describe, expect, it } from 'vitest';
import { ADMIN, SECOND_NS, startNetwork, STRANGER, type TestNetwork } from '../support/network.ts';

interface Taken {
  available: bigint;
  accepted: bigint;
  left: bigint;
}

interface Assorted {
  claim(): Promise<void>;
  who(): Promise<Principal>;
  whoQuery(): Promise<Principal>;
  whoComposite(): Promise<[Principal, Principal]>;
  callerSeenByMyself(): Promise<[Principal, Principal]>;
  draw(): Promise<Uint8Array>;
  drawRange(from: bigint, to: bigint): Promise<bigint[]>;
  beat(on: boolean): Promise<void>;
  pulse(): Promise<bigint>;
  names(): Promise<[string, string]>;
  take(): Promise<Taken>;
  give(to: Principal, amount: bigint): Promise<{ answer: Taken; refunded: bigint; before: bigint; after: bigint }>;
  accepted(): Promise<bigint>;
  burn(amount: bigint): Promise<[bigint, bigint]>;
}

const assortedInterface: IDL.InterfaceFactory = ({ IDL }) => {
  const taken = IDL.Record({ available: IDL.Nat, accepted: IDL.Nat, left: IDL.Nat });
  return IDL.Service({
    claim: IDL.Func([], []),
    who: IDL.Func([], [IDL.Principal]),
    whoQuery: IDL.Func([], [IDL.Principal], ['query']),
    whoComposite: IDL.Func([], [IDL.Principal, IDL.Principal], ['composite_query']),
    callerSeenByMyself: IDL.Func([], [IDL.Principal, IDL.Principal]),
    draw: IDL.Func([], [IDL.Vec(IDL.Nat8)]),
    drawRange: IDL.Func([IDL.Nat, IDL.Nat], [IDL.Vec(IDL.Nat)]),
    beat: IDL.Func([IDL.Bool], []),
    pulse: IDL.Func([], [IDL.Nat], ['query']),
    names: IDL.Func([], [IDL.Text, IDL.Text], ['query']),
    take: IDL.Func([], [taken]),
    give: IDL.Func([IDL.Principal, IDL.Nat], [IDL.Record({ answer: taken, refunded: IDL.Nat, before: IDL.Nat, after: IDL.Nat })]),
    accepted: IDL.Func([], [IDL.Nat]),
    burn: IDL.Func([IDL.Nat], [IDL.Nat, IDL.Nat])
  });
};

describe('a Motoko actor', () => {
  let network: TestNetwork;
  let id: Principal;
  let actor: Assorted;
  let stranger: Assorted;
  beforeEach(async () => {
    network = await startNetwork();
    id = await network.install('assorted');
    actor = network.actor<Assorted>(assortedInterface, id);
    stranger = network.actor<Assorted>(assortedInterface, id, STRANGER);
  });

  const texts = (ids: Principal[]): string[] => ids.map((one) => one.toText());

  it('knows who calls: a person, or the canister that calls for them', async () => {
    expect((await actor.who()).toText()).toBe(ADMIN.toText());
    expect((await stranger.whoQuery()).toText()).toBe(STRANGER.toText());
    expect(texts(await stranger.callerSeenByMyself())).toEqual(texts([STRANGER, id]));
    expect(texts(await stranger.whoComposite())).toEqual(texts([STRANGER, id]));
  });

  it('lets in whom its inspect lets in, by caller, size and argument', async () => {
    expect(await stranger.accepted()).toBe(0n);
    await actor.claim();
    const refused = { code: 4, errorCode: 'IC0406' };
    await expect(stranger.who()).rejects.toMatchObject(refused);
    await expect(stranger.claim()).rejects.toMatchObject(refused);
    await expect(actor.burn(0n)).rejects.toMatchObject(refused);
    expect(await actor.burn(5n)).toEqual([5n, expect.any(BigInt)]);
    const long = new Uint8Array(1_000);
    long.set([0x44, 0x49, 0x44, 0x4c, 0, 0]);
    expect(await network.engine.update({ canisterId: id, method: 'who', arg: long, sender: ADMIN })).toMatchObject(refused);
    // Neither queries nor calls of canisters are inspected.
    expect((await stranger.whoQuery()).toText()).toBe(STRANGER.toText());
    expect(texts(await actor.callerSeenByMyself())).toEqual(texts([ADMIN, id]));
  });

  it('draws randomness: other bytes each time, and the same in a network of the same seed', async () => {
    const [first, second] = [await actor.draw(), await actor.draw()];
    expect(first).toHaveLength(32);
    expect(first).not.toEqual(second);
    const numbers = await actor.drawRange(10n, 20n);
    expect(numbers.every((number) => number >= 10n && number < 20n)).toBe(true);
    const again = await startNetwork();
    const twin = again.actor<Assorted>(assortedInterface, await again.install('assorted'));
    expect([await twin.draw(), await twin.draw(), await twin.drawRange(10n, 20n)]).toEqual([first, second, numbers]);
  });

  it('beats while time passes, and not in a stopped canister', async () => {
    await network.engine.advance(3n * SECOND_NS);
    expect(await actor.pulse()).toBe(0n);
    await actor.beat(true);
    await network.engine.advance(5n * SECOND_NS);
    const beats = await actor.pulse();
    expect(beats).toBeGreaterThanOrEqual(5n);
    await network.engine.stopCanister(id, ADMIN);
    await network.engine.advance(5n * SECOND_NS);
    await network.engine.startCanister(id, ADMIN);
    await actor.beat(false);
    expect(await actor.pulse()).toBeLessThanOrEqual(beats + 2n);
  });

  it('takes a part of the cycles that come with a call; the rest goes back', async () => {
    const other = await network.install('assorted');
    const { answer, refunded, before, after } = await actor.give(other, 8_000_000n);
    expect(answer).toEqual({ available: 8_000_000n, accepted: 4_000_000n, left: 4_000_000n });
    expect(refunded).toBe(4_000_000n);
    // At least what the other one kept; running it may have cost some on top.
    expect(before - after).toBeGreaterThanOrEqual(4_000_000n);
    expect(await actor.give(id, 4n)).toMatchObject({ answer: { available: 4n, accepted: 2n, left: 2n }, refunded: 2n });
    expect(await actor.give(other, 0n)).toMatchObject({ answer: { available: 0n, accepted: 0n, left: 0n }, refunded: 0n });
  });

  it('gets no cycles from a person, and burns its own', async () => {
    expect(await stranger.accepted()).toBe(0n);
    const [burned, less] = await actor.burn(1_000n);
    expect(burned).toBe(1_000n);
    expect(less).toBeGreaterThanOrEqual(1_000n);
  });

  it('begins its transient variables anew and keeps the others', async () => {
    await actor.claim();
    await network.upgrade(id, 'assorted');
    expect(await actor.names()).toEqual(['kept', 'transient']);
    await expect(stranger.who()).rejects.toMatchObject({ errorCode: 'IC0406' });
  });
});
