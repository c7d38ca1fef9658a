import { HttpAgent, type Identity } from '@dfinity/agent';
import type { Principal } from '@dfinity/principal';
import { AppError } from '../errors/AppError';
import type { AppConfig } from '../config/config';

/** A request that hangs would hold its poller's in-flight guard for good, so each one ends after this long. */
const REQUEST_TIMEOUT_MS = 30_000;

export interface AgentOptions {
  readonly config: Pick<AppConfig, 'network' | 'host'>;
  readonly identity: Identity;
  readonly fetch?: typeof fetch | undefined;
  /** Ends every request that is under way and lets no new one begin. */
  readonly signal?: AbortSignal | undefined;
}

/** An agent with every verification on. Makes no request yet: the first call fetches the root key, on a local network only. */
export function createAgent({ config, identity, fetch: fetcher = globalThis.fetch, signal }: AgentOptions): HttpAgent {
  const host = config.host === '' ? globalThis.location.origin : config.host;
  return new AppAgent({
    host,
    identity,
    fetch: withTimeout(fetcher, signal),
    shouldFetchRootKey: mayFetchRootKey(config.network, host),
    verifyQuerySignatures: true,
    // One quick second attempt with the same request id; every other repetition is the caller's decision.
    retryTimes: 1
  });
}

/**
 * A root key that was fetched proves nothing unless nobody stands between: so only from this very machine, by its exact
 * name, and only when the deploy says that the network is a local one.
 */
export function mayFetchRootKey(network: AppConfig['network'], host: string): boolean {
  if (network !== 'local') return false;
  if (isLocalHost(new URL(host).hostname)) return true;
  throw new AppError({
    kind: 'internal',
    code: 'config_invalid',
    message: `This site's configuration is wrong: a local network must be reached on this machine, not at ${host}.`
  });
}

function isLocalHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]' || hostname.endsWith('.localhost');
}

function withTimeout(fetcher: typeof fetch, signal?: AbortSignal): typeof fetch {
  return async (input, init) => {
    signal?.throwIfAborted();
    const controller = new AbortController();
    const abort = (): void => controller.abort();
    const timer = setTimeout(() => controller.abort(new DOMException('no answer in time', 'TimeoutError')), REQUEST_TIMEOUT_MS);
    signal?.addEventListener('abort', abort);
    try {
      const response = await fetcher(input, { ...init, signal: controller.signal });
      // The body counts too: read it while the timer runs.
      const body = await response.arrayBuffer();
      return withUrl(new Response(NULL_BODY.has(response.status) ? null : body, response), response.url);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  };
}

/** The network's time is needed and could not be had. */
export class ClockUnknown extends Error {
  override name = 'ClockUnknown';
}

class AppAgent extends HttpAgent {
  readonly #keysAsked = new Map<string, ReturnType<HttpAgent['fetchSubnetKeys']>>();

  /**
   * Each query asks for the keys of the nodes that may answer it, unless they are known: a page that reads five things at once asked five times
   * and verified five certificates. Those who ask at the same time share one.
   */
  override fetchSubnetKeys(canisterId: Principal | string): ReturnType<HttpAgent['fetchSubnetKeys']> {
    const id = canisterId.toString();
    const asked = this.#keysAsked.get(id) ?? super.fetchSubnetKeys(canisterId).finally(() => this.#keysAsked.delete(id));
    this.#keysAsked.set(id, asked);
    return asked;
  }

  /**
   * Measuring the network's time fails in silence, and whoever asked for it in the agent measures again, at once and for ever: so the
   * failure is made one.
   */
  override async syncTime(canisterId?: Principal): Promise<void> {
    await super.syncTime(canisterId);
    if (!this.hasSyncedTime()) throw new ClockUnknown('the network did not tell its time');
  }
}

const NULL_BODY = new Set([204, 205, 304]);

/** A made response has no address, but the agent looks at it to tell which API version was missing. */
function withUrl(response: Response, url: string): Response {
  Object.defineProperty(response, 'url', { value: url });
  return response;
}
