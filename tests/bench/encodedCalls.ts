import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { LocalIc } from 'local-ic';

/** Calls by name, with the types made once: a million calls through typed actors would spend their time making types. */
export interface EncodedCalls {
  /** The decoded answer of an update or, if it is one, a query. Without a sender the network's admin calls. @throws CanisterReject */
  call(sender: Principal | undefined, method: string, ...args: unknown[]): Promise<unknown>;
  /** An update whose answer nobody looks at: reading a million of them takes longer than making them. The caller checks the effect. @throws CanisterReject */
  send(sender: Principal | undefined, method: string, ...args: unknown[]): Promise<unknown>;
  /** The value of an answer that must be `ok`. @throws Error with the canister's message */
  ok(sender: Principal | undefined, method: string, ...args: unknown[]): Promise<unknown>;
  /** Instructions of a call, all canisters together. @throws Error when it was rejected */
  instructions(sender: Principal | undefined, method: string, ...args: unknown[]): Promise<number>;
}

export function encodedCalls(ic: LocalIc, canisterId: Principal, idlFactory: IDL.InterfaceFactory): EncodedCalls {
  const methods = new Map(idlFactory({ IDL })._fields);
  const prepared = (sender: Principal | undefined, method: string, args: unknown[]) => {
    const type = methods.get(method);
    if (type === undefined) throw new Error(`there is no method ${method}`);
    const call = { canisterId, method, arg: new Uint8Array(IDL.encode(type.argTypes, args)), ...(sender && { sender }) };
    return { type, call, isQuery: type.annotations.includes('query') };
  };
  const calls: EncodedCalls = {
    async call(sender, method, ...args) {
      const { type, call, isQuery } = prepared(sender, method, args);
      // A copy: the decoder needs a buffer of its own.
      return IDL.decode(type.retTypes, new Uint8Array(isQuery ? await ic.query(call) : await ic.update(call)))[0];
    },
    send: (sender, method, ...args) => ic.update(prepared(sender, method, args).call),
    async ok(sender, method, ...args) {
      const answer = (await calls.call(sender, method, ...args)) as { ok: unknown } | { err: { message: string } };
      if ('err' in answer) throw new Error(`${method}: ${answer.err.message}`);
      return answer.ok;
    },
    async instructions(sender, method, ...args) {
      const { call, isQuery } = prepared(sender, method, args);
      const report = await ic.report({ ...call, kind: isQuery ? 'query' : 'update' });
      if (report.result.kind !== 'reply') throw new Error(`${method} was rejected`);
      return Number(report.instructions);
    }
  };
  return calls;
}
