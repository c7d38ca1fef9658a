import type { CanisterState } from '../canister/CanisterState.ts';
import { EntryPoint } from '../canister/EntryPoint.ts';
import { execute } from '../canister/execute.ts';
import type { Runtime } from '../canister/Runtime.ts';
import { answered, rejects } from './rejects.ts';
import type { Subnet } from './Subnet.ts';
import type { CallResult } from './types.ts';

export interface QueryCall {
  callee: Uint8Array;
  method: string;
  arg: Uint8Array;
  caller: Uint8Array;
}

/** Runs a query that makes no calls. What a client called itself may read a certificate; what a composite query calls may not. */
export function runSimpleQuery(
  subnet: Subnet,
  canister: CanisterState,
  runtime: Runtime,
  { method, arg, caller }: QueryCall,
  withCertificate = true
): CallResult {
  const certificate = withCertificate ? subnet.certificateFor(canister) : undefined;
  const input = { kind: EntryPoint.query, timeNs: subnet.clock.now(), arg, caller, certificate };
  const { execution, trap } = execute(canister, runtime, input, (heap) => heap.exported(`canister_query ${method}`), 'discard');
  if (trap !== undefined) {
    subnet.logOf(canister, `query ${method}`, trap.message);
    return rejects.trapped(canister, trap);
  }
  return execution.response === undefined ? rejects.noReply(canister) : answered(execution.response);
}
