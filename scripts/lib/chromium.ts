import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const candidates = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium'
];

const run = (command: string, args: string[]): boolean => spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;

async function playwrightsOwn(): Promise<string | undefined> {
  const { chromium } = await import('@playwright/test');
  const path = chromium.executablePath();
  return existsSync(path) ? path : undefined;
}

/**
 * A Chromium for the browser tests: CHROME_PATH, an installed one, or one installed now (Debian: its package, when we may; elsewhere Playwright's).
 * @throws with what to do when none can be had.
 */
export async function findChromium(): Promise<string> {
  const asked = process.env['CHROME_PATH'];
  if (asked) {
    if (existsSync(asked)) return asked;
    throw new Error(`CHROME_PATH is ${asked}, and there is no such file.`);
  }
  const installed = candidates.find((path) => existsSync(path)) ?? (await playwrightsOwn());
  if (installed) return installed;
  console.log('No Chromium found: installing one ...');
  if (existsSync('/etc/debian_version') && process.getuid?.() === 0) {
    if (run('apt-get', ['update', '-qq']) && run('apt-get', ['install', '-y', '-qq', 'chromium']) && existsSync('/usr/bin/chromium'))
      return '/usr/bin/chromium';
  }
  if (run('npx', ['playwright', 'install', 'chromium'])) {
    const own = await playwrightsOwn();
    if (own) return own;
  }
  throw new Error(
    'No Chromium, and none could be installed. Install one (Debian: apt-get install chromium) or set CHROME_PATH to its program.'
  );
}
