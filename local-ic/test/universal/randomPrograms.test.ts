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

type Cycles = 'free' | 'charged';

async function runInProcess(
  seed: string,
  steps: number,
  cycles: Cycles
): Promise<{ lines: string[]; hash: string; instructions: bigint[] }> {
  const engine = await createEngine({ clock: { startNs: START_NS }, randomSeed: new Uint8Array(32), cycles });
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

describe.each<Cycles>(['free', 'charged'])('random programs, %s', (cycles) => {
  it.each(['one', 'two', 'three'])('come to the same twice: seed %s', async (seed) => {
    const [first, second] = await Promise.all([runInProcess(seed, 150, cycles), runInProcess(seed, 150, cycles)]);
    expect(second).toEqual(first);
    // A run in which hardly anything succeeds would prove nothing.
    expect(first.lines.filter((line) => line.includes('reply of')).length).toBeGreaterThan(50);
    expect(first.lines.join()).toContain('IC05');
  });

  it('differ with the seed', async () => {
    expect((await runInProcess('one', 30, cycles)).hash).not.toBe((await runInProcess('two', 30, cycles)).hash);
  });

  it('come to the same when their process is killed again and again', async () => {
    const [seed, steps] = [`killed ${cycles}`, 200];
    const undisturbed = await runInProcess(seed, steps, cycles);
    const stateDir = mkdtempSync(join(tmpdir(), 'random-programs-'));
    const dice = new Dice(`kills ${cycles}`);
    const lines: string[] = [];
    const hasEnded = (): boolean => lines.at(-1)?.startsWith('end') === true;
    const goOn = (killAfterMs?: number): Promise<string[]> => {
      const args = ['--seed', seed, '--steps', String(steps), '--state', stateDir, '--from', String(lines.length)];
      return runScript(cycles === 'charged' ? [...args, '--charged'] : args, killAfterMs);
    };
    let kills = 0;
    try {
      for (; kills < 6 && !hasEnded(); kills++) lines.push(...(await goOn(5 + dice.below(150))));
      if (!hasEnded()) lines.push(...(await goOn()));
      expect(lines).toEqual([...undisturbed.lines, `end ${undisturbed.hash}`]);
      expect(kills).toBeGreaterThan(2);
    } finally {
      rmSync(stateDir, { recursive: true, force: true });
    }
  });
});
