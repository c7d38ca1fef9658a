import type { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { createActor, createMethods } from '../actor.ts';
import type { CallReport } from '../engine/CallRecording.ts';
import { unwrapReply } from '../engine/CanisterReject.ts';
import type { Engine } from '../engine/types.ts';
import { letOthersRun } from './letOthersRun.ts';
import { pendingCall, type PendingCall } from './PendingCall.ts';

/** What a call returned, and what it took. */
export type Reported<R> = Omit<CallReport, 'result'> & { value: R };

/** An actor whose methods don't wait: each makes its call and returns at once. */
export type Deferred<T> = {
  [Name in keyof T]: T[Name] extends (...args: infer Args) => Promise<infer R> ? (...args: Args) => PendingCall<R> : never;
};

/** An actor whose methods also tell what their call took. A call that is rejected throws CanisterReject here too. */
export type Reporting<T> = {
  [Name in keyof T]: T[Name] extends (...args: infer Args) => Promise<infer R> ? (...args: Args) => Promise<Reported<R>> : never;
};

interface Binding {
  idlFactory: IDL.InterfaceFactory;
  canisterId: Principal;
  sender: Principal;
}

/** The actors of one network, and what else can be made of an actor. */
export class Actors {
  readonly #engine: Engine;
  /** The same, for methods that wait for their answer. */
  readonly #awaited: ReturnType<typeof letOthersRun>;
  /** What each actor was made from. An actor has no room for it: its names are the canister's. */
  readonly #bindings = new WeakMap<object, Binding>();

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#awaited = letOthersRun(engine);
  }

  create<T>(idlFactory: IDL.InterfaceFactory, canisterId: Principal, sender: Principal): T {
    const run = async (kind: 'update' | 'query', method: string, arg: Uint8Array): Promise<Uint8Array> =>
      unwrapReply(await this.#awaited[kind]({ canisterId, method, arg, sender }), { canisterId, method });
    const actor = createActor<T & object>(idlFactory, {
      update: (method, arg) => run('update', method, arg),
      query: (method, arg) => run('query', method, arg)
    });
    this.#bindings.set(actor, { idlFactory, canisterId, sender });
    return actor;
  }

  as<T extends object>(actor: T, sender: Principal): T {
    const { idlFactory, canisterId } = this.#bindingOf(actor);
    return this.create<T>(idlFactory, canisterId, sender);
  }

  deferred<T extends object>(actor: T): Deferred<T> {
    const { idlFactory, canisterId, sender } = this.#bindingOf(actor);
    return createMethods(idlFactory, (begin) => (...args) => {
      const { method, kind, arg, decode } = begin(args);
      return pendingCall({ canisterId, method }, this.#engine[kind]({ canisterId, method, arg, sender }), decode);
    });
  }

  reporting<T extends object>(actor: T): Reporting<T> {
    const { idlFactory, canisterId, sender } = this.#bindingOf(actor);
    return createMethods(idlFactory, (begin) => async (...args) => {
      const { method, kind, arg, decode } = begin(args);
      const { result, ...report } = await this.#awaited.report({ canisterId, method, arg, sender }, kind);
      return { ...report, value: decode(unwrapReply(result, { canisterId, method })) };
    });
  }

  #bindingOf(actor: object): Binding {
    const binding = this.#bindings.get(actor);
    if (binding === undefined) throw new TypeError('This is no actor of this network; take what its actor() or setupCanister() returned');
    return binding;
  }
}
