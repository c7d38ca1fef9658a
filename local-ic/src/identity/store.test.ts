import { createPublicKey, verify } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IC_REQUEST_AUTH_DELEGATION_DOMAIN_SEPARATOR, requestIdOf } from '@dfinity/agent';
import { DelegationChain, DelegationIdentity, ECDSAKeyIdentity, Ed25519KeyIdentity, isDelegationValid } from '@dfinity/identity';
import { Principal } from '@dfinity/principal';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openIdentityStore } from './store.ts';
import type { DelegateRequest, IdentityStore } from './store.ts';

const SITE = 'http://localhost:4943';
const NS_PER_MINUTE = 60_000_000_000n;

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'identities-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true });
});

describe('names', () => {
  test('are trimmed, numbered from 10000 and listed in order', async () => {
    const store = openIdentityStore(undefined);
    expect(await store.create('  Alice ')).toEqual({ id: '10000', name: 'Alice' });
    expect(await store.create('Bob')).toEqual({ id: '10001', name: 'Bob' });
    expect(store.list()).toEqual([
      { id: '10000', name: 'Alice' },
      { id: '10001', name: 'Bob' }
    ]);
  });

  test.each([
    ['', 'Enter a name for the identity.'],
    [' \t ', 'Enter a name for the identity.'],
    ['x'.repeat(41), 'A name has at most 40 characters; this one has 41.'],
    ['a\nb', 'A name is one line of visible characters.'],
    ['a\u202eb', 'A name is one line of visible characters.'],
    ['alice', 'There is already an identity named “Alice”. Choose another name.'],
    ['ALICE ', 'There is already an identity named “Alice”. Choose another name.']
  ])('%j is refused', async (name, message) => {
    const store = openIdentityStore(dir);
    await store.create('Alice');
    await expect(store.create(name)).rejects.toThrow(message);
    expect(store.list()).toHaveLength(1);
    expect(openIdentityStore(dir).list()).toHaveLength(1);
  });

  test('forty characters count as people count them', async () => {
    const store = openIdentityStore(undefined);
    expect((await store.create('😀'.repeat(40))).name).toBe('😀'.repeat(40));
    await expect(store.create('e\u0301')).resolves.toMatchObject({ name: 'é' });
    await expect(store.create('é')).rejects.toThrow('already');
  });
});

describe('keys', () => {
  test('differ by person and by site, and stay the same otherwise', async () => {
    const store = openIdentityStore(undefined);
    const [alice, bob] = [await store.create('Alice'), await store.create('Bob')];
    const principals = [
      store.principalFor(alice.id, SITE),
      store.principalFor(alice.id, 'http://localhost:4944'),
      store.principalFor(alice.id, 'https://localhost:4943'),
      store.principalFor(bob.id, SITE)
    ].map((principal) => principal.toText());
    expect(new Set(principals).size).toBe(4);
    expect(store.principalFor(alice.id, SITE).toText()).toBe(principals[0]);
    expect(store.identityFor(alice.id, SITE).getPrincipal().toText()).toBe(principals[0]);
  });

  test('nobody gets a key for an unknown identity or something that is no origin', async () => {
    const store = openIdentityStore(undefined);
    const { id } = await store.create('Alice');
    expect(() => store.principalFor('10001', SITE)).toThrow('There is no identity 10001 here.');
    for (const origin of ['', 'null', 'localhost', 'file:///a', `${SITE}/`, `${SITE}/a`, 'HTTP://localhost:4943', 'https://a.com:443']) {
      expect(() => store.principalFor(id, origin)).toThrow('The origin of the site');
    }
  });
});

describe('delegations', () => {
  let store: IdentityStore;
  let request: DelegateRequest;
  const nowNs = 1_900_000_000_123_456_789n;

  beforeEach(async () => {
    store = openIdentityStore(undefined);
    const { id } = await store.create('Alice');
    const sessionPublicKey = new Uint8Array(Ed25519KeyIdentity.generate().getPublicKey().toDer());
    request = { id, origin: SITE, sessionPublicKey, maxTimeToLiveNs: 90n * NS_PER_MINUTE, nowNs };
  });

  test('are signed by the site’s key over the session key and the expiry', async () => {
    const { userPublicKey, delegations } = await store.delegate(request);
    expect(Principal.selfAuthenticating(userPublicKey).toText()).toBe(store.principalFor(request.id, SITE).toText());
    expect(delegations).toHaveLength(1);
    for (const { delegation, signature } of delegations) {
      expect(delegation).toEqual({ pubkey: request.sessionPublicKey, expiration: nowNs + 90n * NS_PER_MINUTE });
      const challenge = Buffer.concat([IC_REQUEST_AUTH_DELEGATION_DOMAIN_SEPARATOR, requestIdOf(delegation)]);
      const key = createPublicKey({ key: Buffer.from(userPublicKey), format: 'der', type: 'spki' });
      expect(verify(null, challenge, key, signature)).toBe(true);
    }
  });

  test('are byte for byte what @dfinity/identity would sign', async () => {
    const seconds = { ...request, nowNs: 1_900_000_000_000_000_000n };
    const { delegations } = await store.delegate(seconds);
    const expected = await DelegationChain.create(
      store.identityFor(request.id, SITE),
      { toDer: () => request.sessionPublicKey },
      new Date(Number((seconds.nowNs + 90n * NS_PER_MINUTE) / 1_000_000n))
    );
    expect(delegations[0]?.signature).toEqual(new Uint8Array(expected.delegations[0]?.signature ?? []));
  });

  test('work for auth-client’s own kind of session key', async () => {
    const session = await ECDSAKeyIdentity.generate();
    const sessionPublicKey = new Uint8Array(session.getPublicKey().toDer());
    const { userPublicKey, delegations } = await store.delegate({ ...request, sessionPublicKey, nowNs: BigInt(Date.now()) * 1_000_000n });
    const chain = DelegationChain.fromJSON({
      publicKey: Buffer.from(userPublicKey).toString('hex'),
      delegations: delegations.map(({ delegation, signature }) => ({
        delegation: { pubkey: Buffer.from(delegation.pubkey).toString('hex'), expiration: delegation.expiration.toString(16) },
        signature: Buffer.from(signature).toString('hex')
      }))
    });
    expect(isDelegationValid(chain)).toBe(true);
    expect(DelegationIdentity.fromDelegation(session, chain).getPrincipal().toText()).toBe(store.principalFor(request.id, SITE).toText());
  });

  test.each([
    [undefined, 30n * NS_PER_MINUTE],
    [1n, 1n],
    [43_200n * NS_PER_MINUTE, 43_200n * NS_PER_MINUTE],
    [43_200n * NS_PER_MINUTE + 1n, 43_200n * NS_PER_MINUTE],
    [10n ** 25n, 43_200n * NS_PER_MINUTE]
  ])('asked for %s ns live for %s ns', async (maxTimeToLiveNs, lifetime) => {
    const { delegations } = await store.delegate({ ...request, maxTimeToLiveNs });
    expect(delegations[0]?.delegation.expiration).toBe(nowNs + lifetime);
  });

  test('refuse a lifetime that is not positive and a key that is none', async () => {
    await expect(store.delegate({ ...request, maxTimeToLiveNs: 0n })).rejects.toThrow('must be more than zero');
    await expect(store.delegate({ ...request, maxTimeToLiveNs: -1n })).rejects.toThrow('must be more than zero');
    for (const sessionPublicKey of [
      new Uint8Array(),
      new Uint8Array([0x30, 0]),
      new Uint8Array([0x30, 5, 1]),
      new Uint8Array([0x31, 1, 1]),
      new Uint8Array([0x30, 0x83, 0, 0, 1, 1]),
      new Uint8Array([0x30, 0x82, 8, 0, ...new Uint8Array(2048)])
    ]) {
      await expect(store.delegate({ ...request, sessionPublicKey })).rejects.toThrow('not a DER-encoded public key');
    }
    await expect(store.delegate({ ...request, id: 'x' })).rejects.toThrow('no identity x');
  });
});

describe('the file', () => {
  test('keeps everything over a restart and is readable for its owner only', async () => {
    const store = openIdentityStore(join(dir, 'made', 'when', 'needed'));
    const { id } = await store.create('Alice');
    await store.create('Bob');
    const again = openIdentityStore(join(dir, 'made', 'when', 'needed'));
    expect(again.list()).toEqual(store.list());
    expect(again.principalFor(id, SITE).toText()).toBe(store.principalFor(id, SITE).toText());
    expect(await readdir(join(dir, 'made', 'when', 'needed'))).toEqual(['identities.json']);
    expect((await stat(join(dir, 'made', 'when', 'needed', 'identities.json'))).mode & 0o777).toBe(0o600);
  });

  test('is not made before there is anything to keep', async () => {
    openIdentityStore(dir);
    expect(await readdir(dir)).toEqual([]);
  });

  test.each([
    ['{', 'JSON'],
    ['{"version":2,"identities":[]}', 'not a list of identities'],
    ['{"version":1,"identities":[{"id":"x","name":"A","seed":""}]}', 'no valid id'],
    ['{"version":1,"identities":[{"id":"10000","name":"","seed":""}]}', 'has no name'],
    ['{"version":1,"identities":[{"id":"10000","name":"A","seed":"00"}]}', 'no valid seed']
  ])('damaged (%s) it is reported and left as it is', async (text, reason) => {
    const file = join(dir, 'identities.json');
    await writeFile(file, text);
    expect(() => openIdentityStore(dir)).toThrow(new RegExp(`identities.json can't be read .*${reason}`));
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  test('an identity that can’t be written doesn’t exist', async () => {
    const store = openIdentityStore(join(dir, 'file2'));
    await store.create('Alice');
    await rm(join(dir, 'file2'), { recursive: true });
    await writeFile(join(dir, 'file2'), 'in the way');
    await expect(store.create('Bob')).rejects.toThrow();
    expect(store.list()).toHaveLength(1);
  });
});
