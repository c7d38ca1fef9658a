import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { toHex } from './bytes.ts';

/** Object identifiers of key types that the Internet Computer knows and this network doesn't, as they stand in a DER key. */
const UNSUPPORTED = [
  { oid: '060a2b0601040183b8430101', name: 'WebAuthn (COSE) keys are' },
  { oid: '060a2b0601040183b8430102', name: 'canister signatures are' }
];

const MAX_KNOWN_KEYS = 1_000;
const known = new Map<string, KeyObject>();

/** Why a signature can't be checked or doesn't hold. */
export class SignatureError extends Error {
  override name = 'SignatureError';
}

/**
 * Checks a user's signature: Ed25519, or ECDSA (r || s, 64 bytes) over SHA-256 on P-256 or secp256k1.
 * @param publicKey DER SubjectPublicKeyInfo
 * @throws SignatureError
 */
export function checkSignature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): void {
  const key = keyOf(publicKey);
  if (signature.length !== 64) throw new SignatureError(`Invalid basic signature: expected 64 bytes, got ${signature.length}`);
  const valid =
    key.asymmetricKeyType === 'ed25519'
      ? verify(null, message, key, signature)
      : verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature);
  if (!valid) throw new SignatureError('Invalid basic signature: the signature does not match the message and the public key');
}

function keyOf(der: Uint8Array): KeyObject {
  const hex = toHex(der);
  const cached = known.get(hex);
  if (cached !== undefined) return cached;
  const key = readKey(der, hex);
  // The oldest entry goes: a Map keeps the order of insertion.
  if (known.size >= MAX_KNOWN_KEYS) known.delete(known.keys().next().value ?? '');
  known.set(hex, key);
  return key;
}

function readKey(der: Uint8Array, hex: string): KeyObject {
  const unsupported = UNSUPPORTED.find(({ oid }) => hex.includes(oid));
  if (unsupported !== undefined) throw new SignatureError(`Invalid public key: ${unsupported.name} not supported by this network`);
  let key: KeyObject;
  try {
    key = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
  } catch {
    throw new SignatureError('Invalid public key: not a DER encoded key of a known type');
  }
  const curve = key.asymmetricKeyDetails?.namedCurve;
  const supported =
    key.asymmetricKeyType === 'ed25519' || (key.asymmetricKeyType === 'ec' && (curve === 'prime256v1' || curve === 'secp256k1'));
  if (!supported)
    throw new SignatureError(`Invalid public key: the key type ${key.asymmetricKeyType ?? '?'} ${curve ?? ''} is not supported`.trim());
  return key;
}
