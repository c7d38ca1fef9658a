import { createHash } from 'node:crypto';
import { Ed25519KeyIdentity } from '@dfinity/identity';

/**
 * Somebody for a test: an Ed25519 identity, for actors in the process as for agents. The same seed is the same person in every run; without a seed it is a new
 * one. A seed gives the principal that `createIdentity` of `@dfinity/pic` gives for it, so that tests can be taken over with the principals in them.
 */
export function createIdentity(seed?: string): Ed25519KeyIdentity {
  if (seed === undefined) return Ed25519KeyIdentity.generate();
  // The key is the first half of the digest in hexadecimal, as text: 32 bytes.
  const digits = createHash('sha256').update(seed).digest('hex').slice(0, 32);
  return Ed25519KeyIdentity.generate(new TextEncoder().encode(digits));
}
