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
  for await (const file of glob(['src/**/*', 'static/**/*', 'static/.*', 'static/.*/*', 'svelte.config.js', 'vite.config.ts', 'package-lock.json'], { cwd: root })) files.push(file);
  for (const file of files.sort()) {
    const content = await readFile(join(root, file)).catch(() => undefined); // folders come along in the glob
    if (content) hash.update(file).update('\0').update(content).update('\0');
  }
  return hash.digest('hex');
}

/**
 * Puts the page's own Content-Security-Policy into the response header: a policy in a header and one in a meta tag intersect, so the header must
 * carry the same script hashes as the page. Directives that only work in a header are added here.
 */
export async function writeSecurityHeader(buildDir: string): Promise<void> {
  const page = await readFile(join(buildDir, 'index.html'), 'utf8');
  const policy = /<meta http-equiv="content-security-policy" content="([^"]+)"/.exec(page)?.[1];
  if (!policy) throw new Error('build/index.html has no Content-Security-Policy meta tag: check kit.csp in svelte.config.js');
  const assets = join(buildDir, '.ic-assets.json5');
  const rules = await readFile(assets, 'utf8');
  if (!rules.includes('{{page-policy}}')) throw new Error('static/.ic-assets.json5 has no {{page-policy}} to fill in');
  await writeFile(assets, rules.replaceAll('{{page-policy}}', `${policy}; frame-ancestors 'none'`));
}

/** Builds the static app into build/, unless nothing it is made of changed since the last build. */
export async function buildApp(): Promise<void> {
  const hash = await sourceHash();
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === hash) return;
  for (const command of [['svelte-kit', 'sync'], ['vite', 'build', '--logLevel', 'warn']]) {
    const [tool = '', ...args] = command;
    const run = spawnSync(join(root, 'node_modules/.bin', tool), args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`${command.join(' ')} failed:\n${run.stdout}\n${run.stderr}`);
  }
  await writeSecurityHeader(join(root, 'build'));
  await writeFile(stamp, hash);
}
