import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { checkCandid } from '../candid/checkCandid.ts';

/** The canister a call of the management canister concerns, as its argument names it; undefined when it names none. */
export function canisterInArgument({ method, arg }: { method: string; arg: Uint8Array }): Principal | undefined {
  const field = method === 'install_chunked_code' ? 'target_canister' : 'canister_id';
  try {
    checkCandid(arg);
    const [record] = IDL.decode([IDL.Record({ [field]: IDL.Principal })], arg);
    return readPrincipal(record, field);
  } catch {
    return undefined;
  }
}

function readPrincipal(record: unknown, field: string): Principal | undefined {
  const value: unknown = typeof record === 'object' && record !== null ? Reflect.get(record, field) : undefined;
  return value instanceof Principal ? value : undefined;
}
