import { describe, expect, it, vi } from 'vitest';
import { anonymous } from './identity';
import { createAgent, mayFetchRootKey } from './agent';

describe('the root key', () => {
  it.each(['http://localhost:4943', 'http://127.0.0.1:4943', 'http://[::1]:4943', 'http://mxzaz-hqaaa-aaaar-qaada-cai.localhost:4943'])(
    'may be fetched from this machine: %s',
    (host) => {
      expect(mayFetchRootKey('local', host)).toBe(true);
    }
  );

  it.each([
    'http://localhost.example.com',
    'http://notlocalhost',
    'http://127.0.0.1.example.com',
    'https://icp-api.io',
    'http://10.0.0.1:4943',
    'http://0.0.0.0'
  ])('is not fetched from elsewhere: %s', (host) => {
    expect(() => mayFetchRootKey('local', host)).toThrow('a local network must be reached on this machine');
  });

  it('is never fetched on the mainnet, whatever its host', () => {
    expect(mayFetchRootKey('ic', 'http://localhost:4943')).toBe(false);
    expect(mayFetchRootKey('ic', 'https://icp-api.io')).toBe(false);
  });
});

describe('the keys of the nodes', () => {
  it('are asked for once by all who need them at the same time, and again by who comes later', async () => {
    // The agent says on the console what it couldn't read.
    const said = (['warn', 'group', 'groupEnd'] as const).map((name) => vi.spyOn(console, name).mockReturnValue(undefined));
    const asked: string[] = [];
    const away: typeof fetch = (input) => {
      asked.push(new URL(input instanceof Request ? input.url : input).pathname);
      return Promise.resolve(new Response('', { status: 503 }));
    };
    const config = { network: 'ic', host: 'https://icp-api.io' } as const;
    const agent = createAgent({ config, identity: anonymous, fetch: away });
    const [one, other] = ['rrkah-fqaaa-aaaaa-aaaaq-cai', 'ryjl3-tyaaa-aaaaa-aaaba-cai'];
    const ask = (...ids: string[]) => Promise.allSettled(ids.map((id) => agent.fetchSubnetKeys(id)));
    await ask(one, one, one, other);
    // Each time the agent itself tries twice.
    expect(asked.filter((path) => path.includes(one))).toHaveLength(2);
    expect(asked.filter((path) => path.includes(other))).toHaveLength(2);
    await ask(one);
    expect(asked.filter((path) => path.includes(one))).toHaveLength(4);
    for (const spy of said) spy.mockRestore();
  });
});
