import type { ErrorKind } from '../errors/AppError';

export type CanisterName = 'options' | 'ledger' | 'legacy';

/** What was being done when it failed. */
export interface CallContext {
  readonly canister: CanisterName;
  readonly method: string;
  /** An update's outcome may be open after a failure; a query changes nothing. */
  readonly update: boolean;
  /** Whether the caller's delegation has run out: then the network's refusal means "log in again". */
  readonly sessionExpired?: boolean;
  /** The network's time, milliseconds since 1970: what a date in an answer is held against. */
  readonly nowMs: number;
}

/** A failure in the app's terms, before it becomes an AppError. */
export interface Mapped {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly message: string;
  /** Whether an update may have had an effect all the same. */
  readonly unclear?: boolean;
  readonly retryAfterMs?: number | undefined;
}

export const TITLES: Record<CanisterName, string> = {
  options: 'The exchange',
  ledger: 'The ckBTC ledger',
  legacy: 'The legacy platform'
};

/** The same in the middle of a sentence. */
export function titleOf(canister: CanisterName): string {
  const title = TITLES[canister];
  return title.charAt(0).toLowerCase() + title.slice(1);
}

export function unreachable({ canister }: CallContext): Mapped {
  return {
    kind: 'temporary',
    code: 'unreachable',
    message: `${TITLES[canister]} cannot be reached. Check your connection.`,
    unclear: true
  };
}

export function timedOut({ canister }: CallContext): Mapped {
  return {
    kind: 'temporary',
    code: 'timeout',
    message: `${TITLES[canister]} did not answer in time. Check your connection, and look before trying again.`,
    unclear: true
  };
}

export function sessionEnded(): Mapped {
  return { kind: 'session', code: 'session_ended', message: 'Your session has ended. Log in again.' };
}
