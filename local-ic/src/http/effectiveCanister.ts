import { Principal } from '@dfinity/principal';
import { canisterInArgument } from '../management/canisterInArgument.ts';
import { equalBytes } from './bytes.ts';
import type { CallContent } from './envelope.ts';
import { HttpError } from './HttpError.ts';

const MANAGEMENT_CANISTER = Principal.managementCanister();
/** Create a canister: there is none yet to name, so any id will do. */
const CREATES_CANISTER = new Set(['create_canister', 'provisional_create_canister_with_cycles']);

/**
 * The URL of a call or query names the canister it concerns (its effective canister id), which routes it on the real network. It must be the
 * called canister or, for the management canister, the canister that the argument names.
 * @throws HttpError 400
 */
export function checkEffectiveCanisterId(content: CallContent, effective: Principal): void {
  const called = content.canisterId;
  if (!isSame(called, MANAGEMENT_CANISTER)) {
    if (isSame(called, effective)) return;
    throw new HttpError(400, `Specified CanisterId ${called.toText()} does not match effective canister id in URL ${effective.toText()}`);
  }
  if (CREATES_CANISTER.has(content.method)) return;
  const named = canisterInArgument(content);
  if (named === undefined) {
    // Methods without a canister in their argument (raw_rand, ...) are not for ingress: the management canister itself says so.
    return;
  }
  if (!isSame(named, effective)) {
    throw new HttpError(
      400,
      `The argument of ${content.method} concerns canister ${named.toText()}, which does not match effective canister id in URL ${effective.toText()}`
    );
  }
}

function isSame(a: Principal, b: Principal): boolean {
  return equalBytes(a.toUint8Array(), b.toUint8Array());
}
