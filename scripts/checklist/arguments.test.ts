import { describe, expect, it } from 'vitest';
import { readChecklistArguments, UsageError } from './arguments.ts';

const read = (line: string, env: Record<string, string> = {}) => readChecklistArguments(line.split(' ').filter(Boolean), env);

describe("the checklist's arguments", () => {
  it('need no more than the local network', () => {
    expect(read('--network local')).toEqual({
      network: 'local',
      canary: false,
      site: 'http://localhost:4943',
      configFile: undefined,
      operatorFile: undefined,
      canaryFile: undefined
    });
    expect(read('--network local --canary', { SATSTRIKE_URL: 'http://localhost:6143/trade' })).toMatchObject({
      canary: true,
      site: 'http://localhost:6143'
    });
  });

  it('find files where the caller is', () => {
    const { configFile, operatorFile, site } = read('--network ic --config build/config.json --operator /keys/desk.pem', {
      INIT_CWD: '/home/me'
    });
    expect(configFile).toBe('/home/me/build/config.json');
    expect(operatorFile).toBe('/keys/desk.pem');
    expect(site).toBeUndefined();
  });

  it.each([
    ['', 'Which network?'],
    ['--network', 'network'],
    ['--network mainnet', 'There is no network "mainnet"'],
    ['--network local --fast', '--fast'],
    ['--network local go', 'go'],
    ['--network local --site example.org', '--site takes an address'],
    ['--network local --site ftp://example.org', '--site takes an address'],
    ['--network local --operator desk.pem', 'keys of its own'],
    ['--network ic', 'needs --site URL, --config FILE, or both'],
    ['--network ic --site http://example.org', 'served over https'],
    ['--network ic --site https://example.org --canary', 'spends real bitcoin']
  ])('%s is refused with words and the usage', (line, words) => {
    let message = '';
    try {
      read(line);
    } catch (error) {
      if (error instanceof UsageError) message = error.message;
    }
    expect(message).toContain(words);
    expect(message).toContain('Usage: npm run checklist');
  });
});
