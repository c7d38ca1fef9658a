import type { Principal } from '@dfinity/principal';
import { beforeEach, describe, expect, it } from 'vitest';
import { ADMIN, SECOND_NS } from '../../../test/support/network.ts';
import { forwarded, read128, readU64, u64 } from '../../../test/support/relay.ts';
import { slowCall, startRelays, type RelayNetwork } from '../../../test/support/relays.ts';

const FULL = 100_000_000_000_000n;

let network: RelayNetwork;
let caller: Principal;
let callee: Principal;
beforeEach(async () => {
  network = await startRelays();
  caller = await network.relay();
  callee = await network.relay();
});

/** By how much the balances differ from what they were at first. */
const moved = (): bigint[] => [caller, callee].map((id) => network.engine.cycles(id).balance - FULL);

describe('attached cycles', () => {
  it('stay with the callee as far as it accepts them, and the others come back', async () => {
    const result = await network.forward(caller, { callee, method: 'take', arg: u64(300n), cycles: 1_000n });
    expect(result).toMatchObject({ refunded: 700n, rejectCode: 0 });
    expect(moved()).toEqual([-300n, 300n]);
  });

  it('are accepted no further than they go', async () => {
    expect(await network.forward(caller, { callee, method: 'take', arg: u64(2n ** 60n), cycles: 1_000n })).toMatchObject({ refunded: 0n });
    expect(moved()).toEqual([-1_000n, 1_000n]);
  });

  it('come back from a callee that traps, whatever it had accepted', async () => {
    const result = await network.forward(caller, { callee, method: 'take_and_trap', arg: u64(300n), cycles: 1_000n });
    expect(result).toMatchObject({ refunded: 1_000n, rejectCode: 5 });
    expect(moved()).toEqual([0n, 0n]);
  });

  it('come back from a callee that rejects, less what it has accepted', async () => {
    const result = await network.forward(caller, { callee, method: 'take_and_reject', arg: u64(300n), cycles: 1_000n });
    expect(result).toMatchObject({ refunded: 700n, rejectCode: 4 });
    expect(moved()).toEqual([-300n, 300n]);
  });

  it('come back when there is nobody or no such method', async () => {
    expect(await network.forward(caller, { callee, method: 'missing', cycles: 1_000n })).toMatchObject({ refunded: 1_000n, rejectCode: 5 });
    expect(await network.forward(caller, { callee: ADMIN, method: 'take', cycles: 1_000n })).toMatchObject({
      refunded: 1_000n,
      rejectCode: 3
    });
    expect(moved()).toEqual([0n, 0n]);
  });

  it('come back although the callback that learns of it traps, and what it accepted itself goes back too', async () => {
    const arg = forwarded({
      callee,
      method: 'forward_and_trap',
      arg: forwarded({ callee: caller, method: 'take', arg: u64(5n), cycles: 50n })
    });
    // The callee attaches 50 of its own, of which the caller takes 5; its callback takes all that came with the call, and traps.
    expect(await network.update(caller, 'forward', arg)).toMatchObject({ kind: 'reply' });
    expect(moved()).toEqual([5n, -5n]);
  });

  it('go back to the balance when the call is never performed', async () => {
    const left = readU64(await network.reply(caller, 'attach_and_leave', forwarded({ callee, method: 'take', cycles: 1_000n })));
    expect(left).toBe(FULL - 1_000n);
    expect(moved()).toEqual([0n, 0n]);
  });

  it('are gone from the call once it has been answered', async () => {
    const result = await network.forward(caller, { callee, method: 'reply_and_take', arg: u64(300n), cycles: 1_000n });
    expect(result).toMatchObject({ refunded: 1_000n });
    expect(moved()).toEqual([0n, 0n]);
  });

  it('stay with a query that accepted them, although all else it did is forgotten', async () => {
    const result = await network.forward(caller, { callee, method: 'take_in_query', arg: u64(300n), cycles: 1_000n });
    expect(result).toMatchObject({ refunded: 700n, rejectCode: 0 });
    expect(moved()).toEqual([-300n, 300n]);
  });

  it('come back when the callee is uninstalled meanwhile', async () => {
    const waiting = network.forward(caller, { ...slowCall(callee), cycles: 1_000n });
    await network.engine.advance(SECOND_NS);
    expect(moved()).toEqual([-1_000n, 0n]);
    await network.uninstall(callee);
    expect(await waiting).toMatchObject({ refunded: 1_000n, rejectCode: 4 });
    expect(moved()).toEqual([0n, 0n]);
  });
});

describe('a canister', () => {
  it('burns what it is told to, and no more than it has', async () => {
    expect(read128(await network.reply(caller, 'burn', u64(1_000n)))).toBe(1_000n);
    expect(network.engine.cycles(caller)).toEqual({ balance: FULL - 1_000n, consumed: 1_000n });
    expect(read128(await network.reply(caller, 'burn', u64(2n ** 63n)))).toBe(FULL - 1_000n);
    expect(network.engine.cycles(caller)).toEqual({ balance: 0n, consumed: FULL });
  });

  it('can not read a balance that needs more than 64 bits with the function for those', async () => {
    await network.topUp(caller, 2n ** 64n - 1n - FULL);
    expect(readU64(await network.reply(caller, 'balance64'))).toBe(2n ** 64n - 1n);
    await network.topUp(caller, 1n);
    expect(await network.update(caller, 'balance64')).toMatchObject({
      code: 5,
      errorCode: 'IC0502',
      message: expect.stringMatching(/cycles amount exceeds 64-bit/) as string
    });
    expect(read128(await network.reply(caller, 'costs'))).toBe(2n ** 64n);
  });

  it('pays nothing where nothing is charged, and is told so', async () => {
    const costs = await network.reply(caller, 'costs');
    expect([0, 16, 32, 48, 64].map((offset) => read128(costs, offset))).toEqual([FULL, FULL, 0n, 0n, 0n]);
    await network.forward(caller, { callee, method: 'take', arg: u64(0n) });
    await network.configure(caller, 'freezing_threshold', 10n ** 15n);
    await network.engine.advance(10n ** 9n * SECOND_NS);
    expect((await network.update(caller, 'nothing')).kind).toBe('reply');
    expect(network.engine.cycles(caller)).toEqual({ balance: FULL, consumed: 0n });
  });
});
