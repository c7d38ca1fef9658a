import { describe, expect, it } from 'vitest';
import { AppError } from '../errors/AppError';
import { loadConfig, parseConfig } from './loadConfig';

const good = {
  network: 'local',
  host: '',
  canisters: { options: 'mxzaz-hqaaa-aaaar-qaada-cai', ledger: 'mxzaz-hqaaa-aaaar-qaada-cai', legacy: 'uf6dk-hyaaa-aaaaq-qaaaq-cai' },
  identityProvider: 'http://localhost:4944',
  replay: { source: 'a recording', anchorNs: '1700000000000000000', recordingStartNs: '1677628800000000000' },
  testBitcoin: true
};

function failure(run: () => unknown): AppError {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error('nothing was refused');
}

const answering =
  (body: string, status = 200): typeof fetch =>
  () =>
    Promise.resolve(new Response(body, { status }));

describe('the configuration', () => {
  it('is read with its times as integers', () => {
    const config = parseConfig(good);
    expect(config.replay).toEqual({
      source: 'a recording',
      anchorNs: 1_700_000_000_000_000_000n,
      recordingStartNs: 1_677_628_800_000_000_000n
    });
    expect(config.derivationOrigin).toBeUndefined();
    expect(config.canisters.legacy).toBe('uf6dk-hyaaa-aaaaq-qaaaq-cai');
  });

  it('may leave out what a network does not have', () => {
    const { replay, testBitcoin, ...rest } = good;
    expect(replay.source + String(testBitcoin)).toBe('a recordingtrue');
    const config = parseConfig({ ...rest, canisters: { options: good.canisters.options, ledger: good.canisters.ledger, legacy: null } });
    expect(config).toMatchObject({ replay: undefined, testBitcoin: false, canisters: { legacy: undefined } });
  });

  it.each([
    [{ ...good, network: 'test' }, 'network must be "local" or "ic"'],
    [{ ...good, host: 'icp-api.io' }, 'host must be an http or https address'],
    [{ ...good, host: 'javascript:alert(1)' }, 'host must be an http or https address'],
    [{ ...good, canisters: { ...good.canisters, options: 'options' } }, 'canisters.options must be a canister id'],
    [{ ...good, identityProvider: 'id.ai' }, 'identityProvider must be an http or https address'],
    [{ ...good, replay: { ...good.replay, anchorNs: 17 } }, 'replay.anchorNs must be a whole number written as a text'],
    [{ ...good, testBitcoin: 'yes' }, 'testBitcoin must be true or false'],
    [{ ...good, switches: { balances: 'off' } }, 'switches.balances must be true or false'],
    [{ ...good, switches: { balance: false } }, 'nothing but balances, admin, settlement and entry']
  ])('names the field at fault (%#)', (raw, message) => {
    const error = failure(() => parseConfig(raw));
    expect(error.kind).toBe('internal');
    expect(error.message).toContain(message);
  });

  it('may switch services off', () => {
    expect(parseConfig(good).switches).toEqual({});
    expect(parseConfig({ ...good, switches: null }).switches).toEqual({});
    expect(parseConfig({ ...good, switches: { settlement: false, admin: true } }).switches).toEqual({ settlement: false, admin: true });
  });

  it('names every field at fault', () => {
    const { message } = failure(() => parseConfig({ ...good, network: 'x', host: 'y' }));
    expect(message).toContain('network');
    expect(message).toContain('host');
  });

  it('is fetched from where the deploy put it', async () => {
    expect((await loadConfig(answering(JSON.stringify(good)))).network).toBe('local');
  });

  it('tells a lost connection from a broken site', async () => {
    await expect(loadConfig(() => Promise.reject(new TypeError('no route')))).rejects.toMatchObject({
      kind: 'temporary',
      code: 'unreachable'
    });
    await expect(loadConfig(answering('', 503))).rejects.toMatchObject({ kind: 'temporary', code: 'config_missing' });
    await expect(loadConfig(answering('', 404))).rejects.toMatchObject({ kind: 'internal', code: 'config_missing' });
    await expect(loadConfig(answering('<html>'))).rejects.toMatchObject({ kind: 'internal', code: 'config_invalid' });
  });
});
