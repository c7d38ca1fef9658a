import { randomUUID } from 'node:crypto';
import { setImmediate as immediate } from 'node:timers/promises';
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
import { openNetworkKeys, type NetworkKeys } from './http/keys.ts';
import type { CapturedState } from './persistence/captureState.ts';
import type { JournaledRequest } from './http/journalEntry.ts';
import { createIdentityProvider } from './identity/provider.ts';
import { openIdentityStore, type IdentityStore } from './identity/store.ts';
import { openServers } from './listen.ts';
import type { Listening, LocalIc, LocalIcOptions, NetworkSnapshot } from './options.ts';
import { controlCanisters } from './testing/controlCanisters.ts';

/**
 * Starts an Internet Computer in this process: empty, or as it was left in `stateDir`.
 *
 * Nothing listens yet; `update`, `query` and `actor` work at once, `listen` serves it to browsers and agents.
 */
export function createLocalIc(options: LocalIcOptions = {}): Promise<LocalIc> {
  return start(options);
}

/** What a fork takes over from the network it comes of. */
interface Origin {
  state: CapturedState;
  requests: JournaledRequest[];
  keys: NetworkKeys;
  identities: IdentityStore;
}

async function start(options: LocalIcOptions, origin?: Origin): Promise<LocalIc> {
  const { stateDir, clock = 'system', seed, instructionLimits, cycles, log = () => undefined } = options;
  const randomSeed = seed === undefined ? undefined : sha256(utf8(`randomness ${seed}`));
  let opened: Promise<NetworkKeys> | undefined;
  const openKeys = (): Promise<NetworkKeys> => (opened ??= origin ? Promise.resolve(origin.keys) : openNetworkKeys({ seed, stateDir }));
  const rootKey = async (): Promise<Uint8Array> => (await openKeys()).rootKey;
  // First, because it claims the state directory for this process.
  const engine = await createEngine({ stateDir, clock, log, randomSeed, instructionLimits, cycles, from: origin?.state, rootKey });
  try {
    const keys = await openKeys();
    const faults = new RuleBook({ ...options.faults, seed: options.faults?.seed ?? seed ?? randomUUID() });
    const report = (error: unknown): void => log(`a request that was delivered twice failed: ${String(error)}`);
    const injector = new FaultInjector(faults, new Forger(keys), () => engine.now(), report);
    engine.setCanisterFaults(new MessageFaults(faults, (rule) => engine.releaseHeld(rule)));
    // The rules that held something back were those of an earlier process, or of the network this one is a fork of.
    engine.releaseHeld();
    const journal = stateDir === undefined ? undefined : FileIngressJournal.open(stateDir, engine.now(), log);
    const history = new IngressHistory(journal?.journal);
    history.resume(origin?.requests ?? journal?.requests ?? [], engine.takeRecovered(), () => engine.now());
    const identities = origin?.identities ?? openIdentityStore(stateDir);
    return assemble({ engine, keys, identities, faults, injector, history, journal: journal?.journal }, options);
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
  history: IngressHistory;
  /** With a state directory: the journal of requests. */
  journal: FileIngressJournal | undefined;
}

function assemble({ engine, keys, identities, faults, injector, history, journal }: Parts, options: LocalIcOptions): LocalIc {
  const { log = () => undefined } = options;
  const api = new Api(engine, keys, history);
  engine.setCertifier((canisterId) => api.certifier.dataCertificate(canisterId));
  const listening = new Set<Listening>();

  const snapshot = (): NetworkSnapshot => {
    const origin = { state: engine.capture(), requests: history.entries(), keys, identities };
    return { timeNs: engine.now(), fork: () => start({ ...options, stateDir: undefined, faults: undefined }, origin) };
  };

  return {
    ...controlCanisters(engine, keys.admin),
    engine,
    rootKey: keys.rootKey,
    identities,
    faults,
    now: () => engine.now(),
    advance: (ns) => answersHeard(engine.advance(ns)),
    advanceTo: (timeNs) => answersHeard(engine.advance(timeNs - engine.now())),
    idle: () => answersHeard(engine.idle()),
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
    stateHash: () => engine.stateHash(),
    snapshot,
    fork: () => snapshot().fork(),
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
}

/** Lets those who wait for answers have them before whoever waits for the network goes on. */
async function answersHeard(idle: Promise<void>): Promise<void> {
  await idle;
  await immediate();
  // An answer may have let others go first, in the turn before.
  await immediate();
}
