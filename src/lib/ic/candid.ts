import { AppError, type ErrorKind } from '../errors/AppError';
import type { Error as Refusal } from '../canisters/options/options.did';

/** Candid's `opt` as JavaScript's `undefined`. */
export function optional<T>(value: [] | [T]): T | undefined {
  return value[0];
}

export function toOpt<T>(value: T | undefined): [] | [T] {
  return value === undefined ? [] : [value];
}

/** The name of the one case a Candid variant has: `{ win: null }` is "win". */
export function caseOf<V extends object>(variant: V): V extends unknown ? keyof V & string : never {
  const [name] = Object.keys(variant);
  return name as V extends unknown ? keyof V & string : never;
}

/** `ok` of the options canister's answers, or its refusal as an AppError with the canister's own words. */
export function unwrap<T>(result: { ok: T } | { err: Refusal }): T {
  if ('ok' in result) return result.ok;
  throw refusalError(result.err);
}

/** A typed refusal: the canister decided, so nothing about it is unclear. A code this page doesn't know is just left out. */
export function refusalError(refusal: Refusal): AppError {
  const code = optional(refusal.code);
  const retryAfterS = optional(refusal.retry_after_s);
  const name = code === undefined ? 'refused' : caseOf(code);
  const kind: ErrorKind = name === 'anonymous' ? 'session' : caseOf(refusal.kind);
  return new AppError({
    kind,
    code: name,
    message: refusal.message,
    canister: 'options',
    retryAfterMs: retryAfterS === undefined ? undefined : Number(retryAfterS) * 1000,
    cause: refusal
  });
}
