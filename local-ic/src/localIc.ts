import { createActor } from './actor.ts';
import { unwrapReply } from './engine/CanisterReject.ts';
import { createEngine } from './engine/createEngine.ts';
import type { EmbeddedEngine } from './engine/EmbeddedEngine.ts';
import { createSiteHandler } from './gateway/site.ts';
import { Api } from './http/api.ts';
import { createApiHandler } from './http/apiHandler.ts';
import { sha256, utf8 } from './http/bytes.ts';
import { openNetworkKeys, type NetworkKeys } from './http/keys.ts';
import { serve, type Handler, type ListeningServer } from './http/serve.ts';
import { createIdentityProvider } from './identity/provider.ts';
import { openIdentityStore, type IdentityStore } from './identity/store.ts';
import type { Listening, ListenOptions, LocalIc, LocalIcOptions } from './options.ts';

const DEFAULT_PORT = 4943;
const DEFAULT_PROVIDER_PORT = 4944;

/**
 * Starts an Internet Computer in this process: empty, or as it was left in `stateDir`.
 *
 * Nothing listens yet; `update`, `query` and `actor` work at once, `listen` serves it to browsers and agents.
 */
export async function createLocalIc(options: LocalIcOptions = {}): Promise<LocalIc> {
  const { stateDir, clock = 'system', seed, instructionLimits, log = () => undefined } = options;
  const randomSeed = seed === undefined ? undefined : sha256(utf8(`randomness ${seed}`));
  // First, because it claims the state directory for this process.
  const engine = await createEngine({ stateDir, clock, log, randomSeed, instructionLimits });
  try {
    const keys = await openNetworkKeys({ seed, stateDir });
    return assemble(engine, keys, openIdentityStore(stateDir), log);
  } catch (error) {
    await engine.close();
    throw error;
  }
}

function assemble(engine: EmbeddedEngine, keys: NetworkKeys, identities: IdentityStore, log: (line: string) => void): LocalIc {
  const api = new Api(engine, keys);
  engine.setRootKey(keys.rootKey);
  engine.setCertifier((canisterId) => api.certifier.dataCertificate(canisterId));
  const listening = new Set<Listening>();

  const actor: LocalIc['actor'] = (idlFactory, canisterId, sender = keys.admin) =>
    createActor(idlFactory, {
      update: (method, arg) => ic.update({ canisterId, method, arg, sender }),
      query: (method, arg) => ic.query({ canisterId, method, arg, sender })
    });

  const ic: LocalIc = {
    engine,
    rootKey: keys.rootKey,
    identities,
    actor,
    now: () => engine.now(),
    advance: (ns) => engine.advance(ns),
    idle: () => engine.idle(),
    update: async ({ sender = keys.admin, ...call }) => unwrapReply(await engine.update({ ...call, sender })),
    query: async ({ sender = keys.admin, ...call }) => unwrapReply(await engine.query({ ...call, sender })),
    createCanister: ({ controllers = [keys.admin], canisterId } = {}) => engine.createCanister({ controllers, canisterId }),
    installCode: ({ keepMemory = false, sender = keys.admin, ...install }) =>
      engine.installCode({ ...install, sender, wasmMemoryPersistence: keepMemory ? 'keep' : undefined, skipPreUpgrade: false }),
    stopCanister: (id, sender = keys.admin) => engine.stopCanister(id, sender),
    startCanister: (id, sender = keys.admin) => engine.startCanister(id, sender),
    async listen(listenOptions = {}) {
      const handlers = [createApiHandler(api, log), createSiteHandler(listenOptions.sites ?? [], { log })];
      const provider = createIdentityProvider({ store: identities, now: () => engine.now(), log });
      const opened = await openServers(listenOptions, handlers, [provider], log);
      const result: Listening = {
        ...opened,
        async close() {
          listening.delete(result);
          await opened.close();
        }
      };
      listening.add(result);
      return result;
    },
    save: () => engine.save(),
    async close() {
      await Promise.all([...listening].map((server) => server.close()));
      await engine.close();
    }
  };
  return ic;
}

async function openServers(
  options: ListenOptions,
  handlers: Handler[],
  provider: Handler[],
  log: (line: string) => void
): Promise<Listening> {
  const { host = '127.0.0.1', port = DEFAULT_PORT } = options;
  const network = await serve(handlers, { host, port, log });
  let identityProvider: ListeningServer | undefined;
  try {
    if (options.provider !== undefined) {
      identityProvider = await serve(provider, { host, port: options.provider.port ?? DEFAULT_PROVIDER_PORT, log });
    }
  } catch (error) {
    await network.close();
    throw error;
  }
  return {
    url: `http://localhost:${network.port}`,
    providerUrl: identityProvider && `http://localhost:${identityProvider.port}`,
    async close() {
      await Promise.all([network.close(), identityProvider?.close()]);
    }
  };
}
