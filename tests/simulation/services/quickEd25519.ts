// Takes the place of @noble/curves/ed25519 in the agent and its identities while visits are simulated: the same signatures and the same check, by
// OpenSSL in a tenth of the time. Every request of a visit is signed, and every answer to a query verified.
import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** Made keys: each costs as much as a signature. */
const known = new Map<string, KeyObject>();

function keyOf(raw: Uint8Array, prefix: Buffer, make: (der: Buffer) => KeyObject): KeyObject {
  const der = Buffer.concat([prefix, raw]);
  const name = der.toString('hex');
  const key = known.get(name) ?? make(der);
  known.set(name, key);
  return key;
}

const privateKey = (seed: Uint8Array): KeyObject =>
  keyOf(seed, PKCS8_PREFIX, (key) => createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
const publicKey = (raw: Uint8Array): KeyObject => keyOf(raw, SPKI_PREFIX, (key) => createPublicKey({ key, format: 'der', type: 'spki' }));

export const ed25519 = {
  getPublicKey: (seed: Uint8Array): Uint8Array =>
    new Uint8Array(createPublicKey(privateKey(seed)).export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length)),
  sign: (message: Uint8Array, seed: Uint8Array): Uint8Array => new Uint8Array(sign(null, message, privateKey(seed))),
  verify: (signature: Uint8Array, message: Uint8Array, raw: Uint8Array): boolean => verify(null, message, publicKey(raw), signature)
};
