import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { beforeEach, describe, expect, it } from 'vitest';
import { callCost, executionCost, APPLICATION_SUBNET as PRICES, totalCallCost } from '../canister/cycles/prices.ts';
import { factory, type Factory } from '../../test/support/interfaces.ts';
import { ADMIN, SECOND_NS, startNetwork, STRANGER, type TestNetwork } from '../../test/support/network.ts';
import { forwarded, read128, readForwarded, relay, u64, type Forwarded } from '../../test/support/relay.ts';
import type { CallResult } from './types.ts';

const LIMIT = 40_000_000_000n;
const T = 1_000_000_000_000n;

let network: TestNetwork;
beforeEach(async () => {
  network = await startNetwork({ cycles: 'charged' });
});

const update = (canisterId: Principal, method: string, arg: Uint8Array = new Uint8Array(0), sender = ADMIN): Promise<CallResult> =>
  network.engine.update({ canisterId, method, arg, sender });

async function reply(canisterId: Principal, method: string, arg?: Uint8Array): Promise<Uint8Array> {
  const result = await update(canisterId, method, arg);
  if (result.kind === 'reject') throw new Error(`${result.errorCode}: ${result.message}`);
  return result.reply;
}

const forward = async (through: Principal, call: Forwarded, method = 'forward') =>
  readForwarded(await reply(through, method, forwarded(call)));

async function install(cycles = 100n * T): Promise<Principal> {
  const canisterId = await network.engine.createCanister({ controllers: [ADMIN], cycles });
  await network.engine.installCode({ canisterId, sender: ADMIN, mode: 'install', wasm: relay, arg: new Uint8Array(0) });
  return canisterId;
}

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

describe('with cycles charged', () => {
  it('an update from outside costs its reception, its execution and its instructions', async () => {
    const id = await install();
    let instructions = 0n;
    const cost = await costOf(id, async () => {
      instructions = await withInstructions(id, () => reply(id, 'nothing', new Uint8Array(10)));
    });
    expect(instructions).toBeGreaterThan(500n);
    expect(cost).toBe(ingress('nothing', 10) + 5_000_000n + instructions);
  });

  it('a trap costs the same, and a query nothing', async () => {
    const id = await install();
    let instructions = 0n;
    const cost = await costOf(id, async () => {
      instructions = await withInstructions(id, () => update(id, 'take_and_trap', u64(0n)));
    });
    expect(cost).toBe(ingress('take_and_trap', 8) + 5_000_000n + instructions);
    const ask = () => network.engine.query({ canisterId: id, method: 'ask', arg: new Uint8Array(0), sender: ADMIN });
    expect(await costOf(id, ask)).toBe(0n);
  });

  it('a call is paid for by the byte, by its caller, for request and response', async () => {
    const caller = await install();
    const callee = await install();
    const arg = forwarded({ callee, method: 'take', arg: u64(0n) });
    let instructions = 0n;
    const cost = await costOf(caller, async () => {
      instructions = await withInstructions(caller, () => reply(caller, 'forward', arg));
    });
    // Two executions, the call, its request (name and argument) and its response (8 bytes).
    const wanted = ingress('forward', arg.length) + 2n * 5_000_000n + instructions + 260_000n + 1_000n * (4n + 8n) + 8_000n;
    expect(cost).toBe(wanted);
    const { balance, consumed } = network.engine.cycles(callee);
    expect(balance + consumed).toBe(100n * T);
  });

  it('the balance a canister sees lacks what its message may cost at most', async () => {
    const id = await install(50n * T);
    const before = network.engine.cycles(id).balance;
    const costs = await reply(id, 'costs');
    const reserved = ingress('costs', 0) + executionCost(PRICES, LIMIT, false);
    expect(read128(costs)).toBe(before - reserved);
    // 30 days of its memory are not liquid.
    const frozen = read128(costs) - read128(costs, 16);
    expect(frozen).toBeGreaterThan(20_000_000n);
    expect(frozen).toBeLessThan(50_000_000n);
  });

  it('tells canisters the prices', async () => {
    const costs = await reply(await install(), 'costs');
    expect(read128(costs, 32)).toBe(totalCallCost(callCost(PRICES, 107n, LIMIT, false)));
    expect(read128(costs, 32)).toBe(260_000n + 107_000n + 2_097_152_000n + 5_000_000n + LIMIT);
    expect(read128(costs, 48)).toBe(500_000_000_000n);
    expect(read128(costs, 64)).toBe(49_140_000n + 5_200n * 1_000n + 10_400n * 2_000_000n);
    // No key of that name; no such curve; a scheme it knows.
    expect([80, 84, 88].map((offset) => costs[offset])).toEqual([2, 1, 2]);
  });

  it('memory costs by the second, and whoever has none left loses its code', async () => {
    const id = await install((11n * T) / 10n);
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
    while ((await update(id, 'burn', u64(2n ** 60n))).kind === 'reply');
    expect(network.engine.cycles(id).balance).toBeGreaterThan(LIMIT);
  }

  it('takes no messages, and its controllers learn what is missing', async () => {
    const id = await install();
    await drain(id);
    expect(await update(id, 'nothing', undefined, STRANGER)).toMatchObject({
      code: 2,
      errorCode: 'IC0207',
      message: expect.stringMatching(short) as string
    });
    expect(await update(id, 'nothing')).toMatchObject({ code: 2, errorCode: 'IC0207', message: expect.stringMatching(advice) as string });
  });

  it('rejects calls of canisters as transient, with their cycles', async () => {
    const caller = await install();
    const callee = await install();
    await drain(callee);
    expect(await forward(caller, { callee, method: 'take', arg: u64(0n), cycles: 1_000n })).toEqual({ refunded: 1_000n, rejectCode: 2 });
  });

  it('makes no calls, and keeps what it had attached', async () => {
    const id = await install();
    const { balance } = network.engine.cycles(id);
    await reply(id, 'burn', u64(balance - 60_000_000_000n));
    expect(await forward(id, { callee: id, method: 'take', arg: u64(0n), cycles: 1_000n })).toEqual({ performed: 2 });
    const after = network.engine.cycles(id);
    expect(after.balance + after.consumed).toBe(100n * T);
  });

  it('can not attach what it needs for its freezing threshold', async () => {
    const id = await install();
    const cycles = network.engine.cycles(id).balance - executionCost(PRICES, LIMIT, false) - 2_000_000n;
    expect(await update(id, 'forward', forwarded({ callee: id, method: 'take', cycles }))).toMatchObject({
      code: 5,
      errorCode: 'IC0504',
      message: expect.stringMatching(/is out of cycles/) as string
    });
  });

  it('does not grow when that would freeze it', async () => {
    const id = await install();
    await drain(id);
    await topUp(id, 1_000_000_000n);
    expect(await update(id, 'grow', new Uint8Array([0, 16, 0, 0]))).toMatchObject({
      code: 5,
      errorCode: 'IC0532',
      message: expect.stringMatching(
        /cannot grow memory by 268435456 bytes due to insufficient cycles\. At least \d+ additional cycles/
      ) as string
    });
    expect(network.engine.memoryBytes(id)).toBe(65_536);
  });

  it('answers no queries while it is frozen, and its controllers can thaw it', async () => {
    const id = await install();
    const ask = () => network.engine.query({ canisterId: id, method: 'ask', arg: new Uint8Array(0), sender: ADMIN });
    await setFreezingThreshold(id, 10n ** 14n);
    expect(await ask()).toMatchObject({ code: 2, errorCode: 'IC0207', message: expect.stringMatching(/frozen/) as string });
    expect(await update(id, 'nothing')).toMatchObject({ code: 2, errorCode: 'IC0207' });
    const cost = await costOf(id, () => setFreezingThreshold(id, 1n));
    expect(cost).toBeGreaterThan(ingress('update_settings', 20));
    expect((await ask()).kind).toBe('reply');
    expect((await update(id, 'nothing')).kind).toBe('reply');
  });

  it('runs a due timer once it has cycles again', async () => {
    const id = await install();
    await reply(id, 'set_timer', u64(network.engine.now() + 5n * SECOND_NS));
    await drain(id);
    const before = network.engine.instructions(id).total;
    await network.engine.advance(60n * SECOND_NS);
    expect(network.engine.instructions(id).total).toBe(before);
    await topUp(id, T);
    await network.engine.idle();
    expect(network.engine.instructions(id).total).toBeGreaterThan(before);
    expect(await reply(id, 'timer_runs')).toEqual(Uint8Array.of(1, 0, 0, 0));
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

const management = Principal.managementCanister();

async function topUp(canister_id: Principal, amount: bigint): Promise<void> {
  const type = IDL.Record({ canister_id: IDL.Principal, amount: IDL.Nat });
  await reply(management, 'provisional_top_up_canister', new Uint8Array(IDL.encode([type], [{ canister_id, amount }])));
}

async function setFreezingThreshold(canister_id: Principal, seconds: bigint): Promise<void> {
  const type = IDL.Record({ canister_id: IDL.Principal, settings: IDL.Record({ freezing_threshold: IDL.Opt(IDL.Nat) }) });
  const value = { canister_id, settings: { freezing_threshold: [seconds] } };
  await reply(management, 'update_settings', new Uint8Array(IDL.encode([type], [value])));
}
