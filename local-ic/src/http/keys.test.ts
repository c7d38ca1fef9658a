import { createPublicKey, verify } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bls12_381 } from '@noble/curves/bls12-381';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { utf8 } from './bytes.ts';
import { openNetworkKeys } from './keys.ts';

describe('openNetworkKeys', () => {
  let stateDir: string;
  beforeEach(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'local-ic-keys-'));
  });
  afterEach(() => rm(stateDir, { recursive: true, force: true }));

  it('signs as root and as node', async () => {
    const keys = await openNetworkKeys({ seed: 'a' });
    const message = utf8('message');
    const { shortSignatures } = bls12_381;
    const signature = keys.signAsRoot(message);
    expect(signature).toHaveLength(48);
    expect(keys.rootKey).toHaveLength(133);
    const publicKey = keys.rootKey.slice(-96);
    expect(shortSignatures.verify(signature, shortSignatures.hash(message), publicKey)).toBe(true);
    expect(shortSignatures.verify(signature, shortSignatures.hash(utf8('other')), publicKey)).toBe(false);
    const nodeKey = createPublicKey({ key: Buffer.from(keys.nodeKey), format: 'der', type: 'spki' });
    expect(keys.nodeKey).toHaveLength(44);
    expect(verify(null, message, nodeKey, keys.signAsNode(message))).toBe(true);
  });

  it('derives the same keys from the same seed, others from another, and random ones without', async () => {
    const rootKey = async (seed?: string) => (await openNetworkKeys({ seed })).rootKey;
    expect(await rootKey('a')).toEqual(await rootKey('a'));
    expect(await rootKey('a')).not.toEqual(await rootKey('b'));
    expect(await rootKey()).not.toEqual(await rootKey());
  });

  it('keeps them in the state directory, for its owner only', async () => {
    const first = await openNetworkKeys({ stateDir });
    const file = join(stateDir, 'network-keys.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const again = await openNetworkKeys({ stateDir, seed: 'ignored: there are keys' });
    expect(again.rootKey).toEqual(first.rootKey);
    expect(again.admin.toText()).toBe(first.admin.toText());
    expect(await readFile(file, 'utf8')).toMatch(/^\{"version":1,"secret":"[0-9a-f]{64}"\}\n$/);
  });

  it('refuses a damaged file instead of replacing it', async () => {
    const file = join(stateDir, 'network-keys.json');
    await writeFile(file, '{"version":1,"secret":"12');
    await expect(openNetworkKeys({ stateDir })).rejects.toThrow(`${file} does not hold this network's keys`);
  });
});
