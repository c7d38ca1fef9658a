import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callCost, executionCost, APPLICATION_SUBNET as PRICES, totalCallCost } from '../canister/cycles/prices.ts';
import { factory, type Factory } from '../../test/support/interfaces.ts';
import { ADMIN, SECOND_NS, STRANGER } from '../../test/support/network.ts';
import { forwarded, read128, relay, u64 } from '../../test/support/relay.ts';
import { slowCall, startRelays, type RelayNetwork } from '../../test/support/relays.ts';

const LIMIT = 40_000_000_000n;
const T = 1_000_000_000_000n;

let network: RelayNetwork;
beforeEach(async () => {
  network = await startRelays({ cycles: 'charged' });
});

/** What one thing costs a canister. */
async function costOf(id: Principal, thing: () => Promise<unknown>): Promise<bigint> {
  const before = network.engine.cycles(id).balance;
  await thing();
  return before - network.engine.cycles(id).balance;
}

/** Instructions of what a canister ran meanwhile, at one cycle each. */
async function withInstructions<T>(id: Principal, thing: () => Promise<T>): Promise<bigint> {
  const before = network.engine.instructions(id).total;
  await thing();
  return network.engine.instructions(id).total - before;
}

const ingress = (method: string, argBytes: number): bigint => 1_200_000n + 2_000n * BigInt(method.length + argBytes);

/** Bytes of a management call's argument that names nothing but a canister. */
const encodedId = (canister_id: Principal): number =>
  IDL.encode([IDL.Record({ canister_id: IDL.Principal })], [{ canister_id }]).byteLength;

describe('with cycles charged', () => {
  it('an update from outside costs its reception, its execution and its instructions', async () => {
    const id = await network.relay();
    let instructions = 0n;
    const cost = await costOf(id, async () => {
      instructions = await withInstructions(id, () => network.reply(id, 'nothing', new Uint8Array(10)));
    });
    expect(instructions).toBeGreaterThan(500n);
    expect(cost).toBe(ingress('nothing', 10) + 5_000_000n + instructions);
  });

  it('a trap costs the same, and a query nothing', async () => {
    const id = await network.relay();
    let instructions = 0n;
    const cost = await costOf(id, async () => {
      instructions = await withInstructions(id, () => network.update(id, 'take_and_trap', u64(0n)));
    });
    expect(cost).toBe(ingress('take_and_trap', 8) + 5_000_000n + instructions);
    const ask = () => network.engine.query({ canisterId: id, method: 'ask', arg: new Uint8Array(0), sender: ADMIN });
    expect(await costOf(id, ask)).toBe(0n);
  });

  it('a method that is missing costs the execution it would have begun', async () => {
    const id = await network.relay();
    const cost = await costOf(id, async () => expect(await network.update(id, 'missing')).toMatchObject({ errorCode: 'IC0536' }));
    expect(cost).toBe(ingress('missing', 0) + 5_000_000n);
  });

  it('a call of the management canister costs the canister it concerns, but not when a stranger makes it', async () => {
    const id = await network.relay();
    expect(await costOf(id, () => network.status(id))).toBe(ingress('canister_status', encodedId(id)));
    const argument = new Uint8Array(IDL.encode([IDL.Record({ canister_id: IDL.Principal })], [{ canister_id: id }]));
    const stop = () => network.update(Principal.managementCanister(), 'stop_canister', argument, STRANGER);
    expect(await costOf(id, async () => expect(await stop()).toMatchObject({ errorCode: 'IC0512' }))).toBe(0n);
  });

  it('an instruction on 64-bit memory costs twice as much', async () => {
    const id = await network.install('counter', { start: 5n });
    const arg = new Uint8Array(IDL.encode([], []));
    let instructions = 0n;
    const cost = await costOf(id, async () => {
      instructions = await withInstructions(id, () => network.reply(id, 'increment', arg));
    });
    expect(cost).toBe(ingress('increment', arg.length) + 5_000_000n + 2n * instructions);
  });

  it('a call is paid for by the byte, by its caller, for request and response', async () => {
    const caller = await network.relay();
    const callee = await network.relay();
    const arg = forwarded({ callee, method: 'take', arg: u64(0n) });
    let instructions = 0n;
    const cost = await costOf(caller, async () => {
      instructions = await withInstructions(caller, () => network.reply(caller, 'forward', arg));
    });
    // Two executions, the call, its request (name and argument) and its response (8 bytes).
    const wanted = ingress('forward', arg.length) + 2n * 5_000_000n + instructions + 260_000n + 1_000n * (4n + 8n) + 8_000n;
    expect(cost).toBe(wanted);
    const { balance, consumed } = network.engine.cycles(callee);
    expect(balance + consumed).toBe(100n * T);
  });

  it('the balance a canister sees lacks what its message may cost at most', async () => {
    const id = await network.relay(50n * T);
    const before = network.engine.cycles(id).balance;
    const costs = await network.reply(id, 'costs');
    const reserved = ingress('costs', 0) + executionCost(PRICES, LIMIT, false);
    expect(read128(costs)).toBe(before - reserved);
    // 30 days of its memory are not liquid.
    const frozen = read128(costs) - read128(costs, 16);
    expect(frozen).toBeGreaterThan(20_000_000n);
    expect(frozen).toBeLessThan(50_000_000n);
  });

  it('tells canisters the prices', async () => {
    const costs = await network.reply(await network.relay(), 'costs');
    expect(read128(costs, 32)).toBe(totalCallCost(callCost(PRICES, 107n, LIMIT, false)));
    expect(read128(costs, 32)).toBe(260_000n + 107_000n + 2_097_152_000n + 5_000_000n + LIMIT);
    expect(read128(costs, 48)).toBe(500_000_000_000n);
    expect(read128(costs, 64)).toBe(49_140_000n + 5_200n * 1_000n + 10_400n * 2_000_000n);
    // No key of that name; no such curve; a scheme it knows.
    expect([80, 84, 88].map((offset) => costs[offset])).toEqual([2, 1, 2]);
  });

  it('a call that was performed before a trap costs nothing', async () => {
    const caller = await network.relay();
    const arg = forwarded({ callee: caller, method: 'take', arg: u64(0n), cycles: T });
    let instructions = 0n;
    const cost = await costOf(caller, async () => {
      instructions = await withInstructions(caller, () => network.update(caller, 'perform_and_trap', arg));
    });
    expect(cost).toBe(ingress('perform_and_trap', arg.length) + 5_000_000n + instructions);
  });

  it('what was prepaid for a response comes back when the code goes away', async () => {
    const caller = await network.relay();
    const callee = await network.relay();
    const arg = forwarded({ ...slowCall(callee), cycles: T });
    const waiting = network.update(caller, 'forward', arg);
    await network.engine.advance(SECOND_NS);
    const { balance } = network.engine.cycles(caller);
    await network.uninstall(caller);
    expect((await waiting).kind).toBe('reject');
    // The message to uninstall it, and the fee of the callback that never ran.
    const fees = ingress('uninstall_code', encodedId(caller)) + 5_000_000n;
    expect(network.engine.cycles(caller).balance).toBe(balance + 2_097_152_000n + 5_000_000n + LIMIT - fees);
    await network.engine.advance(400n * SECOND_NS);
    expect(network.engine.cycles(caller).balance).toBe(balance + 2_097_152_000n + 5_000_000n + LIMIT - fees + T);
  });

  it('canister_status tells the balance and what the canister burns', async () => {
    const id = await network.relay();
    const status = await network.status(id);
    expect(status).toMatchObject({ cycles: network.engine.cycles(id).balance, reserved_cycles: 0n });
    const perDay = (status.memory_size * 127_000n * 86_400n) / 2n ** 30n;
    expect(status.idle_cycles_burned_per_day).toBe(perDay);
    expect((await network.configure(id, 'compute_allocation', 2n)).kind).toBe('reply');
    expect((await network.status(id)).idle_cycles_burned_per_day).toBe(perDay + 2n * 10_000_000n * 86_400n);
    await network.configure(id, 'compute_allocation', 0n);
    await network.configure(id, 'memory_allocation', 2n ** 30n);
    expect((await network.status(id)).idle_cycles_burned_per_day).toBe(127_000n * 86_400n);
  });

  it('memory costs by the second, and whoever has none left loses its code', async () => {
    const id = await network.relay((11n * T) / 10n);
    const { balance } = network.engine.cycles(id);
    await network.engine.advance(86_400n * SECOND_NS);
    const perDay = balance - network.engine.cycles(id).balance;
    // A page of memory and the module's few KiB.
    expect(perDay).toBeGreaterThan((127_000n * 86_400n * 65_536n) / 2n ** 30n);
    expect(perDay).toBeLessThan((127_000n * 86_400n * 75_000n) / 2n ** 30n);
    const days = network.engine.cycles(id).balance / perDay;
    await network.engine.advance((days - 1n) * 86_400n * SECOND_NS);
    expect(network.engine.canister(id)?.moduleHash).toBeDefined();
    await network.engine.advance(3n * 86_400n * SECOND_NS);
    expect(network.engine.canister(id)?.moduleHash).toBeUndefined();
    expect(network.engine.cycles(id)).toEqual({ balance: 0n, consumed: (11n * T) / 10n });
    expect(network.log.join('\n')).toMatch(/Uninstalling canister .* because it ran out of cycles/);
  });
});

describe('a canister that can not pay', () => {
  const short = /^Canister [a-z0-9-]+ is out of cycles$/;
  const advice = /^Canister [a-z0-9-]+ is out of cycles: please top up the canister with at least \d+ additional cycles$/;

  /** Burns all that can be burned: the next message can't be paid for. */
  async function drain(id: Principal): Promise<void> {
    while ((await network.update(id, 'burn', u64(2n ** 60n))).kind === 'reply');
    expect(network.engine.cycles(id).balance).toBeGreaterThan(LIMIT);
  }

  it('takes no messages, and its controllers learn what is missing', async () => {
    const id = await network.relay();
    await drain(id);
    expect(await network.update(id, 'nothing', undefined, STRANGER)).toMatchObject({
      code: 2,
      errorCode: 'IC0207',
      message: expect.stringMatching(short) as string
    });
    expect(await network.update(id, 'nothing')).toMatchObject({
      code: 2,
      errorCode: 'IC0207',
      message: expect.stringMatching(advice) as string
    });
  });

  it('pays nothing for messages it does not take in', async () => {
    const id = await network.relay();
    await drain(id);
    expect(await costOf(id, () => network.update(id, 'nothing'))).toBe(0n);
  });

  it('rejects calls of canisters as transient, with their cycles', async () => {
    const caller = await network.relay();
    const callee = await network.relay();
    await drain(callee);
    expect(await network.forward(caller, { callee, method: 'take', arg: u64(0n), cycles: 1_000n })).toMatchObject({
      refunded: 1_000n,
      rejectCode: 2
    });
  });

  it('makes no calls, and keeps what it had attached', async () => {
    const id = await network.relay();
    const { balance } = network.engine.cycles(id);
    await network.reply(id, 'burn', u64(balance - 60_000_000_000n));
    expect(await network.forward(id, { callee: id, method: 'take', arg: u64(0n), cycles: 1_000n })).toEqual({ performed: 2 });
    const after = network.engine.cycles(id);
    expect(after.balance + after.consumed).toBe(100n * T);
  });

  it('can not attach what it needs for its freezing threshold', async () => {
    const id = await network.relay();
    const cycles = network.engine.cycles(id).balance - executionCost(PRICES, LIMIT, false) - 2_000_000n;
    expect(await network.update(id, 'forward', forwarded({ callee: id, method: 'take', cycles }))).toMatchObject({
      code: 5,
      errorCode: 'IC0504',
      message: expect.stringMatching(/is out of cycles/) as string
    });
  });

  it('does not grow when that would freeze it', async () => {
    const id = await network.relay();
    await drain(id);
    await network.topUp(id, 1_000_000_000n);
    expect(await network.update(id, 'grow', new Uint8Array([0, 16, 0, 0]))).toMatchObject({
      code: 5,
      errorCode: 'IC0532',
      message: expect.stringMatching(
        /cannot grow memory by 268435456 bytes due to insufficient cycles\. At least \d+ additional cycles/
      ) as string
    });
    expect(network.engine.memoryBytes(id)).toBe(65_536);
  });

  it('answers no queries while it is frozen, and its controllers can thaw it', async () => {
    const id = await network.relay();
    const ask = () => network.engine.query({ canisterId: id, method: 'ask', arg: new Uint8Array(0), sender: ADMIN });
    await network.configure(id, 'freezing_threshold', 10n ** 14n);
    expect(await ask()).toMatchObject({ code: 2, errorCode: 'IC0207', message: expect.stringMatching(/frozen/) as string });
    expect(await network.update(id, 'nothing')).toMatchObject({ code: 2, errorCode: 'IC0207' });
    const cost = await costOf(id, () => network.configure(id, 'freezing_threshold', 1n));
    expect(cost).toBeGreaterThan(ingress('update_settings', 20));
    expect((await ask()).kind).toBe('reply');
    expect((await network.update(id, 'nothing')).kind).toBe('reply');
  });

  it('gets no allocation it could not keep', async () => {
    const id = await network.relay();
    expect(await network.configure(id, 'compute_allocation', 100n)).toMatchObject({
      code: 5,
      errorCode: 'IC0530',
      message: expect.stringMatching(/^Cannot increase compute allocation to 100 due to insufficient cycles\. At least \d+ /) as string
    });
    expect(await network.configure(id, 'memory_allocation', 2n ** 40n)).toMatchObject({ code: 5, errorCode: 'IC0531' });
    expect((await network.configure(id, 'memory_allocation', 2n ** 30n)).kind).toBe('reply');
  });

  it('runs a due timer once it has cycles again', async () => {
    const id = await network.relay();
    await network.reply(id, 'set_timer', u64(network.engine.now() + 5n * SECOND_NS));
    await drain(id);
    const before = network.engine.instructions(id).total;
    await network.engine.advance(60n * SECOND_NS);
    expect(network.engine.instructions(id).total).toBe(before);
    await network.topUp(id, T);
    await network.engine.idle();
    expect(network.engine.instructions(id).total).toBeGreaterThan(before);
    expect(await network.reply(id, 'timer_runs')).toEqual(Uint8Array.of(1, 0, 0, 0));
  });

  it('is not installed', async () => {
    const canisterId = await network.engine.createCanister({ controllers: [ADMIN], cycles: 200_000_000_000n });
    const arg = new Uint8Array(0);
    await expect(network.engine.installCode({ canisterId, sender: ADMIN, mode: 'install', wasm: relay, arg })).rejects.toMatchObject({
      code: 2,
      errorCode: 'IC0207',
      message: /Canister installation failed with `Canister .* is out of cycles: please top up .*`/
    });
    // It pays for the message that was to install it, and no more.
    const { balance, consumed } = network.engine.cycles(canisterId);
    expect(balance + consumed).toBe(200_000_000_000n);
    expect(consumed).toBeLessThan(10_000_000n);
  });
});

describe('creating a canister', () => {
  it('costs what is deducted from its first balance', async () => {
    const creator = await network.install('factory');
    const actor = network.actor<Factory>(factory, creator);
    const id = await actor.create(2n * T);
    expect(network.engine.cycles(id)).toEqual({ balance: 2n * T - 500_000_000_000n, consumed: 500_000_000_000n });
    await expect(actor.create(499_999_999_999n)).rejects.toMatchObject({ message: /Creating a canister requires a fee of 500000000000 / });
  });
});

describe('a state directory', () => {
  let stateDir: string;
  beforeEach(() => {
    stateDir = mkdtempSync(join(tmpdir(), 'local-ic-'));
  });
  afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

  it('keeps what was paid, and time goes on costing', async () => {
    const first = await startRelays({ cycles: 'charged', stateDir });
    const id = await first.relay();
    await first.update(id, 'take_and_trap', u64(0n));
    await first.engine.advance(86_400n * SECOND_NS);
    const before = first.engine.cycles(id);
    await first.engine.close();

    const free = await startRelays({ stateDir });
    expect(free.engine.cycles(id)).toEqual(before);
    await free.engine.advance(86_400n * SECOND_NS);
    await free.reply(id, 'nothing');
    expect(free.engine.cycles(id)).toEqual(before);
    await free.engine.close();

    const second = await startRelays({ cycles: 'charged', stateDir });
    await second.engine.advance(86_400n * SECOND_NS);
    const { balance, consumed } = second.engine.cycles(id);
    expect(balance + consumed).toBe(100n * T);
    // One day, and no more: nobody pays afterwards for a time in which nothing was charged.
    const { idle_cycles_burned_per_day } = await second.status(id);
    const difference = before.balance - balance;
    expect(difference).toBeGreaterThan((idle_cycles_burned_per_day * 9n) / 10n);
    expect(difference).toBeLessThanOrEqual(idle_cycles_burned_per_day);
    await second.engine.close();
  });
});
