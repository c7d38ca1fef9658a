// Runs on whatever Node the machine has (>= 20.19): installs the packages when they are missing or out of date, then hands over to the
// project's own Node 24 (npm package `node`), which understands TypeScript and 64-bit Wasm tables.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { delimiter, join } from 'node:path';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = join(root, 'node_modules', '.bin');
const lock = join(root, 'package-lock.json');
// npm writes this file at the end of every install.
const installed = join(root, 'node_modules', '.package-lock.json');

function installIfNeeded() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Satstrike needs Node 20.19 or newer to start; this is ${process.versions.node}. Get one at https://nodejs.org`);
    process.exit(1);
  }
  if (existsSync(join(bin, 'node')) && existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  // Standard output belongs to the command: some of them print a table.
  console.error('Installing packages (npm ci) ...');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['inherit', process.stderr, 'inherit'],
    shell: process.platform === 'win32'
  });
  if (npm.status !== 0) {
    console.error('npm ci failed: see its message above. A package registry must be reachable for the first start.');
    process.exit(npm.status ?? 1);
  }
  if (!existsSync(join(bin, 'node'))) {
    console.error('The npm package `node` brought no Node 24: install scripts are switched off. Run: npm ci --ignore-scripts=false');
    process.exit(1);
  }
}

/** Runs a TypeScript file of this project on Node 24, with options of Node if there are any, and leaves with its exit code. */
export function runOnNode24(script, args = process.argv.slice(2), nodeOptions = []) {
  installIfNeeded();
  const env = { ...process.env, PATH: bin + delimiter + process.env.PATH };
  const child = spawn(join(bin, 'node'), ['--disable-warning=ExperimentalWarning', ...nodeOptions, join(root, script), ...args], {
    cwd: root,
    stdio: 'inherit',
    env
  });
  // Ctrl-C reaches the child too (same terminal); a signal sent to this process alone is passed on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}
