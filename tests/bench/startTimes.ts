import { spawn } from 'node:child_process';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/lib/paths.ts';
import type { Row } from './measure.ts';

/** Seconds from the command to the line that names the app's address. Stops the network again. */
async function startSeconds(stateDir: string): Promise<number> {
  const started = performance.now();
  const child = spawn('node', ['scripts/start.ts', '--state', stateDir, '--port', '5943'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit']
  });
  const seconds = await new Promise<number>((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('Stop with Ctrl-C')) resolve((performance.now() - started) / 1000);
    });
    child.on('exit', (code) => reject(new Error(`npm start left with ${code}:\n${output}`)));
  });
  await new Promise((resolve) => {
    child.removeAllListeners('exit').on('exit', resolve);
    child.kill('SIGTERM');
  });
  return seconds;
}

/** Cold: nothing compiled, nothing built, no state (packages installed). Fresh: caches, no state. Warm: a second start. */
export async function startTimes(): Promise<Row[]> {
  const stateDir = await mkdtemp(join(tmpdir(), 'satstrike-bench-'));
  const aside = join(stateDir, 'aside');
  const cache = join(root, '.cache/motoko');
  const build = join(root, 'build');
  try {
    for (const [dir, name] of [
      [cache, 'motoko'],
      [build, 'build']
    ] as const)
      if (existsSync(dir)) await rename(dir, `${aside}-${name}`);
    const cold = await startSeconds(join(stateDir, 'cold'));
    const fresh = await startSeconds(join(stateDir, 'fresh'));
    const warm = await startSeconds(join(stateDir, 'fresh'));
    return [
      { what: 'npm start, cold (compile, build, deploy)', value: cold, unit: 's', comparedWith: 'with caches', other: fresh },
      { what: 'npm start, second start', value: warm, unit: 's', comparedWith: 'goal', other: 10 }
    ];
  } finally {
    await rm(stateDir, { recursive: true, force: true });
  }
}
