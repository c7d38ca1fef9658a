import { bls12_381 } from '@noble/curves/bls12-381';
import { numberToBytesBE } from '@noble/curves/utils';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GROUP_ORDER, openRootKey } from './rootKey.ts';

const { shortSignatures, fields } = bls12_381;
const reference = (message: Uint8Array, secret: Uint8Array) => shortSignatures.sign(shortSignatures.hash(message), secret).toBytes();
const publicKey = (secret: Uint8Array) => shortSignatures.getPublicKey(secret).toBytes();

describe('openRootKey', () => {
  it('has the public key and the signatures of the reference, byte for byte, whatever the key and the message', async () => {
    const secrets = fc.bigInt({ min: 1n, max: fields.Fr.ORDER - 1n }).map((secret) => numberToBytesBE(secret, 32));
    await fc.assert(
      fc.asyncProperty(secrets, fc.uint8Array({ maxLength: 300 }), async (secret, message) => {
        const key = await openRootKey(secret);
        expect(key.publicKey).toEqual(publicKey(secret));
        expect(key.sign(message)).toEqual(reference(message, secret));
      }),
      { numRuns: 50 }
    );
  });

  it('keeps the keys of several networks apart, also when they start at the same time', async () => {
    const secrets = [1n, 2n, fields.Fr.ORDER - 1n].map((secret) => numberToBytesBE(secret, 32));
    const keys = await Promise.all(secrets.map((secret) => openRootKey(secret)));
    const message = new TextEncoder().encode('one message');
    expect(keys.map((key) => key.sign(message))).toEqual(secrets.map((secret) => reference(message, secret)));
    expect(keys.map((key) => key.publicKey)).toEqual(secrets.map(publicKey));
  });

  it('has the order of the group', () => {
    expect(GROUP_ORDER).toBe(fields.Fr.ORDER);
  });
});
