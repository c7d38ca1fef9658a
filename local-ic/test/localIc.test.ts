import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Principal } from '@dfinity/principal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CanisterReject, createLocalIc, type LocalIc } from '../src/index.ts';
import { agentFixtureInterface, installAgentFixture, type AgentFixture } from './support/agentFixture.ts';

describe('createLocalIc', () => {
  let ic: LocalIc;
  let canisterId: Principal;

  beforeAll(async () => {
    ic = await createLocalIc({ seed: 'test', clock: { startNs: 1_700_000_000_000_000_000n } });
    canisterId = await installAgentFixture(ic);
  });
  afterAll(() => ic.close());

  it('calls a canister as somebody, typed and without HTTP', async () => {
    const user = Principal.selfAuthenticating(Uint8Array.of(1));
    const actor = ic.actor<AgentFixture>(agentFixtureInterface, canisterId, user);
    const before = await actor.get();
    expect(await actor.increment()).toBe(before + 1n);
    expect(await actor.get()).toBe(before + 1n);
    expect((await actor.whoAmI()).toText()).toBe(user.toText());
    expect((await actor.whoAmIQuery()).toText()).toBe(user.toText());
    expect(await actor.certify(Uint8Array.of(1, 2))).toBeUndefined();
  });

  it('throws a CanisterReject that says what kind of reject it is', async () => {
    const actor = ic.actor<AgentFixture>(agentFixtureInterface, canisterId);
    const trap = await actor.trap('on purpose').catch((error: unknown) => error);
    expect(trap).toBeInstanceOf(CanisterReject);
    expect(trap).toMatchObject({ code: 5, errorCode: 'IC0503', message: expect.stringContaining('on purpose') as string });
    await expect(actor.refuse('no')).rejects.toMatchObject({ code: 4, message: 'no' });
    await expect(actor.trapInQuery('asked')).rejects.toMatchObject({ code: 5, errorCode: 'IC0503' });
    await expect(actor.uninvited()).rejects.toMatchObject({ code: 4, errorCode: 'IC0406' });
  });

  it('gives ids in order, and an id that is asked for', async () => {
    const twin = await createLocalIc({ seed: 'test' });
    const [first, second] = [await twin.createCanister(), await twin.createCanister()];
    expect(first.toText()).toBe(canisterId.toText());
    expect(second.toText()).not.toBe(first.toText());
    const mainnet = Principal.fromText('mxzaz-hqaaa-aaaar-qaada-cai');
    expect((await twin.createCanister({ canisterId: mainnet })).toText()).toBe(mainnet.toText());
    await expect(twin.createCanister({ canisterId: mainnet })).rejects.toBeInstanceOf(CanisterReject);
    expect(twin.rootKey).toEqual(ic.rootKey);
    await twin.close();
  });

  it('lets only controllers stop and start', async () => {
    const stranger = Principal.selfAuthenticating(Uint8Array.of(2));
    await expect(ic.stopCanister(canisterId, stranger)).rejects.toMatchObject({ errorCode: 'IC0512' });
    await ic.stopCanister(canisterId);
    const actor = ic.actor<AgentFixture>(agentFixtureInterface, canisterId);
    await expect(actor.increment()).rejects.toMatchObject({ code: 5, errorCode: 'IC0508' });
    await ic.startCanister(canisterId);
    expect(await actor.increment()).toBeGreaterThan(0n);
  });

  it('moves its clock only when told to', async () => {
    const before = ic.now();
    await ic.idle();
    expect(ic.now()).toBe(before);
    await ic.advance(5n);
    expect(ic.now()).toBe(before + 5n);
  });
});

describe('listen', () => {
  it('serves the network and a site on one origin and the identity provider on another', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'local-ic-site-'));
    const ic = await createLocalIc();
    try {
      await writeFile(join(dir, 'index.html'), '<!doctype html><title>Site</title>');
      const files = { '/config.json': { body: '{"here":true}', contentType: 'application/json' } };
      const { url, providerUrl } = await ic.listen({ port: 0, provider: { port: 0 }, sites: [{ dir, files }] });
      expect(await (await fetch(url)).text()).toContain('<title>Site</title>');
      expect(await (await fetch(`${url}/config.json`)).json()).toEqual({ here: true });
      expect((await fetch(`${url}/api/v2/status`)).headers.get('content-type')).toBe('application/cbor');
      // The site's fallback page must not answer for the network.
      expect((await fetch(`${url}/api/v2/nothing`)).status).toBe(404);
      expect(providerUrl).not.toBe(url);
      expect((await fetch(providerUrl ?? '')).headers.get('content-type')).toContain('text/html');
      await ic.close();
      await expect(fetch(url)).rejects.toThrow();
    } finally {
      await ic.close();
      await rm(dir, { recursive: true, force: true });
    }
  });
});

describe('a state directory', () => {
  it('keeps keys, canisters and people from one start to the next', async () => {
    const stateDir = await mkdtemp(join(tmpdir(), 'local-ic-state-'));
    try {
      const first = await createLocalIc({ stateDir });
      const canisterId = await installAgentFixture(first);
      const count = await first.actor<AgentFixture>(agentFixtureInterface, canisterId).increment();
      const { id } = await first.identities.create('Ada');
      const principal = first.identities.principalFor(id, 'http://localhost:4943').toText();
      await first.close();

      const second = await createLocalIc({ stateDir });
      const actor = second.actor<AgentFixture>(agentFixtureInterface, canisterId);
      expect(await actor.get()).toBe(count);
      // The admin is the same one, so it still controls the canister.
      await second.stopCanister(canisterId);
      await second.startCanister(canisterId);
      expect(await actor.increment()).toBe(count + 1n);
      expect(second.rootKey).toEqual(first.rootKey);
      expect(second.identities.principalFor(id, 'http://localhost:4943').toText()).toBe(principal);
      await second.close();
    } finally {
      await rm(stateDir, { recursive: true, force: true });
    }
  });
});
