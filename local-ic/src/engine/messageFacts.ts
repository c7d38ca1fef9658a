import { Principal } from '@dfinity/principal';
import type { CallContext } from '../canister/CallContext.ts';
import type { CanisterState } from '../canister/CanisterState.ts';
import type { LOW_MEMORY_HOOK } from '../canister/lowMemory.ts';
import type { CanisterFiring, MessageFacts, MessageSource } from './canisterFaults.ts';
import type { RequestMessage, TaskMessage } from './messages.ts';
import type { Subnet } from './Subnet.ts';

type Facts = Omit<MessageFacts, 'timeNs'>;

const NO_FIRINGS: readonly CanisterFiring[] = [];

/** Asks what is to go wrong with a message; costs nothing as long as nothing is. */
export function decideFaults({ faults, clock }: Subnet, facts: () => Facts): readonly CanisterFiring[] {
  return faults.isActive ? faults.decide({ ...facts(), timeNs: clock.now() }) : NO_FIRINGS;
}

/** A call that is to be delivered, as rules of faults see it. */
export function factsOfCall({ callee, method, origin, deadlineNs }: RequestMessage): Facts {
  return {
    message: 'call',
    canisterId: Principal.fromUint8Array(callee).toText(),
    method,
    from: origin.kind === 'ingress' ? 'ingress' : 'canister',
    answerNumber: 0,
    isBoundedWait: deadlineNs > 0n
  };
}

/** An answer that is to be given to a call context. */
export function factsOfAnswer({ name }: CanisterState, { method, origin, answers }: CallContext): Facts {
  const from = origin.kind === 'task' ? sourceOf(method) : origin.kind;
  return { message: 'answer', canisterId: name, method, from, answerNumber: answers, isBoundedWait: false };
}

/** A task that is to be run. */
export function factsOfTask({ name }: CanisterState, method: Exclude<TaskMessage['export'], typeof LOW_MEMORY_HOOK>): Facts {
  return { message: 'task', canisterId: name, method, from: sourceOf(method), answerNumber: 0, isBoundedWait: false };
}

function sourceOf(task: string): MessageSource {
  return task === 'canister_heartbeat' ? 'heartbeat' : 'timer';
}
