import { bls12_381 } from '@noble/curves/bls12-381';
import { numberToBytesBE } from '@noble/curves/utils';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRootSigner } from './rootSigner.ts';

const { shortSignatures, fields } = bls12_381;
const reference = (message: Uint8Array, secret: Uint8Array) => shortSignatures.sign(shortSignatures.hash(message), secret).toBytes();

describe('createRootSigner', () => {
  it('signs byte for byte as the reference, whatever the key and the message', async () => {
    const secrets = fc.bigInt({ min: 1n, max: fields.Fr.ORDER - 1n }).map((secret) => numberToBytesBE(secret, 32));
    await fc.assert(
      fc.asyncProperty(secrets, fc.uint8Array({ maxLength: 300 }), async (secret, message) => {
        const signer = await createRootSigner(secret);
        expect(signer(message)).toEqual(reference(message, secret));
      }),
      { numRuns: 50 }
    );
  });

  it('keeps the keys of several networks apart, also when they start at the same time', async () => {
    const secrets = [1n, 2n, fields.Fr.ORDER - 1n].map((secret) => numberToBytesBE(secret, 32));
    const signers = await Promise.all(secrets.map((secret) => createRootSigner(secret)));
    const message = new TextEncoder().encode('one message');
    expect(signers.map((signer) => signer(message))).toEqual(secrets.map((secret) => reference(message, secret)));
  });
});
