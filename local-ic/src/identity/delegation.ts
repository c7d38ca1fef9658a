import { IC_REQUEST_AUTH_DELEGATION_DOMAIN_SEPARATOR, requestIdOf } from '@dfinity/agent';
import type { SignIdentity } from '@dfinity/agent';
import { IdentityError } from './IdentityError.ts';

const NS_PER_MINUTE = 60_000_000_000n;
/** What a site gets that doesn't ask for a lifetime. */
const DEFAULT_LIFETIME_NS = 30n * NS_PER_MINUTE;
/** What a site gets that asks for more. */
const MAX_LIFETIME_NS = 30n * 24n * 60n * NS_PER_MINUTE;

// The longest kind, a canister signature key, is far below this.
const MAX_KEY_BYTES = 1024;

/** A delegation as the window protocol of Internet Identity carries it; `expiration` in ns since 1970. */
export interface SignedDelegation {
  delegation: { pubkey: Uint8Array; expiration: bigint };
  signature: Uint8Array;
}

/** The lifetime in ns a request for `maxTimeToLiveNs` gets: a missing one is 30 minutes, 30 days are the most. */
export function grantedLifetimeNs(maxTimeToLiveNs: bigint | undefined): bigint {
  if (maxTimeToLiveNs === undefined) return DEFAULT_LIFETIME_NS;
  if (maxTimeToLiveNs <= 0n) throw new IdentityError('The lifetime the site asks for must be more than zero.');
  return maxTimeToLiveNs < MAX_LIFETIME_NS ? maxTimeToLiveNs : MAX_LIFETIME_NS;
}

/**
 * Signs over to a session key: Ed25519 over "\x1Aic-request-auth-delegation" and the representation-independent hash of
 * `{ pubkey, expiration }` (Internet Computer interface specification, "Authentication").
 *
 * @param sessionPublicKey DER (SubjectPublicKeyInfo) of any key the network accepts.
 * @param expirationNs ns since 1970, by the network's clock.
 */
export async function signDelegation(
  identity: SignIdentity,
  sessionPublicKey: Uint8Array,
  expirationNs: bigint
): Promise<SignedDelegation> {
  checkDerKey(sessionPublicKey);
  const delegation = { pubkey: sessionPublicKey, expiration: expirationNs };
  const challenge = Buffer.concat([IC_REQUEST_AUTH_DELEGATION_DOMAIN_SEPARATOR, requestIdOf(delegation)]);
  const signature = await identity.sign(new Uint8Array(challenge));
  return { delegation, signature: new Uint8Array(signature) };
}

/**
 * Only the outer shape is looked at: which algorithms count is the network's business, and a key it doesn't know is useless
 * to whoever brought it.
 */
function checkDerKey(key: Uint8Array): void {
  const [tag, first = 0] = key;
  const lengthBytes = first < 0x80 ? 0 : first - 0x80;
  const length = key.subarray(2, 2 + lengthBytes).reduce((sum, byte) => sum * 256 + byte, lengthBytes === 0 ? first : 0);
  const isSequence = tag === 0x30 && lengthBytes <= 2 && key.length === 2 + lengthBytes + length;
  if (!isSequence || length === 0 || key.length > MAX_KEY_BYTES)
    throw new IdentityError('The session key of the site is not a DER-encoded public key.');
}
