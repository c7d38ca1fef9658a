import { join } from 'node:path';
import { createSiteHandler } from '../gateway/site.ts';
import type { RequestHandler } from '../gateway/site.ts';
import {
  MalformedRequest,
  optionalBigint,
  optionalText,
  readJson,
  refusal,
  ownPageFiles,
  requiredHex,
  requiredText,
  sendJson
} from '../http/ownPage.ts';
import type { JsonObject } from '../http/ownPage.ts';
import { resolveDerivationOrigin } from './alternativeOrigins.ts';
import { grantedLifetimeNs } from './delegation.ts';
import { IdentityError } from './IdentityError.ts';
import type { IdentityStore } from './store.ts';

export interface IdentityProviderOptions {
  store: IdentityStore;
  /** The network's time in ns since 1970: what the network will compare a delegation's expiry with. */
  now: () => bigint;
  /** Further host names (without a port) the provider is reached under; localhost, *.localhost and loopback addresses always work. */
  hosts?: string[];
  log?: (line: string) => void;
}

type Operation = (input: JsonObject) => Promise<JsonObject>;

const PREFIX = '/provider/';

/**
 * The local identity provider, for an origin of its own: a page that speaks the window protocol of `@dfinity/auth-client`, and
 * the interface behind it, which only that page can call. Handles every request of its server.
 */
export function createIdentityProvider(options: IdentityProviderOptions): RequestHandler {
  const { log = () => undefined } = options;
  const guard = { name: 'identity provider', header: 'x-identity-provider', hosts: options.hosts ?? [] };
  const page = createSiteHandler([{ dir: join(import.meta.dirname, 'page'), files: ownPageFiles() }], { log });
  const operations = new Map<string, Operation>(Object.entries(operationsOf(options)));
  return async (req, res) => {
    const problem = refusal(req, guard);
    if (problem !== undefined) {
      sendJson(res, problem.status, errorBody('request', problem.message));
      return true;
    }
    const path = (req.url ?? '/').replace(/[?#].*$/s, '');
    if (!path.startsWith(PREFIX)) return page(req, res);
    const operation = operations.get(path.slice(PREFIX.length));
    try {
      if (operation === undefined) throw new MalformedRequest(`There is no operation ${path}`, { status: 404 });
      sendJson(res, 200, await operation(await readJson(req)));
    } catch (error) {
      if (error instanceof IdentityError) {
        // A refusal is an answer: browsers report every status but 2xx and 3xx as an error in the site's console.
        sendJson(res, 200, errorBody(error.kind, error.message));
      } else if (error instanceof MalformedRequest) {
        sendJson(res, error.status, errorBody('request', error.message));
      } else {
        log(`identity provider: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        sendJson(res, 500, errorBody('internal', 'The identity provider failed; its log says why.'));
      }
    }
    return true;
  };
}

function operationsOf({ store, now }: IdentityProviderOptions): Record<string, Operation> {
  return {
    /** Everybody, without saying anything about sites. */
    async list() {
      return { identities: store.list() };
    },
    async create(input) {
      return { ...(await store.create(requiredText(input, 'name'))) };
    },
    /** What the page shows before anybody approves: whether the site may ask at all, for how long, and who it would see. */
    async request(input) {
      const origin = requiredText(input, 'origin');
      const derivationOrigin = await resolveDerivationOrigin(origin, optionalText(input, 'derivationOrigin'));
      const lifetimeNs = grantedLifetimeNs(optionalBigint(input, 'maxTimeToLiveNs'));
      const identities = store
        .list()
        .map((identity) => ({ ...identity, principal: store.principalFor(identity.id, derivationOrigin).toText() }));
      return { origin, derivationOrigin, lifetimeNs: String(lifetimeNs), identities };
    },
    async delegate(input) {
      const derivationOrigin = await resolveDerivationOrigin(requiredText(input, 'origin'), optionalText(input, 'derivationOrigin'));
      const { userPublicKey, delegations } = await store.delegate({
        id: requiredText(input, 'id'),
        origin: derivationOrigin,
        sessionPublicKey: requiredHex(input, 'sessionPublicKey'),
        maxTimeToLiveNs: optionalBigint(input, 'maxTimeToLiveNs'),
        nowNs: now()
      });
      return {
        userPublicKey: toHex(userPublicKey),
        delegations: delegations.map(({ delegation, signature }) => ({
          delegation: { pubkey: toHex(delegation.pubkey), expiration: String(delegation.expiration) },
          signature: toHex(signature)
        }))
      };
    }
  };
}

function errorBody(kind: 'request' | 'internal', message: string): JsonObject {
  return { error: { kind, message } };
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
