import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { glob, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './paths.ts';

const stamp = join(root, 'build/.source-hash');

/** Hash of everything the app is built from. */
async function sourceHash(): Promise<string> {
  const hash = createHash('sha256');
  const files: string[] = [];
  for await (const file of glob(
    [
      'src/**/*',
      'static/**/*',
      'static/.*',
      'static/.*/*',
      'svelte.config.js',
      'scripts/lib/securityHeader.mjs',
      'vite.config.ts',
      'package-lock.json'
    ],
    { cwd: root }
  ))
    files.push(file);
  for (const file of files.sort()) {
    const content = await readFile(join(root, file)).catch(() => undefined); // folders come along in the glob
    if (content) hash.update(file).update('\0').update(content).update('\0');
  }
  return hash.digest('hex');
}

/** Builds the static app into build/, unless nothing it is made of changed since the last build. */
export async function buildApp(): Promise<void> {
  const hash = await sourceHash();
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === hash) return;
  for (const command of [
    ['svelte-kit', 'sync'],
    ['vite', 'build', '--logLevel', 'warn']
  ]) {
    const [tool = '', ...args] = command;
    const run = spawnSync(join(root, 'node_modules/.bin', tool), args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`${command.join(' ')} failed:\n${run.stdout}\n${run.stderr}`);
  }
  await writeFile(stamp, hash);
}
