import { CallContext } from '../canister/CallContext.ts';
import type { Callback } from '../canister/Callbacks.ts';
import type { CanisterState } from '../canister/CanisterState.ts';

/** The calls a canister has begun and not ended, and those it waits for, as plain data: contexts are named by their ids. */
export interface OpenCalls {
  nextContextId: number;
  nextCallbackId: number;
  queuedTasks: string[];
  contexts: CallContext[];
  callbacks: [number, Omit<Callback, 'context'> & { context: number }][];
}

export function captureOpenCalls({ contexts, callbacks, nextContextId, nextCallbackId, queuedTasks }: CanisterState): OpenCalls {
  return {
    nextContextId,
    nextCallbackId,
    queuedTasks: [...queuedTasks],
    contexts: [...contexts].map((context) => ({ ...context })),
    callbacks: [...callbacks.entries()].map(([id, callback]) => [id, { ...callback, context: callback.context.id }])
  };
}

/** @throws Error when a callback belongs to no context */
export function restoreOpenCalls(
  canister: CanisterState,
  { contexts, callbacks, nextContextId, nextCallbackId, queuedTasks }: OpenCalls
): void {
  const byId = new Map(contexts.map((saved) => [saved.id, Object.assign(new CallContext(saved.id, saved.origin, saved.caller), saved)]));
  for (const context of byId.values()) canister.contexts.add(context);
  for (const [id, callback] of callbacks) {
    const context = byId.get(callback.context);
    if (context === undefined) throw new Error(`The saved state of canister ${canister.name} is damaged: a callback has no call context`);
    canister.callbacks.add(id, { ...callback, context });
  }
  for (const task of queuedTasks) canister.queuedTasks.add(task);
  canister.nextContextId = nextContextId;
  canister.nextCallbackId = nextCallbackId;
}
