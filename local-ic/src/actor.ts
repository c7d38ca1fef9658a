import { IDL } from '@dfinity/candid';

/** Runs one method of a canister: Candid in, Candid out. Rejects with CanisterReject. */
export interface MethodCaller {
  update(method: string, arg: Uint8Array): Promise<Uint8Array>;
  query(method: string, arg: Uint8Array): Promise<Uint8Array>;
}

/** A call of an actor's method, as Candid. */
export interface MethodCall {
  method: string;
  kind: 'update' | 'query';
  arg: Uint8Array;
  /** Makes the method's value of a reply. */
  decode(reply: Uint8Array): unknown;
}

/**
 * An object with one async function for each method of a Candid interface, which encodes the arguments, calls and decodes the reply.
 *
 * Methods that the interface marks as queries run as queries. As with the agent's actors, no result is `undefined`, one is itself and
 * several are an array.
 */
export function createActor<T>(idlFactory: IDL.InterfaceFactory, caller: MethodCaller): T {
  return createMethods<T>(idlFactory, (begin) => async (...args) => {
    const { method, kind, arg, decode } = begin(args);
    return decode(await caller[kind](method, arg));
  });
}

/**
 * An object with one function for each method of a Candid interface.
 *
 * @param make makes the function of a method; `begin` encodes its arguments and throws an Error when they aren't what the interface asks for
 */
export function createMethods<T>(
  idlFactory: IDL.InterfaceFactory,
  make: (begin: (args: unknown[]) => MethodCall) => (...args: unknown[]) => unknown
): T {
  const service = idlFactory({ IDL });
  const methods = service._fields.map(([name, type]) => [name, make((args) => methodCall(name, type, args))] as const);
  // The interface's type T says the same as its Candid description; TypeScript can't know that they belong together.
  return Object.fromEntries(methods) as T;
}

function methodCall(method: string, type: IDL.FuncClass, args: unknown[]): MethodCall {
  const isQuery = type.annotations.includes('query') || type.annotations.includes('composite_query');
  return {
    method,
    kind: isQuery ? 'query' : 'update',
    arg: new Uint8Array(IDL.encode(type.argTypes, args)),
    decode(reply) {
      if (type.annotations.includes('oneway')) return undefined;
      // Copied: Candid decoding misreads a slice of a pooled Buffer.
      const results = IDL.decode(type.retTypes, new Uint8Array(reply));
      return results.length > 1 ? results : results[0];
    }
  };
}
