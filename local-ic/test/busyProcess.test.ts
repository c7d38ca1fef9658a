import { readdirSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLocalIc, type LocalIc } from '../src/index.ts';
import { agentFixtureInterface, installAgentFixture, type AgentFixture } from './support/agentFixture.ts';
import { fixtureWasm, initArgument } from './support/network.ts';

/** Calls in the process are answered without waiting for anything outside of it: a program that makes one after the other must not be all that runs. */
describe('a program that makes one call after the other', () => {
  let ic: LocalIc;
  let actor: AgentFixture;
  let stateDir: string;
  beforeEach(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'local-ic-busy-'));
    ic = await createLocalIc({ stateDir });
    actor = ic.actor<AgentFixture>(agentFixtureInterface, await installAgentFixture(ic));
  });
  afterEach(async () => {
    await ic.close();
    await rm(stateDir, { recursive: true, force: true });
  });

  const calls: [string, () => Promise<unknown>][] = [
    ['updates', () => actor.increment()],
    ['queries', () => actor.get()],
    ['updates with reports', () => ic.reporting(actor).increment()]
  ];
  it.each(calls)('leaves timers of its process their turn: %s', async (_, call) => {
    let hasFired = false;
    setTimeout(() => (hasFired = true), 20);
    const start = performance.now();
    while (!hasFired && performance.now() - start < 5_000) await call();
    expect(hasFired).toBe(true);
  });

  it('leaves the network time for checkpoints, so that its log stays short', async () => {
    const directory = join(stateDir, 'engine', 'log');
    const megabytes = (): number => readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0) / 2 ** 20;
    const canisterId = await ic.createCanister();
    await ic.installCode({ canisterId, wasm: await fixtureWasm('counter'), arg: initArgument({ start: 0n }) });
    // There is no such method; the log has the call all the same.
    const call = { canisterId, method: 'nothing', arg: new Uint8Array(2 ** 18) };
    // How long it grows until a checkpoint is written depends on the machine; that one comes while the calls go on doesn't.
    let most = 0;
    let shrunk = false;
    for (let i = 0; i < 2_000 && !shrunk; i++) {
      await expect(ic.update(call)).rejects.toThrow();
      const size = megabytes();
      shrunk = most > 20 && size < most / 2;
      most = Math.max(most, size);
    }
    expect(shrunk).toBe(true);
  });
});
