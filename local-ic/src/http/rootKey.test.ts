import { bls12_381 } from '@noble/curves/bls12-381';
import { numberToBytesBE } from '@noble/curves/utils';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GROUP_ORDER, openRootKey, openVerifier } from './rootKey.ts';

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

describe('openVerifier', () => {
  it('believes what the reference believes, and nothing else', async () => {
    const verify = await openVerifier();
    const secret = numberToBytesBE(7n, 32);
    const key = publicKey(secret);
    const message = new TextEncoder().encode('a certificate');
    const signature = reference(message, secret);
    expect(verify(key, message, signature)).toBe(true);
    expect(bls12_381.verifyShortSignature(signature, message, key)).toBe(true);
    expect(verify(key, new TextEncoder().encode('another'), signature)).toBe(false);
    expect(verify(publicKey(numberToBytesBE(8n, 32)), message, signature)).toBe(false);
    fc.assert(
      fc.property(fc.nat(signature.length - 1), fc.integer({ min: 1, max: 255 }), (index, flip) => {
        const forged = signature.slice();
        forged[index] = (forged[index] ?? 0) ^ flip;
        expect(verify(key, message, forged)).toBe(false);
      }),
      { numRuns: 30 }
    );
    expect(verify(key, message, new Uint8Array(48))).toBe(false);
    expect(verify(new Uint8Array(96), message, signature)).toBe(false);
  });
});
