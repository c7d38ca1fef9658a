import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/lib/paths.ts';
import type { Row } from './measure.ts';

/**
 * The app's services against a local network: what idle pages ask for, how soon an outage is seen, how settlements fare when requests fail.
 * Measured by Vitest, which can load the app's library and stop its clock; it leaves the rows in a file.
 */
export async function services(): Promise<Row[]> {
  const directory = await mkdtemp(join(tmpdir(), 'satstrike-bench-'));
  const file = join(directory, 'rows.json');
  try {
    const child = spawn(join(root, 'node_modules/.bin/vitest'), ['run', '--project', 'bench'], {
      cwd: root,
      env: { ...process.env, BENCH_ROWS: file },
      stdio: ['ignore', 'inherit', 'inherit']
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`Measuring the services ended with ${code ?? 'a signal'}`);
    return JSON.parse(await readFile(file, 'utf8')) as Row[];
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
