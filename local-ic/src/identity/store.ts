import { hkdfSync, randomBytes } from 'node:crypto';
import type { SignIdentity } from '@dfinity/agent';
import { Ed25519KeyIdentity } from '@dfinity/identity';
import type { Principal } from '@dfinity/principal';
import { grantedLifetimeNs, signDelegation } from './delegation.ts';
import type { SignedDelegation } from './delegation.ts';
import { IdentityError } from './IdentityError.ts';
import { readIdentities, writeIdentities } from './identityFile.ts';
import type { StoredIdentity } from './identityFile.ts';
import { checkIdentityName } from './identityName.ts';
import { checkOrigin } from './origin.ts';

interface IdentitySummary {
  id: string;
  name: string;
}

export interface DelegateRequest {
  id: string;
  /** The origin the principal is derived from. */
  origin: string;
  /** DER (SubjectPublicKeyInfo). */
  sessionPublicKey: Uint8Array;
  /** Undefined: 30 minutes. More than 30 days: 30 days. */
  maxTimeToLiveNs: bigint | undefined;
  /** The network's time, ns since 1970. */
  nowNs: bigint;
}

interface DelegateResult {
  /** DER; its hash is the principal the site sees. */
  userPublicKey: Uint8Array;
  delegations: SignedDelegation[];
}

/** The people of a local network, each with another key, and so another principal, for every site. */
export interface IdentityStore {
  /** @throws IdentityError when the name is not 1-40 characters or exists already. */
  create(name: string): Promise<IdentitySummary>;
  /** In the order of their creation. */
  list(): IdentitySummary[];
  principalFor(id: string, origin: string): Principal;
  /** The key itself, for tests and scripts that act as somebody without a browser. */
  identityFor(id: string, origin: string): SignIdentity;
  delegate(request: DelegateRequest): Promise<DelegateResult>;
}

const SEED_BYTES = 32;
// Internet Identity's numbers start here too; a number this long isn't taken for a count.
const FIRST_ID = 10_000;

/**
 * Opens the identities of a network.
 *
 * @param stateDir The network's state directory; undefined keeps them in memory.
 * @throws Error naming the file when it exists but can't be read: it holds keys, so it is never replaced by an empty one.
 */
export function openIdentityStore(stateDir: string | undefined): IdentityStore {
  let identities: readonly StoredIdentity[] = stateDir === undefined ? [] : readIdentities(stateDir);

  function identityFor(id: string, origin: string): Ed25519KeyIdentity {
    checkOrigin(origin, 'The origin of the site');
    const stored = identities.find((identity) => identity.id === id);
    if (stored === undefined) throw new IdentityError(`There is no identity ${id} here.`);
    return Ed25519KeyIdentity.generate(siteSeed(stored.seed, origin));
  }

  return {
    async create(name) {
      const checked = checkIdentityName(
        name,
        identities.map((identity) => identity.name)
      );
      const id = String(identities.reduce((highest, identity) => Math.max(highest, Number(identity.id)), FIRST_ID - 1) + 1);
      const next = [...identities, { id, name: checked, seed: new Uint8Array(randomBytes(SEED_BYTES)) }];
      // Nobody may use an identity that a restart would forget.
      if (stateDir !== undefined) writeIdentities(stateDir, next);
      identities = next;
      return { id, name: checked };
    },
    list: () => identities.map(({ id, name }) => ({ id, name })),
    identityFor,
    principalFor: (id, origin) => identityFor(id, origin).getPrincipal(),
    async delegate({ id, origin, sessionPublicKey, maxTimeToLiveNs, nowNs }) {
      const identity = identityFor(id, origin);
      const signed = await signDelegation(identity, sessionPublicKey, nowNs + grantedLifetimeNs(maxTimeToLiveNs));
      return { userPublicKey: new Uint8Array(identity.getPublicKey().toDer()), delegations: [signed] };
    }
  };
}

/** HKDF-SHA-256: nobody can tell from two sites' keys that they belong to the same person. */
function siteSeed(seed: Uint8Array, origin: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', seed, 'local-ic identity provider', origin, SEED_BYTES));
}
