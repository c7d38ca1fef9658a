import type { Principal } from '@dfinity/principal';
import { beforeEach, describe, expect, it } from 'vitest';
import { ADMIN, SECOND_NS } from '../../test/support/network.ts';
import { forwarded, readForwarded, readU64, u64, type ForwardResult } from '../../test/support/relay.ts';
import { slowCall, startRelays, type RelayNetwork } from '../../test/support/relays.ts';

const FULL = 100_000_000_000_000n;

let network: RelayNetwork;
let caller: Principal;
let callee: Principal;
beforeEach(async () => {
  network = await startRelays();
  caller = await network.relay();
  callee = await network.relay();
});

const balance = (id: Principal): bigint => network.engine.cycles(id).balance;
const repliedWith = (result: ForwardResult): Uint8Array => ('reply' in result ? result.reply : new Uint8Array(0));
const passes = (seconds: bigint): Promise<void> => network.engine.advance(seconds * SECOND_NS);

describe('the deadline of a bounded-wait call', () => {
  it.each([
    [30, 30n],
    [300, 300n],
    [301, 300n],
    [4_294_967_295, 300n]
  ])('of %i seconds is seen by the callee, and is %i s away', async (timeout, seconds) => {
    const result = await network.forward(caller, { callee, method: 'take', arg: u64(0n), timeout });
    expect(readU64(repliedWith(result))).toBe(network.engine.now() + seconds * SECOND_NS);
  });

  it('is 0 for calls with guaranteed response, for ingress and for queries', async () => {
    const seen = async (method: string, timeout?: number) =>
      readU64(repliedWith(await network.forward(caller, { callee, method, arg: u64(0n), timeout })));
    expect(await seen('take')).toBe(0n);
    expect(await seen('take_in_query', 30)).toBe(0n);
    expect(readU64(await network.reply(callee, 'take', u64(0n)))).toBe(0n);
  });

  it('does not bind the calls that the callee makes', async () => {
    const third = await network.relay();
    const seen = async (timeout?: number) => {
      const inner = forwarded({ callee: third, method: 'take', arg: u64(0n), timeout });
      const outer = repliedWith(await network.forward(caller, { callee, method: 'forward', arg: inner, timeout: 10 }));
      return readU64(repliedWith(readForwarded(outer)));
    };
    expect(await seen(200)).toBe(network.engine.now() + 200n * SECOND_NS);
    expect(await seen()).toBe(0n);
  });
});

describe('a call whose deadline passes', () => {
  it('is unknown to its caller, whatever becomes of it, and the late answer brings the cycles back', async () => {
    const waiting = network.forward(caller, { ...slowCall(callee), cycles: 5_000n, timeout: 10 });
    await passes(9n);
    expect(balance(caller)).toBe(FULL - 5_000n);
    await passes(1n);
    expect(await waiting).toMatchObject({ refunded: 0n, rejectCode: 6 });
    expect(balance(caller)).toBe(FULL - 5_000n);
    await passes(300n);
    expect(balance(caller)).toBe(FULL);
    expect(balance(callee)).toBe(FULL);
  });

  it('tells its error code in the message', async () => {
    const waiting = network.update(caller, 'forward_and_reject', forwarded({ ...slowCall(callee), timeout: 10 }));
    await passes(10n);
    expect(await waiting).toMatchObject({ code: 4, message: expect.stringMatching(/^IC0601: /) as string });
  });

  it('before it is delivered never reaches the callee, and its cycles go back', async () => {
    const result = await network.forward(caller, { callee, method: 'take', arg: u64(2n ** 60n), cycles: 7_000n, timeout: 0 });
    expect(result).toMatchObject({ refunded: 0n, rejectCode: 6 });
    await network.engine.idle();
    expect(balance(caller)).toBe(FULL);
    expect(balance(callee)).toBe(FULL);
    expect(network.engine.instructions(callee).total).toBe(0n);
  });

  it('brings its cycles back also to a caller that has other code by then', async () => {
    const waiting = network.update(caller, 'forward', forwarded({ ...slowCall(callee), cycles: 5_000n, timeout: 10 }));
    await passes(1n);
    await network.uninstall(caller);
    expect(await waiting).toMatchObject({ kind: 'reject', code: 4 });
    await passes(300n);
    expect(balance(caller)).toBe(FULL);
  });

  it('keeps its caller from stopping only until then', async () => {
    void network.forward(caller, { ...slowCall(callee), timeout: 10 });
    await passes(1n);
    const stopped = network.engine.stopCanister(caller, ADMIN);
    await passes(8n);
    expect(network.engine.canister(caller)?.status).toBe('stopping');
    await passes(1n);
    await stopped;
    expect(network.engine.canister(caller)?.status).toBe('stopped');
  });

  it('leaves one with guaranteed response waiting', async () => {
    const waiting = network.forward(caller, { ...slowCall(callee), cycles: 5_000n });
    await passes(299n);
    expect(balance(caller)).toBe(FULL - 5_000n);
    await passes(1n);
    expect(await waiting).toMatchObject({ refunded: 5_000n, rejectCode: 0 });
  });
});
