import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Address } from '../../test/universal/layout.ts';
import { program, type Program } from '../../test/universal/Program.ts';
import { startUniversalNetwork, UniversalCanister, type UniversalNetwork } from '../../test/universal/universalNetwork.ts';
import { load64, stable, text } from '../../test/universal/values.ts';
import { ADMIN, startNetwork } from '../../test/support/network.ts';
import { ManagementCalls } from '../testing/managementCalls.ts';

const PAGE = 65_536n;
/** The universal canister begins with 52 pages, and takes one more for each program it keeps. */
const settings = { wasmMemoryLimit: 200n * PAGE, wasmMemoryThreshold: 100n * PAGE };
const runs = program().reply(load64(Address.heap));
const grow = (pages: number): Program => program().growMemory(pages).reply();

describe('canister_on_low_wasm_memory', () => {
  let network: UniversalNetwork;
  let canister: UniversalCanister;
  let management: ManagementCalls;
  const hook = (task: Program = program()) =>
    canister.update(program().store('lowWasmMemory', program().increase(Address.heap).also(task)).reply());

  beforeEach(async () => {
    network = await startUniversalNetwork();
    management = new ManagementCalls(network.engine);
    canister = await network.universal({ lowWasmMemory: true });
    await management.updateSettings(canister.id, settings, ADMIN);
  });

  it('runs once when less than the threshold is left', async () => {
    await hook();
    await canister.update(grow(10));
    expect(await canister.number(runs)).toBe(0n);
    await canister.update(grow(60));
    expect(await canister.number(runs)).toBe(1n);
    await canister.update(grow(10));
    await network.engine.advance(10_000_000_000n);
    expect(await canister.number(runs)).toBe(1n);
  });

  it('runs again only after enough was left', async () => {
    await hook();
    await canister.update(grow(60));
    await management.updateSettings(canister.id, { wasmMemoryThreshold: 0n }, ADMIN);
    await network.engine.idle();
    expect(await canister.number(runs)).toBe(1n);
    await management.updateSettings(canister.id, { wasmMemoryThreshold: 100n * PAGE }, ADMIN);
    await network.engine.idle();
    expect(await canister.number(runs)).toBe(2n);
  });

  it('runs before any other message', async () => {
    await hook();
    const answers = [canister.update(grow(60)), canister.update(program().store64(Address.heap, 50).reply())];
    await Promise.all(answers);
    expect(await canister.number(runs)).toBe(50n);
    await canister.update(program().increase(Address.heap).reply());
    expect(await canister.number(runs)).toBe(51n);
  });

  it('can make calls', async () => {
    const answer = program().writeStable(0, text('called'));
    await canister.update(program().growStable(1).reply());
    await hook(program().callTo({ callee: canister.bytes, arg: program().reply(), onReply: answer }));
    await canister.update(grow(60));
    await network.engine.idle();
    const stored = await canister.query(program().reply(stable(0, 6)));
    expect(stored).toMatchObject({ kind: 'reply', reply: new TextEncoder().encode('called') });
  });

  it('does not run again when it traps, or when the message that grew the memory did', async () => {
    await hook(program().trap());
    await canister.update(program().growMemory(60).trap());
    await network.engine.idle();
    expect(network.log.filter((line) => line.includes('canister_on_low_wasm_memory'))).toEqual([]);
    await canister.update(grow(60));
    await canister.update(program().reply());
    expect(network.log.filter((line) => line.includes('canister_on_low_wasm_memory'))).toHaveLength(1);
    expect(await canister.number(runs)).toBe(0n);
  });

  it('waits until a stopped canister is started', async () => {
    await management.updateSettings(canister.id, { wasmMemoryThreshold: 0n }, ADMIN);
    await hook();
    await network.engine.stopCanister(canister.id, ADMIN);
    await management.updateSettings(canister.id, { wasmMemoryThreshold: 190n * PAGE }, ADMIN);
    await network.engine.advance(5_000_000_000n);
    await network.engine.startCanister(canister.id, ADMIN);
    await network.engine.idle();
    expect(await canister.number(runs)).toBe(1n);
  });

  it('is nothing to a canister without it', async () => {
    const without = await network.universal();
    await management.updateSettings(without.id, settings, ADMIN);
    await without.update(grow(60));
    await network.engine.idle();
    expect(network.log.filter((line) => line.includes('low_wasm'))).toEqual([]);
  });
});

it('canister_on_low_wasm_memory waits in a saved state, too', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'local-ic-'));
  try {
    const first = await startUniversalNetwork({ stateDir });
    const canister = await first.universal({ lowWasmMemory: true });
    const { id } = canister;
    await canister.update(program().store('lowWasmMemory', program().increase(Address.heap)).reply());
    await first.engine.stopCanister(id, ADMIN);
    await new ManagementCalls(first.engine).updateSettings(id, { ...settings, wasmMemoryThreshold: 190n * PAGE }, ADMIN);
    await first.engine.close();
    const second = await startNetwork({ stateDir });
    await second.engine.startCanister(id, ADMIN);
    await second.engine.idle();
    expect(await new UniversalCanister(second, id).number(runs)).toBe(1n);
    await second.engine.close();
  } finally {
    rmSync(stateDir, { recursive: true, force: true });
  }
});
