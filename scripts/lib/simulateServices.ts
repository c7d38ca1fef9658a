import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from './paths.ts';

/**
 * Random visits to the app under faults. They load the app's library, so Vitest plays them; what it says is passed on.
 * @returns its exit code: 0 only if everything held
 */
export async function simulateServices({ runs, seed }: { runs: number; seed: number }): Promise<number> {
  const args = ['run', '--project', 'simulation', 'tests/simulation/services/visits.test.ts'];
  const child = spawn(join(root, 'node_modules/.bin/vitest'), args, {
    cwd: root,
    env: { ...process.env, SIMULATE_RUNS: `${runs}`, SIMULATE_SEED: `${seed}` },
    stdio: 'inherit'
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
