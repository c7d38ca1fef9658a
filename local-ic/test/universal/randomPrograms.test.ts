import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../src/engine/createEngine.ts';
import { START_NS } from '../support/network.ts';
import { CommandRunner } from './CommandRunner.ts';
import { Dice } from './Dice.ts';

const SCRIPT = new URL('runPrograms.ts', import.meta.url).pathname;

async function runInProcess(seed: string, steps: number): Promise<{ lines: string[]; hash: string; instructions: bigint[] }> {
  const engine = await createEngine({ clock: { startNs: START_NS }, randomSeed: new Uint8Array(32) });
  const runner = new CommandRunner(engine, seed);
  const lines: string[] = [];
  for (let index = 0; index < steps; index++) lines.push(await runner.next());
  const instructions = engine.canisters().map(({ id }) => engine.instructions(id).total);
  const result = { lines, hash: engine.stateHash(), instructions };
  await engine.close();
  return result;
}

/** Runs the script until it ends, or is killed this long after it began to acknowledge. @returns the lines it printed */
function runScript(args: string[], killAfterMs?: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [SCRIPT, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines: string[] = [];
    let killed = false;
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (lines.push(line) > 1 || killAfterMs === undefined) return;
      setTimeout(() => (killed = child.kill('SIGKILL')), killAfterMs);
    });
    child.on('close', (code) => (code === 0 || killed ? resolve(lines) : reject(new Error(`the script ended with ${code}`))));
  });
}

describe('random programs', () => {
  it.each(['one', 'two', 'three', 'four'])('come to the same twice: seed %s', async (seed) => {
    const [first, second] = await Promise.all([runInProcess(seed, 150), runInProcess(seed, 150)]);
    expect(second).toEqual(first);
    // A run in which hardly anything succeeds would prove nothing.
    expect(first.lines.filter((line) => line.includes('reply of')).length).toBeGreaterThan(50);
    expect(first.lines.join()).toContain('IC05');
  });

  it('differ with the seed', async () => {
    expect((await runInProcess('one', 30)).hash).not.toBe((await runInProcess('two', 30)).hash);
  });

  it.each(['five', 'six'])('come to the same when their process is killed again and again: seed %s', async (seed) => {
    const steps = 200;
    const undisturbed = await runInProcess(seed, steps);
    const stateDir = mkdtempSync(join(tmpdir(), 'random-programs-'));
    const dice = new Dice(`kills ${seed}`);
    const lines: string[] = [];
    let kills = 0;
    try {
      for (; kills < 6 && lines.at(-1)?.startsWith('end') !== true; kills++) lines.push(...(await goOn(lines.length, 5 + dice.below(150))));
      if (lines.at(-1)?.startsWith('end') !== true) lines.push(...(await goOn(lines.length)));
      expect(lines).toEqual([...undisturbed.lines, `end ${undisturbed.hash}`]);
      expect(kills).toBeGreaterThan(2);
    } finally {
      rmSync(stateDir, { recursive: true, force: true });
    }

    function goOn(from: number, killAfterMs?: number): Promise<string[]> {
      return runScript(['--seed', seed, '--steps', String(steps), '--state', stateDir, '--from', String(from)], killAfterMs);
    }
  });
});
