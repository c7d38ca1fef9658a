import { createHash } from 'node:crypto';
import { Actor, AnonymousIdentity, HttpAgent, type ActorSubclass, type SignIdentity } from '@dfinity/agent';
import { Ed25519KeyIdentity } from '@dfinity/identity';
import { environmentManager } from '@tanstack/svelte-query';
import { idlFactory } from '../../src/lib/canisters/options/options.did.js';
import type { _SERVICE as Options } from '../../src/lib/canisters/options/options.did';
import { mayFetchRootKey } from '../../src/lib/ic/agent';
import type { AppConfig } from '../../src/lib/config/config';
import { createEnhancedServices } from '../../src/lib/services/createEnhancedServices';
import type { EnhancedServices } from '../../src/lib/services/types';
import type { Plan } from './plan.ts';
import { sessionOf } from './session.ts';

/** What every check can use. */
export interface Context {
  readonly plan: Plan;
  /** As the app reads it, with the place canister calls go to written out. */
  readonly config: AppConfig;
  readonly operator: SignIdentity | undefined;
  /** Whose account the canary trades on; undefined on ic without a key. */
  readonly canary: SignIdentity | undefined;
  /** The app's own service hub, as a page of this person has it. `close` ends them all. */
  open(identity: SignIdentity | undefined): EnhancedServices;
  /** An agent beside the app's own, for readings to compare with. */
  agent(identity: SignIdentity | undefined): Promise<HttpAgent>;
  /** The options canister, asked directly. */
  options(identity: SignIdentity | undefined): Promise<ActorSubclass<Options>>;
  close(): void;
}

/** On the local network the canary is always the same account: its key is public, and it owns test bitcoin only. */
const localCanary = Ed25519KeyIdentity.generate(new Uint8Array(createHash('sha256').update('satstrike local canary').digest()));

export function createContext(plan: Plan, configured: AppConfig): Context {
  // Without a window the query library takes itself to be on a server, where nothing refreshes.
  environmentManager.setIsServer(() => false);
  const host = configured.host === '' ? (plan.site ?? '') : configured.host;
  const config: AppConfig = { ...configured, host };
  const hubs: EnhancedServices[] = [];
  const agent = (identity: SignIdentity | undefined): Promise<HttpAgent> =>
    HttpAgent.create({ host, identity: identity ?? new AnonymousIdentity(), shouldFetchRootKey: mayFetchRootKey(config.network, host) });
  return {
    plan,
    config,
    operator: plan.operator,
    canary: plan.network === 'local' ? localCanary : plan.canaryKey,
    open: (identity) => {
      const hub = createEnhancedServices({ config, session: sessionOf(identity), tabs: null });
      hubs.push(hub);
      return hub;
    },
    agent,
    options: async (identity) =>
      Actor.createActor<Options>(idlFactory, { agent: await agent(identity), canisterId: config.canisters.options }),
    close: () => {
      for (const hub of hubs) hub.cleanup();
    }
  };
}
