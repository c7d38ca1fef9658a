import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IDL } from '@dfinity/candid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callee, caller, counter, timers, type Callee, type Caller, type Counter, type Timers } from '../../test/support/interfaces.ts';
import { ADMIN, SECOND_NS, startNetwork, type TestNetwork } from '../../test/support/network.ts';
import { unwrapReply } from '../engine/CanisterReject.ts';
import { InputLog } from './InputLog.ts';

let root: string;
let stateDir: string;
let copies = 0;
const networks: TestNetwork[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'local-ic-recovery-'));
  stateDir = join(root, 'state');
});
afterEach(async () => {
  for (const network of networks.splice(0)) await network.engine.close();
  rmSync(root, { recursive: true, force: true });
});

async function start(directory = stateDir): Promise<TestNetwork> {
  const network = await startNetwork({ stateDir: directory });
  networks.push(network);
  return network;
}

/** The disk as a process leaves it that is killed at this moment. */
function diskOfNow(): string {
  const directory = join(root, `killed ${copies++}`);
  cpSync(stateDir, directory, { recursive: true });
  rmSync(join(directory, 'engine', 'lock'), { force: true });
  return directory;
}

const newestLog = (directory: string): string => {
  const names = readdirSync(join(directory, 'engine', 'log')).sort((a, b) => parseInt(a) - parseInt(b));
  return join(directory, 'engine', 'log', names.at(-1) ?? '');
};

describe('a network whose process is killed', () => {
  it('has everything that was acknowledged, whatever it was', async () => {
    const network = await start();
    const disks: { disk: string; hash: string }[] = [];
    const note = (): void => void disks.push({ disk: diskOfNow(), hash: network.engine.stateHash() });
    note();
    const id = await network.install('counter', { start: 5n });
    note();
    await network.actor<Counter>(counter, id).increment();
    note();
    await network.actor<Counter>(counter, id).grow(100_000n);
    await network.engine.save();
    note();
    const timersId = await network.install('timers');
    await network.actor<Timers>(timers, timersId).once(30n, 'soon');
    note();
    await network.engine.advance(60n * SECOND_NS);
    note();
    await network.upgrade(id, 'counterV2');
    await network.engine.stopCanister(timersId, ADMIN);
    note();
    expect(new Set(disks.map(({ hash }) => hash)).size).toBe(disks.length);
    for (const { disk, hash } of disks) expect((await start(disk)).engine.stateHash()).toBe(hash);
  });

  it('goes on with calls that were under way, and their answers reach whoever asks for them by the request', async () => {
    const network = await start();
    const calleeId = await network.install('callee');
    const callerId = await network.install('caller', { callee: calleeId });
    const call = { canisterId: callerId, method: 'waitForRelease', arg: new Uint8Array(IDL.encode([], [])), sender: ADMIN };
    const open = network.engine.submit(call, 'request 7');
    await new Promise((resolve) => setTimeout(resolve, 30));
    const inTheLog = diskOfNow();
    await network.engine.save();
    const inTheCheckpoint = diskOfNow();
    await network.actor<Callee>(callee, calleeId).release();
    expect((await open).kind).toBe('reply');

    for (const disk of [inTheLog, inTheCheckpoint]) {
      const next = await start(disk);
      const recovered = next.engine.takeRecovered();
      expect([...recovered.keys()]).toEqual(['request 7']);
      await next.actor<Callee>(callee, calleeId).release();
      const reply = unwrapReply(await (recovered.get('request 7') ?? Promise.reject(new Error('not recovered'))));
      expect(IDL.decode([IDL.Nat], new Uint8Array(reply))[0]).toBeGreaterThan(0n);
      await next.engine.idle();
      await next.engine.stopCanister(callerId, ADMIN);
      await next.engine.stopCanister(calleeId, ADMIN);
    }
  });

  it('has everything again when it is killed a second time, and after an orderly end in between', async () => {
    const network = await start();
    const id = await network.install('counter', { start: 0n });
    await network.actor<Counter>(counter, id).increment();
    const once = await start(diskOfNow());
    await once.actor<Counter>(counter, id).increment();
    await once.engine.close();
    stateDir = join(root, `killed ${copies - 1}`);
    const twice = await start();
    await twice.actor<Counter>(counter, id).increment();
    expect(await (await start(diskOfNow())).actor<Counter>(counter, id).get()).toBe(3n);
  });

  it('runs nothing before it keeps what it runs, even if the log ends with more than a round of work', async () => {
    const network = await start();
    const canisterId = await network.install('counter', { start: 0n });
    const call = { canisterId, method: 'increment', arg: new Uint8Array(IDL.encode([], [])), sender: ADMIN };
    const open = Array.from({ length: 2_000 }, () => network.engine.submit(call));
    stateDir = diskOfNow();
    await Promise.all(open);

    const next = await start();
    await next.engine.idle();
    expect(await next.actor<Counter>(counter, canisterId).increment()).toBe(2_001n);
    const again = await start(diskOfNow());
    await again.engine.idle();
    expect(again.engine.stateHash()).toBe(next.engine.stateHash());
  });

  it('keeps what callbacks need: marks before and after an await', async () => {
    const network = await start();
    const calleeId = await network.install('callee');
    const callerId = await network.install('caller', { callee: calleeId });
    await network.engine.save();
    await expect(network.actor<Caller>(caller, callerId).trapWithFinally()).rejects.toThrow('after the await');
    const next = await start(diskOfNow());
    expect(await next.actor<Caller>(caller, callerId).state()).toEqual({ marks: 1n, cleanups: 1n });
  });

  it('takes half an entry at the end of the log for none', async () => {
    const network = await start();
    const id = await network.install('counter', { start: 0n });
    await network.engine.save();
    const hashes = [network.engine.stateHash()];
    for (let i = 0; i < 3; i++) {
      await network.actor<Counter>(counter, id).increment();
      hashes.push(network.engine.stateHash());
    }
    const disk = diskOfNow();
    const whole = readFileSync(newestLog(disk));
    const reached = new Set<number>();
    for (let length = 0; length <= whole.length; length += 41) {
      const cut = join(root, `cut ${length}`);
      cpSync(disk, cut, { recursive: true });
      writeFileSync(newestLog(cut), whole.subarray(0, length));
      const next = await start(cut);
      await next.engine.idle();
      const count = Number(await next.actor<Counter>(counter, id).get());
      reached.add(count);
      await next.engine.close();
    }
    expect([...reached].sort()).toEqual([0, 1, 2, 3]);
    expect((await start(disk)).engine.stateHash()).toBe(hashes[3]);
  });

  it('runs the log again under the rules it was written under, and goes on under those of now', async () => {
    const network = await startNetwork({ stateDir, cycles: 'charged' });
    networks.push(network);
    const id = await network.install('counter', { start: 0n });
    await network.actor<Counter>(counter, id).increment();
    const disk = diskOfNow();
    const free = await startNetwork({ stateDir: disk, instructionLimits: { update: 100_000_000n } });
    networks.push(free);
    const { balance } = free.engine.cycles(id);
    expect(balance).toBe(network.engine.cycles(id).balance);
    await free.actor<Counter>(counter, id).increment();
    expect(free.engine.cycles(id).balance).toBe(balance);
  });

  it('says so when running the log again comes to something else, instead of going on', async () => {
    const network = await start();
    await network.install('counter', { start: 0n });
    const disk = diskOfNow();
    const log = new InputLog(join(disk, 'engine'));
    log.append({ kind: 'round', round: { timeNs: network.engine.now(), offsetNs: 0n, messages: 0, answers: 77 } });
    log.close();
    await expect(startNetwork({ stateDir: disk })).rejects.toThrow('came to other answers');
    const further = diskOfNow();
    const second = new InputLog(join(further, 'engine'));
    second.append({ kind: 'round', round: { timeNs: network.engine.now(), offsetNs: 0n, messages: 1, answers: 0 } });
    second.close();
    await expect(startNetwork({ stateDir: further })).rejects.toThrow('1 messages ran in a round that now has only 0');
  });

  it('tells nobody of what it could not write down, and stops', async () => {
    const network = await start();
    const id = await network.install('counter', { start: 0n });
    await network.engine.save();
    const before = diskOfNow();
    rmSync(join(stateDir, 'engine', 'log'), { recursive: true });
    await expect(network.actor<Counter>(counter, id).increment()).rejects.toThrow('ENOENT');
    rmSync(stateDir, { recursive: true });
    cpSync(before, stateDir, { recursive: true });
    await network.engine.close().catch(() => undefined);
    networks.splice(0);
    expect(await (await start(before)).actor<Counter>(counter, id).get()).toBe(0n);
  });
});
