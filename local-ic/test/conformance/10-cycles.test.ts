import { beforeEach, describe, expect, it } from 'vitest';
import { ADMIN } from '../support/network.ts';
import { Address } from '../universal/layout.ts';
import { program, type OutgoingCall, type Program } from '../universal/Program.ts';
import {
  numberOf,
  numbersOf,
  rejectOf,
  startUniversalNetwork,
  UniversalCanister,
  type UniversalNetwork
} from '../universal/universalNetwork.ts';
import { amount, api, argument, bytes, load64, u128 } from '../universal/values.ts';
import { canisterArgument, MANAGEMENT, statusOf } from './management.ts';

const TRILLION = 1_000_000_000_000n;
/** What messages may cost at most in these tests, beside the amounts they move. */
const FEES = TRILLION / 2n;
const CONTRACT = { code: 5, errorCode: 'IC0504' };

describe.each(['free', 'charged'] as const)('Cycles, %s', (cycles) => {
  let network: UniversalNetwork;
  let payer: UniversalCanister;
  let taker: UniversalCanister;
  beforeEach(async () => {
    network = await startUniversalNetwork({ cycles });
    payer = await network.universal();
    taker = await network.universal();
  });

  const balanceOf = async (canister: UniversalCanister): Promise<bigint> => (await statusOf(network, canister.id)).cycles;
  const balance = amount('canister_cycle_balance128');
  const available = amount('msg_cycles_available128');
  const refunded = amount('msg_cycles_refunded128');
  const accept = (most: bigint) => amount('msg_cycles_accept128', 0, most);
  /** Calls the taker with cycles, and replies with the refund. */
  const pay = (cycles: bigint, arg: Program, more: Partial<OutgoingCall> = {}): Program => {
    const reply = program().reply(refunded);
    return program().callTo({ callee: taker.bytes, arg, cycles, onReply: reply, onReject: reply, ...more });
  };
  const roughly = (actual: bigint, expected: bigint): void => {
    expect(actual).toBeLessThanOrEqual(expected);
    expect(actual).toBeGreaterThan(expected - FEES);
  };

  it('go with a call, and what is accepted is the callee’s', async () => {
    const [before, takerBefore] = [await balanceOf(payer), await balanceOf(taker)];
    expect(
      numberOf(
        await payer.update(
          pay(
            5n * TRILLION,
            program()
              .evaluate(accept(3n * TRILLION))
              .reply()
          )
        )
      )
    ).toBe(2n * TRILLION);
    roughly(await balanceOf(payer), before - 3n * TRILLION);
    roughly(await balanceOf(taker), takerBefore + 3n * TRILLION);
  });

  it('come back when the callee takes none', async () => {
    expect(numberOf(await payer.update(pay(7n, program().reply())))).toBe(7n);
  });

  it.each([
    [
      'rejects',
      program()
        .evaluate(amount('msg_cycles_accept128', 0, 3))
        .reject('no'),
      4n
    ],
    [
      'traps',
      program()
        .evaluate(amount('msg_cycles_accept128', 0, 3))
        .trap(),
      7n
    ],
    ['does not answer', program().evaluate(amount('msg_cycles_accept128', 0, 3)), 4n]
  ])('come back, but for what was accepted, when the callee %s', async (_, callee, refund) => {
    expect(numberOf(await payer.update(pay(7n, callee)))).toBe(refund);
  });

  it('come back when the method or the canister is missing', async () => {
    expect(numberOf(await payer.update(pay(7n, program(), { method: 'none' })))).toBe(7n);
    expect(numberOf(await payer.update(pay(7n, program(), { callee: Uint8Array.of(0, 0, 0, 0, 0, 0, 9, 9, 1, 1) })))).toBe(7n);
  });

  it('come back when the callee is stopped', async () => {
    await network.engine.stopCanister(taker.id, ADMIN);
    expect(numberOf(await payer.update(pay(7n, program())))).toBe(7n);
  });

  it('msg_cycles_available is what came with the call, less what was accepted', async () => {
    const callee = program().append(available).evaluate(accept(40n)).reply(available);
    const calling = program().callTo({ callee: taker.bytes, arg: callee, cycles: 100n, onReply: program().reply(argument) });
    expect(numbersOf(await payer.update(calling))).toEqual([100n, 60n]);
  });

  it('msg_cycles_available is 0 in messages from outside', async () => {
    expect(numberOf(await payer.update(program().reply(available)))).toBe(0n);
    expect(numberOf(await payer.update(program().reply(accept(5n))))).toBe(0n);
  });

  it('msg_cycles_accept takes no more than there is, as often as one likes', async () => {
    const callee = program().append(accept(60n)).append(accept(60n)).reply(accept(60n));
    const calling = program().callTo({ callee: taker.bytes, arg: callee, cycles: 100n, onReply: program().reply(argument) });
    expect(numbersOf(await payer.update(calling))).toEqual([60n, 40n, 0n]);
  });

  it('the functions of 64 bits do the same', async () => {
    const callee = program().append(api('msg_cycles_available')).append(api('msg_cycles_accept', 60)).reply(api('msg_cycles_available'));
    const calling = program()
      .callNew({ callee: taker.bytes, arg: callee, onReply: program().append(api('msg_cycles_refunded')).reply(argument) })
      .call('call_cycles_add', 70)
      .call('call_cycles_add', 30)
      .call('call_perform');
    expect(numbersOf(await payer.update(calling))).toEqual([40n, 100n, 60n, 40n]);
  });

  it('are gone with the response: none is available, none can be accepted', async () => {
    const callee = program()
      .reply()
      .store64(Address.heap, available)
      .store64(Address.heap + 8, accept(5n));
    expect(numberOf(await payer.update(pay(7n, callee)))).toBe(7n);
    expect(
      numbersOf(
        await taker.query(
          program()
            .append(load64(Address.heap))
            .reply(load64(Address.heap + 8))
        )
      )
    ).toEqual([0n, 0n]);
  });

  it('can be accepted in a callback, before the response', async () => {
    const callee = program().callTo({ callee: taker.bytes, arg: program().reply(), onReply: program().evaluate(accept(4n)).reply() });
    expect(numberOf(await payer.update(pay(7n, callee)))).toBe(3n);
  });

  it('acceptance is undone when the callback traps, and not what was accepted before', async () => {
    const callee = program()
      .evaluate(accept(2n))
      .callTo({ callee: taker.bytes, arg: program().reply(), onReply: program().evaluate(accept(4n)).trap() });
    expect(numberOf(await payer.update(pay(7n, callee)))).toBe(5n);
  });

  it('are taken off the balance when they are attached', async () => {
    const run = program()
      .append(balance)
      .callNew({ callee: taker.bytes, cycles: 9n * TRILLION })
      .reply(balance);
    const [before, after] = numbersOf(await payer.update(run));
    expect((before ?? 0n) - (after ?? 0n)).toBeGreaterThanOrEqual(9n * TRILLION);
    expect((before ?? 0n) - (after ?? 0n)).toBeLessThan(9n * TRILLION + FEES);
  });

  it('come back when call_new drops the call under construction', async () => {
    const run = program()
      .append(balance)
      .callNew({ callee: taker.bytes, cycles: 9n * TRILLION })
      .callNew({ callee: taker.bytes })
      .reply(balance);
    const [before, after] = numbersOf(await payer.update(run));
    roughly(after ?? 0n, before ?? 0n);
  });

  it('come back when the execution ends without call_perform', async () => {
    const before = await balanceOf(payer);
    await payer.update(
      program()
        .callNew({ callee: taker.bytes, cycles: 9n * TRILLION })
        .reply()
    );
    roughly(await balanceOf(payer), before);
  });

  it('come back when the execution traps', async () => {
    const before = await balanceOf(payer);
    await payer.update(
      program()
        .callTo({ callee: taker.bytes, cycles: 9n * TRILLION })
        .trap()
    );
    roughly(await balanceOf(payer), before);
  });

  it('can’t be attached when there are not so many', async () => {
    const tooMany = (await balanceOf(payer)) + 1n;
    expect(rejectOf(await payer.update(program().callNew({ callee: taker.bytes, cycles: tooMany }).reply()))).toMatchObject({ code: 5 });
    expect(
      rejectOf(
        await payer.update(
          program()
            .callNew({ callee: taker.bytes, cycles: 2n ** 127n })
            .reply()
        )
      )
    ).toMatchObject({ code: 5 });
  });

  it('can be attached in parts', async () => {
    const run = program()
      .callNew({ callee: taker.bytes, arg: program().reply(), onReply: program().reply(refunded), cycles: 5n })
      .call('call_cycles_add128', 0, 6)
      .call('call_cycles_add', 7)
      .call('call_perform');
    expect(numberOf(await payer.update(run))).toBe(18n);
  });

  it('a canister can pay itself', async () => {
    const before = await balanceOf(payer);
    const all = program().reply(accept(TRILLION));
    const reply = program().reply(refunded);
    expect(numberOf(await payer.update(program().callTo({ callee: payer.bytes, arg: all, cycles: TRILLION, onReply: reply })))).toBe(0n);
    roughly(await balanceOf(payer), before);
  });

  it('cycles_burn128 burns so many, and no more than there are', async () => {
    const before = await balanceOf(payer);
    expect(numberOf(await payer.update(program().reply(amount('cycles_burn128', 0, TRILLION))))).toBe(TRILLION);
    roughly(await balanceOf(payer), before - TRILLION);
    const burned = numberOf(await payer.update(program().reply(amount('cycles_burn128', 1, 0))));
    expect(burned).toBeLessThanOrEqual(before - TRILLION);
    expect(burned).toBeGreaterThan(0n);
  });

  it('burning is undone by a trap', async () => {
    const before = await balanceOf(payer);
    await payer.update(program().call('cycles_burn128', 0, TRILLION, Address.amount).trap());
    roughly(await balanceOf(payer), before);
  });

  it('the balance of 64 bits is that of 128 bits', async () => {
    const [small, large] = numbersOf(await payer.query(program().append(api('canister_cycle_balance')).reply(balance)));
    expect(small).toBe(large);
    roughly(await balanceOf(payer), small ?? 0n);
  });

  describe('more than 64 bits', () => {
    const MANY = 5n * 2n ** 64n;
    let rich: UniversalCanister;
    beforeEach(async () => {
      rich = new UniversalCanister(network, await network.engine.createCanister({ controllers: [ADMIN], cycles: MANY }));
      await rich.install('install');
    });

    it('the function of 64 bits traps, the one of 128 bits tells the balance', async () => {
      expect(rejectOf(await rich.query(program().reply(api('canister_cycle_balance'))))).toMatchObject({ code: 5 });
      const [low, high] = numbersOf(await rich.query(program().reply(u128('canister_cycle_balance128'))));
      roughly(await balanceOf(rich), (high ?? 0n) * 2n ** 64n + (low ?? 0n));
    });

    it('can be sent, offered, accepted and refunded', async () => {
      const sent = 2n * 2n ** 64n + 77n;
      const callee = program()
        .append(u128('msg_cycles_available128'))
        .append(u128('msg_cycles_accept128', 1, 7))
        .reply(u128('msg_cycles_available128'));
      const onReply = program().append(u128('msg_cycles_refunded128')).reply(argument);
      const result = numbersOf(await rich.update(program().callTo({ callee: taker.bytes, arg: callee, cycles: sent, onReply })));
      expect(result).toEqual([70n, 1n, 77n, 2n, 7n, 1n, 70n, 1n]);
    });

    it('trap in the functions of 64 bits', async () => {
      const inCallee = program().reply(api('msg_cycles_available'));
      const calling = program().forward({ callee: taker.bytes, arg: inCallee, cycles: 2n * 2n ** 64n });
      const reply = numberOf(await rich.update(calling));
      expect(reply).toBe(5n);
      const refund = program().callTo({
        callee: taker.bytes,
        arg: program().reply(),
        cycles: 2n * 2n ** 64n,
        onReply: program().reply(api('msg_cycles_refunded'))
      });
      expect(rejectOf(await rich.update(refund))).toMatchObject({ code: 5 });
    });
  });

  it('deposit_cycles gives them to any canister', async () => {
    const before = await balanceOf(taker);
    const calling = program().callTo({
      callee: MANAGEMENT.toUint8Array(),
      method: 'deposit_cycles',
      arg: bytes(canisterArgument(taker.id)),
      cycles: 4n * TRILLION,
      onReply: program().reply(refunded)
    });
    expect(numberOf(await payer.update(calling))).toBe(0n);
    roughly(await balanceOf(taker), before + 4n * TRILLION);
  });

  it('deposit_cycles can’t be called from outside', async () => {
    const call = { canisterId: MANAGEMENT, method: 'deposit_cycles', arg: canisterArgument(taker.id), sender: ADMIN };
    expect((await network.engine.update(call)).kind).toBe('reject');
  });

  it('msg_cycles_refunded counts only what came back with this response', async () => {
    const first = program().store64(Address.heap, refunded);
    const calling = program()
      .callTo({ callee: taker.bytes, arg: program().reply(), cycles: 11n, onReply: first })
      .callTo({
        callee: taker.bytes,
        arg: program().reply(),
        cycles: 22n,
        onReply: program().append(load64(Address.heap)).reply(refunded)
      });
    expect(numbersOf(await payer.update(calling))).toEqual([11n, 22n]);
  });

  it('a query method in replicated mode can take them, and keeps none', async () => {
    const callee = program().append(available).reply(accept(3n));
    const result = await payer.update(pay(7n, callee, { method: 'query' }));
    expect([7n, 4n]).toContain(numberOf(result));
  });

  it('calls of a composite query can’t carry any', async () => {
    const calling = program().callNew({ callee: taker.bytes, method: 'query' }).call('call_cycles_add128', 0, 1).reply();
    expect(rejectOf(await payer.composite(calling))).toMatchObject(CONTRACT);
  });
});
