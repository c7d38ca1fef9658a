import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpAgent } from '@dfinity/agent';
import { describe, expect, it } from 'vitest';

const COMMAND = new URL('../bin/local-ic.ts', import.meta.url).pathname;

function run(args: string[]) {
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { text: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.text += chunk.toString()));
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  return { child, output, exit };
}

async function startNetwork(stateDir: string) {
  const { child, output, exit } = run(['start', '--state', stateDir, '--port', '0', '--provider-port', '0', '--controls-port', '0']);
  const ended = exit.then(() => Promise.reject(new Error(`it ended: ${output.text}`)));
  const started = new Promise<string>((resolve) => child.stdout.on('data', () => output.text.includes('Ctrl-C') && resolve(output.text)));
  const text = await Promise.race([started, ended]);
  ended.catch(() => undefined);
  const find = (pattern: RegExp) => pattern.exec(text)?.[1] ?? '';
  return {
    url: find(/interface\s+(\S+)/),
    providerUrl: find(/provider\s+(\S+)/),
    controlsUrl: find(/faults\s+(\S+)/),
    rootKey: find(/Root key\s+(\S+)/),
    async stop() {
      child.kill('SIGINT');
      return exit;
    }
  };
}

describe('local-ic start', () => {
  it('serves a network and a provider, and comes back the same', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'local-ic-cli-'));
    try {
      const first = await startNetwork(stateDir);
      const agent = await HttpAgent.create({ host: first.url, shouldFetchRootKey: true });
      expect(Buffer.from(agent.rootKey ?? []).toString('hex')).toBe(first.rootKey);
      expect((await fetch(first.providerUrl)).status).toBe(200);
      expect(await (await fetch(first.controlsUrl)).text()).toContain('<title>Network faults</title>');
      expect(await first.stop()).toBe(0);
      const second = await startNetwork(stateDir);
      expect(second.rootKey).toBe(first.rootKey);
      expect(await second.stop()).toBe(0);
    } finally {
      await rm(stateDir, { recursive: true, force: true });
    }
  });

  it.each([
    [[], 2, 'There is one command: start'],
    [['stop'], 2, 'There is one command: start'],
    [['start', '--port', 'x'], 2, '--port takes a port number from 0 to 65535, not "x"'],
    [['start', '--nonsense'], 2, "Unknown option '--nonsense'"]
  ])('explains itself: %o', async (args, code, text) => {
    const { output, exit } = run(args);
    expect(await exit).toBe(code);
    expect(output.text).toContain(text);
    expect(output.text).toContain('Usage: local-ic start');
  });
});
