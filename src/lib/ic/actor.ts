import { Actor, type ActorSubclass } from '@dfinity/agent';
import type { IDL } from '@dfinity/candid';
import type { Caller } from './call';

/** A verified answer that is not of the type this page expects: canister and page are of different versions. */
export class CandidMismatch extends Error {
  override name = 'CandidMismatch';
}

/** The canister's methods as functions. What they reject with is for `query` and `update` to map. */
export function createActor<S>(interfaceOf: IDL.InterfaceFactory, { agent, canisterId }: Caller): ActorSubclass<S> {
  return Actor.createActor<S>(withGuardedAnswers(interfaceOf), { agent, canisterId });
}

/** Interfaces as they were built for their first actor: every action has actors of its own, and a large interface takes milliseconds. */
const built = new WeakMap<IDL.InterfaceFactory, IDL.ServiceClass>();

/** The decoder throws plain errors, as does whatever stumbles over a damaged certificate: only from inside can the two be told apart. */
function withGuardedAnswers(interfaceOf: IDL.InterfaceFactory): IDL.InterfaceFactory {
  return (idl) => {
    const known = built.get(interfaceOf);
    if (known !== undefined) return known;
    const service = interfaceOf(idl);
    for (const [, { retTypes }] of service._fields) {
      for (const [index, type] of retTypes.entries()) retTypes[index] = guarded(type);
    }
    built.set(interfaceOf, service);
    return service;
  };
}

function guarded(type: IDL.Type): IDL.Type {
  const guard: IDL.Type = Object.create(type);
  guard.decodeValue = (bytes, wireType) => {
    try {
      return type.decodeValue(bytes, wireType);
    } catch (cause) {
      throw new CandidMismatch('the answer is of another type', { cause });
    }
  };
  return guard;
}
