import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IDL } from '@dfinity/candid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callee, caller, timers, type Callee, type Caller, type Timers } from '../../test/support/interfaces.ts';
import { ADMIN, SECOND_NS, startNetwork, type TestNetwork } from '../../test/support/network.ts';
import { unwrapReply } from '../engine/CanisterReject.ts';
import { MessageFaults } from '../faults/MessageFaults.ts';
import { RuleBook } from '../faults/RuleBook.ts';
import type { FaultRule } from '../faults/types.ts';

let root: string;
let copies = 0;
const networks: TestNetwork[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'local-ic-faults-'));
});
afterEach(async () => {
  for (const network of networks.splice(0)) await network.engine.close();
  rmSync(root, { recursive: true, force: true });
});

async function start(directory = join(root, 'state')): Promise<TestNetwork> {
  const network = await startNetwork({ stateDir: directory });
  networks.push(network);
  return network;
}

/** The disk as a process leaves it that is killed at this moment. */
function diskOfNow(): string {
  const directory = join(root, `killed ${copies++}`);
  cpSync(join(root, 'state'), directory, { recursive: true });
  rmSync(join(directory, 'engine', 'lock'), { force: true });
  return directory;
}

function disturb({ engine }: TestNetwork, rules: FaultRule[]): RuleBook {
  const book = new RuleBook({ seed: 'recovery', rules });
  engine.setCanisterFaults(new MessageFaults(book, (rule) => engine.releaseHeld(rule)));
  return book;
}

describe('a network with faults whose process is killed', () => {
  it('has all that they did, without the rules that did it', async () => {
    const network = await start();
    const calleeId = await network.install('callee');
    const actor = network.actor<Caller>(caller, await network.install('caller', { callee: calleeId }));
    const clock = network.actor<Timers>(timers, await network.install('timers'));
    await clock.every(3n, 'tick');
    const book = disturb(network, [
      { kind: 'canister-trap', when: 'after', probability: 0.2 },
      { kind: 'callback-trap', probability: 0.3 },
      { kind: 'slow-callee', ms: 300, jitterMs: 3_000, probability: 0.5 },
      { kind: 'silent-callee', on: 'response', probability: 0.2, match: { from: 'canister' } },
      { kind: 'canister-stop', forMs: 1_000, after: 8, count: 1 },
      { kind: 'canister-reject', probability: 0.2 },
      { kind: 'out-of-cycles', on: 'call', probability: 0.1 },
      { kind: 'canister-upgrade', on: 'message', probability: 0.2, match: { canisterId: calleeId.toText() } }
    ]);
    const disks: { disk: string; hash: string }[] = [];
    const note = (): void => void disks.push({ disk: diskOfNow(), hash: network.engine.stateHash() });
    const open: Promise<unknown>[] = [];
    for (let round = 0; round < 4; round++) {
      open.push(actor.echo('a'), actor.trapWithFinally(), actor.callItself(3n), actor.note());
      for (const call of open) call.catch(() => undefined);
      await network.engine.advance(2n * SECOND_NS);
      note();
      if (round === 1) await network.engine.save();
      if (round === 2) book.rules[3]?.remove();
    }
    book.clear();
    await Promise.allSettled(open);
    await network.engine.idle();
    note();
    expect(book.log.length).toBeGreaterThan(15);
    for (const { disk, hash } of disks) expect((await start(disk)).engine.stateHash()).toBe(hash);
  });

  it('still holds back what they held, until somebody lets it go', async () => {
    const network = await start();
    const calleeId = await network.install('callee');
    const callerId = await network.install('caller', { callee: calleeId });
    disturb(network, [{ kind: 'silent-callee', match: { from: 'canister' } }]);
    const arg = new Uint8Array(IDL.encode([IDL.Text], ['held']));
    const open = network.engine.submit({ canisterId: callerId, method: 'echo', arg, sender: ADMIN }, 'request 7');
    await network.engine.idle();
    const inTheLog = diskOfNow();
    await network.engine.save();
    const inTheCheckpoint = diskOfNow();
    network.engine.releaseHeld();
    expect((await open).kind).toBe('reply');

    for (const disk of [inTheLog, inTheCheckpoint]) {
      const next = await start(disk);
      const answer = next.engine.takeRecovered().get('request 7') ?? Promise.reject(new Error('not recovered'));
      await next.engine.advance(3_600n * SECOND_NS);
      expect(await next.actor<Callee>(callee, calleeId).count()).toBe(0n);
      next.engine.releaseHeld();
      expect(IDL.decode([IDL.Text], unwrapReply(await answer))).toEqual(['held']);
      await next.engine.stopCanister(callerId, ADMIN);
    }
  });
});
