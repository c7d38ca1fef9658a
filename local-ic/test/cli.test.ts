import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpAgent } from '@dfinity/agent';
import { describe, expect, it } from 'vitest';
import { runCli, startCli } from './support/cli.ts';

describe('local-ic start', () => {
  it('serves a network and a provider, and comes back the same', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'local-ic-cli-'));
    try {
      const first = await startCli(['--state', stateDir]);
      const agent = await HttpAgent.create({ host: first.url, shouldFetchRootKey: true });
      expect(Buffer.from(agent.rootKey ?? []).toString('hex')).toBe(first.rootKey);
      expect((await fetch(first.providerUrl)).status).toBe(200);
      expect(await (await fetch(first.controlsUrl)).text()).toContain('<title>Network faults</title>');
      expect(await first.stop()).toBe(0);
      const second = await startCli(['--state', stateDir]);
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
    const { output, exit } = runCli(args);
    expect(await exit).toBe(code);
    expect(output.text).toContain(text);
    expect(output.text).toContain('Usage: local-ic start');
  });
});
