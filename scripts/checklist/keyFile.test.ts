import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ed25519KeyIdentity } from '@dfinity/identity';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyFileError, readKeyFile } from './keyFile.ts';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'key-file-'))));
afterAll(() => rm(folder, { recursive: true }));

async function written(text: string): Promise<string> {
  const file = join(folder, 'key');
  await writeFile(file, text);
  return file;
}

const message = new TextEncoder().encode('\nic-request and so on');

describe('a key file', () => {
  it('is a secp256k1 key as dfx exports it, with low signatures', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
    const pem = `-----BEGIN EC PARAMETERS-----\nBgUrgQQACg==\n-----END EC PARAMETERS-----\n${privateKey.export({ type: 'sec1', format: 'pem' })}`;
    const identity = await readKeyFile(await written(pem));
    const der = identity?.getPublicKey().toDer() ?? new Uint8Array();
    const key = createPublicKey({ key: Buffer.from(der), type: 'spki', format: 'der' });
    for (let round = 0; round < 20; round += 1) {
      const signature = (await identity?.sign(message)) ?? new Uint8Array();
      expect(signature.length).toBe(64);
      // The order's half begins with 7f.
      expect(signature[32]).toBeLessThan(0x80);
      expect(verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
    }
  });

  it('is an Ed25519 key in PEM or JSON', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const identity = await readKeyFile(await written(String(privateKey.export({ type: 'pkcs8', format: 'pem' }))));
    expect(verify(null, message, publicKey, (await identity?.sign(message)) ?? new Uint8Array())).toBe(true);
    const stored = Ed25519KeyIdentity.generate(new Uint8Array(32).fill(7));
    const read = await readKeyFile(await written(JSON.stringify(stored.toJSON())));
    expect(read?.getPrincipal().toText()).toBe(stored.getPrincipal().toText());
  });

  it('that is none is refused without a word of what is in it', async () => {
    await expect(readKeyFile(join(folder, 'nothing'))).rejects.toThrow(/There is no key file/u);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await expect(readKeyFile(await written(String(privateKey.export({ type: 'pkcs8', format: 'pem' }))))).rejects.toThrow(/type rsa/u);
    for (const text of ['secret words of mine', '["secret words of mine"]']) {
      const error: unknown = await readKeyFile(await written(text)).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(KeyFileError);
      expect(String(error)).not.toContain('secret words');
    }
    expect(await readKeyFile(undefined)).toBeUndefined();
  });
});
