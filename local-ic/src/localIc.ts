import { randomUUID } from 'node:crypto';
import { createActor } from './actor.ts';
import { unwrapReply } from './engine/CanisterReject.ts';
import { createEngine } from './engine/createEngine.ts';
import type { EmbeddedEngine } from './engine/EmbeddedEngine.ts';
import { createFaultControls } from './faults/controls.ts';
import { FaultInjector } from './faults/FaultInjector.ts';
import { Forger } from './faults/Forger.ts';
import { MessageFaults } from './faults/MessageFaults.ts';
import { RuleBook } from './faults/RuleBook.ts';
import type { Faults } from './faults/types.ts';
import { createSiteHandler } from './gateway/site.ts';
import { Api } from './http/api.ts';
import { createApiHandler } from './http/apiHandler.ts';
import { sha256, utf8 } from './http/bytes.ts';
import { IngressHistory } from './http/ingressHistory.ts';
import { FileIngressJournal } from './http/ingressJournal.ts';
import type { JournaledRequest } from './http/journalEntry.ts';
import { openNetworkKeys, type NetworkKeys } from './http/keys.ts';
import { createIdentityProvider } from './identity/provider.ts';
import { openIdentityStore, type IdentityStore } from './identity/store.ts';
import { openServers } from './listen.ts';
import type { Listening, LocalIc, LocalIcOptions } from './options.ts';

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
    const faults = new RuleBook({ ...options.faults, seed: options.faults?.seed ?? seed ?? randomUUID() });
    const report = (error: unknown): void => log(`a request that was delivered twice failed: ${String(error)}`);
    const injector = new FaultInjector(faults, new Forger(keys), report);
    engine.setCanisterFaults(new MessageFaults(faults, (rule) => engine.releaseHeld(rule)));
    // What the rules of an earlier process held back: they are gone.
    engine.releaseHeld();
    const journal = stateDir === undefined ? undefined : FileIngressJournal.open(stateDir, engine.now(), log);
    return assemble({ engine, keys, identities: openIdentityStore(stateDir), faults, injector, ...journal }, log);
  } catch (error) {
    await engine.close();
    throw error;
  }
}

interface Parts {
  engine: EmbeddedEngine;
  keys: NetworkKeys;
  identities: IdentityStore;
  faults: Faults;
  injector: FaultInjector;
  /** With a state directory: the journal of requests, and those it remembers. */
  journal?: FileIngressJournal;
  requests?: JournaledRequest[];
}

function assemble({ engine, keys, identities, faults, injector, journal, requests }: Parts, log: (line: string) => void): LocalIc {
  const api = new Api(engine, keys, new IngressHistory(journal, requests));
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
    faults,
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
      const handlers = {
        network: [createApiHandler(api, log, injector), createSiteHandler(listenOptions.sites ?? [], { log })],
        provider: [createIdentityProvider({ store: identities, now: () => engine.now(), log })],
        controls: [createFaultControls({ faults, canisters: () => engine.canisters().map(({ id }) => id.toText()), log })]
      };
      const opened = await openServers(listenOptions, handlers, log);
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
    async save() {
      // First: a state that survives must not have run a request that is forgotten.
      journal?.sync();
      await engine.save();
    },
    async close() {
      // What rules hold back would keep the servers from closing.
      faults.clear();
      await Promise.all([...listening].map((server) => server.close()));
      journal?.sync();
      await engine.close();
      journal?.close();
    }
  };
  return ic;
}
