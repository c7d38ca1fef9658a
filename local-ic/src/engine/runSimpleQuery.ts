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

/** Who a query runs for: a client, who may be given a certificate; a composite query; or an outcall whose response it transforms. */
type QueryFor = 'client' | 'composite' | 'transform';

/** Runs a query that makes no calls. */
export function runSimpleQuery(
  subnet: Subnet,
  canister: CanisterState,
  runtime: Runtime,
  { method, arg, caller }: QueryCall,
  queryFor: QueryFor = 'client'
): CallResult {
  const certificate = queryFor === 'client' ? subnet.certificateFor(canister) : undefined;
  const input = {
    kind: queryFor === 'transform' ? EntryPoint.transform : EntryPoint.query,
    timeNs: subnet.clock.now(),
    arg,
    caller,
    certificate
  };
  const { execution, trap } = execute(canister, runtime, input, (heap) => heap.exported(`canister_query ${method}`), 'discard');
  if (trap !== undefined) {
    subnet.logOf(canister, `query ${method}`, trap.message);
    return rejects.trapped(canister, trap);
  }
  return execution.response === undefined ? rejects.noReply(canister) : answered(execution.response);
}
