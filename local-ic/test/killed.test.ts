import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLocalIc, type LocalIc, type LocalIcOptions } from '../src/index.ts';
import { START_NS } from './support/network.ts';
import { program, type Program } from './universal/Program.ts';
import { universalWasm } from './universal/universalWasm.ts';
import { Address } from './universal/layout.ts';
import { load64, memory, memorySize, multiply, rootKey, subnet } from './universal/values.ts';

let root: string;
let networks: LocalIc[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'local-ic-killed-'));
  networks = [];
});
afterEach(async () => {
  for (const network of networks) await network.close();
  rmSync(root, { recursive: true, force: true });
});

async function start(name: string, options: LocalIcOptions = {}): Promise<LocalIc> {
  const network = await createLocalIc({ clock: { startNs: START_NS }, stateDir: join(root, name), ...options });
  networks.push(network);
  return network;
}

/** What a process leaves on the disk that is killed at this moment. */
function killNow(name: string, copy: string): void {
  cpSync(join(root, name), join(root, copy), { recursive: true });
  rmSync(join(root, copy, 'engine', 'lock'), { force: true });
}

async function install(ic: LocalIc): Promise<(run: Program) => Promise<Uint8Array>> {
  const canisterId = await ic.createCanister();
  await ic.installCode({ canisterId, wasm: universalWasm() });
  return (run) => ic.update({ canisterId, method: 'update', arg: run.bytes() });
}

const noteKeys = (): Program =>
  program()
    .write(Address.heap, rootKey)
    .write(Address.heap + 200, subnet);

describe('a network that is killed', () => {
  it('has its root key while it runs the log again', async () => {
    const before = await start('one');
    const run = await install(before);
    expect(await run(noteKeys().reply(rootKey))).toEqual(before.rootKey);
    killNow('one', 'two');
    const after = await start('two');
    expect(after.stateHash()).toBe(before.stateHash());
  });
});

describe('an update', () => {
  it('comes to the same whatever queries ran before it', async () => {
    const before = await start('one');
    const run = await install(before);
    await before.save();
    const [canisterId] = before.engine.canisters().map(({ id }) => id);
    if (canisterId === undefined) throw new Error('there is no canister');
    const grow = program().growMemory(2).reply();
    await before.query({ canisterId, method: 'query', arg: grow.bytes() });
    const behindTheEnd = load64(multiply(memorySize, 65_536));
    await expect(run(program().reply(behindTheEnd))).rejects.toThrow('heap out of bounds');
    await expect(run(program().growMemory(2).trap())).rejects.toThrow('trap');
    await expect(run(program().reply(behindTheEnd))).rejects.toThrow('heap out of bounds');
    killNow('one', 'two');
    expect((await start('two')).stateHash()).toBe(before.stateHash());
  });
});

describe('a fork', () => {
  it('has its root key from the first message on', async () => {
    const ic = await start('one');
    const run = await install(ic);
    const open = run(noteKeys().reply());
    const fork = await ic.fork();
    networks.push(fork);
    await Promise.all([open, fork.idle()]);
    const noted = program().reply(memory(Address.heap, 133));
    const [canisterId] = fork.engine.canisters().map(({ id }) => id);
    if (canisterId === undefined) throw new Error('the fork has no canister');
    expect(await fork.query({ canisterId, method: 'query', arg: noted.bytes() })).toEqual(ic.rootKey);
  });
});
