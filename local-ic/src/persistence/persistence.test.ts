import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { counter, guarded, timers, type Counter, type Guarded, type Timers } from '../../test/support/interfaces.ts';
import { ADMIN, SECOND_NS, START_NS, startNetwork, STRANGER } from '../../test/support/network.ts';

let stateDir: string;
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'local-ic-'));
});
afterEach(() => {
  rmSync(stateDir, { recursive: true, force: true });
});

describe('a network with a state directory', () => {
  it('goes on after a restart where it was', async () => {
    const first = await startNetwork({ stateDir });
    const counterId = await first.install('counter', { start: 5n });
    const guardedId = await first.install('counterGuarded', { start: 1n });
    const empty = await first.engine.createCanister({ controllers: [STRANGER, ADMIN], cycles: 7n });
    await first.actor<Counter>(counter, counterId).increment();
    await first.actor<Counter>(counter, counterId).grow(100_000n);
    await first.actor<Guarded>(guarded, guardedId).certify(Uint8Array.of(1, 2, 3));
    await first.engine.stopCanister(guardedId, ADMIN);
    await first.engine.advance(90n * SECOND_NS);
    const before = first.engine.canisters();
    await first.engine.close();

    const second = await startNetwork({ stateDir });
    expect(second.engine.canisters()).toEqual(before);
    expect(second.engine.now()).toBe(START_NS + 90n * SECOND_NS);
    const actor = second.actor<Counter>(counter, counterId);
    expect(await actor.get()).toBe(6n);
    expect(await actor.ballastSize()).toBe(100_000n);
    expect(await actor.increment()).toBe(7n);
    await expect(actor.growAndTrap(10_000_000n)).rejects.toMatchObject({ errorCode: 'IC0503' });
    expect(await actor.get()).toBe(7n);
    await second.upgrade(counterId, 'counterV2');
    expect(await actor.get()).toBe(7n);
    expect(second.engine.canister(empty)?.controllers).toEqual([STRANGER, ADMIN]);
    expect(second.engine.canister(guardedId)?.status).toBe('stopped');
    const next = await second.engine.createCanister({ controllers: [ADMIN] });
    expect(before.map(({ id }) => id.toText())).not.toContain(next.toText());
    await second.engine.close();
  });

  it('goes on with its timers, and catches up on those that are overdue', async () => {
    const first = await startNetwork({ stateDir, clock: 'system' });
    const id = await first.install('timers');
    await first.actor<Timers>(timers, id).once(1n, 'overdue');
    await first.actor<Timers>(timers, id).once(3_600n, 'later');
    await first.engine.close();
    await new Promise((resolve) => setTimeout(resolve, 1_100));

    const second = await startNetwork({ stateDir, clock: 'system' });
    const actor = second.actor<Timers>(timers, id);
    await expect.poll(async () => (await actor.log()).map(([name]) => name), { timeout: 5_000 }).toEqual(['overdue']);
    await second.engine.advance(3_600n * SECOND_NS);
    expect((await actor.log()).map(([name]) => name)).toEqual(['overdue', 'later']);
    await second.engine.close();
  });

  it('takes a checkpoint by itself soon after a change', async () => {
    const first = await startNetwork({ stateDir });
    const id = await first.install('counter', { start: 5n });
    await first.engine.save();
    await first.actor<Counter>(counter, id).increment();
    const manifest = (): string => readFileSync(join(stateDir, 'engine', 'state.json'), 'utf8');
    const saved = manifest();
    await expect.poll(manifest, { timeout: 10_000 }).not.toBe(saved);
    await first.engine.close();
    const second = await startNetwork({ stateDir });
    expect(await second.actor<Counter>(counter, id).get()).toBe(6n);
    await second.engine.close();
  });

  it('writes only what changed, and keeps no old files', async () => {
    const network = await startNetwork({ stateDir });
    const changing = await network.install('counter', { start: 5n });
    const resting = await network.install('counter', { start: 5n });
    const files = (name: string): string[] => readdirSync(join(stateDir, 'engine', 'blobs')).filter((file) => file.startsWith(name));
    await network.engine.save();
    const before = [files(changing.toText()), files(resting.toText())];
    await network.actor<Counter>(counter, changing).increment();
    await network.engine.save();
    expect(files(changing.toText())).not.toEqual(before[0]);
    expect(files(changing.toText())).toHaveLength(2);
    expect(files(resting.toText())).toEqual(before[1]);
    expect(readdirSync(join(stateDir, 'engine', 'blobs'))).toHaveLength(5);
    await network.engine.close();
  });

  it('ignores and clears what a process left that died while it saved', async () => {
    const first = await startNetwork({ stateDir });
    const id = await first.install('counter', { start: 5n });
    await first.engine.close();
    const blobs = join(stateDir, 'engine', 'blobs');
    writeFileSync(join(blobs, 'half.memory.tmp'), 'half');
    writeFileSync(join(blobs, 'whole.memory'), 'whole, but in no manifest');
    writeFileSync(join(stateDir, 'engine', 'state.json.tmp'), '{');
    const second = await startNetwork({ stateDir });
    expect(await second.actor<Counter>(counter, id).increment()).toBe(6n);
    await second.engine.close();
    expect(readdirSync(blobs)).toHaveLength(3);
  });

  it('belongs to one process at a time', async () => {
    const network = await startNetwork({ stateDir });
    await expect(startNetwork({ stateDir })).rejects.toThrow(/is in use by process/);
    await network.engine.close();
    await (await startNetwork({ stateDir })).engine.close();
  });

  it('takes a lock over whose process is gone', async () => {
    await (await startNetwork({ stateDir })).engine.close();
    writeFileSync(join(stateDir, 'engine', 'lock'), '4194303 1');
    await (await startNetwork({ stateDir })).engine.close();
    // The same number, but another process than the one that wrote it.
    writeFileSync(join(stateDir, 'engine', 'lock'), `${process.ppid} 1`);
    await (await startNetwork({ stateDir })).engine.close();
    writeFileSync(join(stateDir, 'engine', 'lock'), String(process.pid));
    await (await startNetwork({ stateDir })).engine.close();
  });

  it('says so when the saved state is of another version or damaged', async () => {
    const network = await startNetwork({ stateDir });
    await network.install('counter', { start: 5n });
    await network.engine.close();
    const blobs = join(stateDir, 'engine', 'blobs');
    const memory = readdirSync(blobs).find((file) => file.endsWith('.memory')) ?? '';
    const content = readFileSync(join(blobs, memory));
    writeFileSync(join(blobs, memory), content.subarray(0, content.length - 1));
    await expect(startNetwork({ stateDir })).rejects.toThrow(/damaged/);
    writeFileSync(join(blobs, memory), content);
    const module = readdirSync(blobs).find((file) => file.endsWith('.wasm')) ?? '';
    writeFileSync(join(blobs, module), readFileSync(join(blobs, module)).fill(7, 99, 100));
    await expect(startNetwork({ stateDir })).rejects.toThrow(`damaged: the content of ${module} is another`);
    writeFileSync(join(stateDir, 'engine', 'state.json'), JSON.stringify({ format: 99 }));
    await expect(startNetwork({ stateDir })).rejects.toThrow(/format 99/);
  });
});
