import { AnonymousIdentity, type Identity } from '@dfinity/agent';
import { DelegationIdentity } from '@dfinity/identity';

export type { Identity };

export const anonymous: Identity = new AnonymousIdentity();

/**
 * When an identity stops being accepted, milliseconds since 1970: the earliest expiry in its delegation chain, because one
 * expired link breaks the chain. Infinity for a key that needs no delegation.
 */
export function expiryOf(identity: Identity): number {
  if (!(identity instanceof DelegationIdentity)) return Number.POSITIVE_INFINITY;
  const { delegations } = identity.getDelegation();
  return delegations.reduce(
    (earliest, { delegation }) => Math.min(earliest, Number(delegation.expiration / 1_000_000n)),
    Number.POSITIVE_INFINITY
  );
}
