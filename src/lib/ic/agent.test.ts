import { describe, expect, it } from 'vitest';
import { mayFetchRootKey } from './agent';

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
