import { IDL } from '@dfinity/candid';

/** Runs one method of a canister: Candid in, Candid out. Rejects with CanisterReject. */
export interface MethodCaller {
  update(method: string, arg: Uint8Array): Promise<Uint8Array>;
  query(method: string, arg: Uint8Array): Promise<Uint8Array>;
}

/**
 * An object with one async function for each method of a Candid interface, which encodes the arguments, calls and decodes the reply.
 *
 * Methods that the interface marks as queries run as queries. As with the agent's actors, no result is `undefined`, one is itself and
 * several are an array.
 */
export function createActor<T>(idlFactory: IDL.InterfaceFactory, caller: MethodCaller): T {
  const service = idlFactory({ IDL });
  const methods = service._fields.map(([name, type]) => [name, methodOf(name, type, caller)] as const);
  // The interface's type T says the same as its Candid description; TypeScript can't know that they belong together.
  return Object.fromEntries(methods) as T;
}

function methodOf(name: string, type: IDL.FuncClass, caller: MethodCaller): (...args: unknown[]) => Promise<unknown> {
  const isQuery = type.annotations.includes('query') || type.annotations.includes('composite_query');
  return async (...args) => {
    const arg = new Uint8Array(IDL.encode(type.argTypes, args));
    const reply = isQuery ? await caller.query(name, arg) : await caller.update(name, arg);
    if (type.annotations.includes('oneway')) return undefined;
    // Copied: Candid decoding misreads a slice of a pooled Buffer.
    const results = IDL.decode(type.retTypes, new Uint8Array(reply));
    return results.length > 1 ? results : results[0];
  };
}
