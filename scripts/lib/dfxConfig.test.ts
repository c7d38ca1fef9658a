import { describe, expect, it } from 'vitest';
import { dfxConfig } from './dfxConfig.ts';

const env = { DFX_NETWORK: 'ic', CANISTER_ID_OPTIONS: 'rrkah-fqaaa-aaaaa-aaaaq-cai', CANISTER_ID_LEDGER: 'mxzaz-hqaaa-aaaar-qaada-cai' };

describe('dfxConfig', () => {
  it('writes nothing outside dfx', () => expect(dfxConfig({})).toBeUndefined());

  it('names the mainnet canisters, the real provider and no test bitcoin', () => {
    expect(JSON.parse(dfxConfig(env) ?? '')).toEqual({
      network: 'ic',
      host: 'https://icp-api.io',
      canisters: { options: 'rrkah-fqaaa-aaaaa-aaaaq-cai', ledger: 'mxzaz-hqaaa-aaaar-qaada-cai' },
      identityProvider: 'https://id.ai',
      testBitcoin: false
    });
  });

  it('adds the legacy canister and the old origin where they are given', () => {
    const config = JSON.parse(
      dfxConfig({ ...env, SATSTRIKE_LEGACY_CANISTER: 'ryjl3-tyaaa-aaaaa-aaaba-cai', SATSTRIKE_DERIVATION_ORIGIN: 'https://old.example' }) ??
        ''
    );
    expect(config).toMatchObject({ canisters: { legacy: 'ryjl3-tyaaa-aaaaa-aaaba-cai' }, derivationOrigin: 'https://old.example' });
  });

  it('says which id is missing or malformed', () => {
    expect(() => dfxConfig({ ...env, CANISTER_ID_OPTIONS: undefined })).toThrow(
      'CANISTER_ID_OPTIONS should be a canister id, and is not set.'
    );
    expect(() => dfxConfig({ ...env, CANISTER_ID_LEDGER: 'x y' })).toThrow('CANISTER_ID_LEDGER should be a canister id, and is x y.');
  });

  it('refuses a network it has no configuration for', () => expect(() => dfxConfig({ ...env, DFX_NETWORK: 'local' })).toThrow('"local"'));
});
