/** request: your input, don't retry; temporary: try again, maybe after a while; session: log in again; internal: report it. */
export type ErrorKind = 'request' | 'temporary' | 'session' | 'internal';

/** The one error that reaches a screen: its message is written for people, its kind says what to do, its code is never shown. */
export class AppError extends Error {
  readonly kind: ErrorKind;
  /** A stable name such as `insufficient_balance` or `canister_stopped`; for code and logs. */
  readonly code: string;
  readonly retryAfterMs: number | undefined;
  /** Whether the call may have had an effect: read back before trying again. */
  readonly unclear: boolean;
  /** Which canister answered or failed to: "options", "ledger" or "legacy"; undefined when none was asked. */
  readonly canister: string | undefined;

  constructor(init: {
    kind: ErrorKind;
    code: string;
    message: string;
    retryAfterMs?: number | undefined;
    unclear?: boolean | undefined;
    canister?: string | undefined;
    cause?: unknown;
  }) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.name = 'AppError';
    this.kind = init.kind;
    this.code = init.code;
    this.retryAfterMs = init.retryAfterMs;
    this.unclear = init.unclear ?? false;
    this.canister = init.canister;
  }
}
