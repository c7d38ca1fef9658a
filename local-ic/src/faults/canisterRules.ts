import type { MessageSource } from '../engine/canisterFaults.ts';
import type { RejectCode } from '../engine/types.ts';
import type { ExchangeRateVariant } from './exchangeRateErrors.ts';
import type { LedgerVariant } from './ledgerErrors.ts';
import type { RuleBase } from './types.ts';

/** Which messages a rule is about: those that fit everything given here. Nothing given: all of them. */
export interface CanisterFaultMatch {
  /** The canister that gets the message, as text. The management canister is meant only when aaaaa-aa is given. */
  canisterId?: string;
  /** Its method; for an answer the method that made the call; for a task canister_global_timer or canister_heartbeat. */
  method?: string;
  /** Where the message came from; for an answer: where the call came from to which it belongs. */
  from?: MessageSource;
}

/** A fault in canisters and between them, and when it happens; canisterVocabulary.ts says what each does. Times are network time. */
export type CanisterFaultRule = RuleBase & { match?: CanisterFaultMatch } & (
    | { kind: 'canister-stop'; forMs?: number }
    | { kind: 'canister-trap'; when?: 'before' | 'after'; message?: string }
    | { kind: 'callback-trap'; await?: number; message?: string }
    | { kind: 'out-of-cycles'; on?: 'message' | 'call' }
    | { kind: 'canister-upgrade'; on?: 'answer' | 'message'; await?: number; arg?: string | Uint8Array; skipPreUpgrade?: boolean }
    | { kind: 'slow-callee'; ms?: number; ns?: bigint | number | string; jitterMs?: number; on?: 'request' | 'response' }
    | { kind: 'silent-callee'; on?: 'request' | 'response' }
    | { kind: 'canister-reject'; code?: RejectCode; errorCode?: string; message?: string; executed?: boolean }
    | { kind: 'canister-reply'; reply: string | Uint8Array; executed?: boolean }
    | { kind: 'ledger-error'; variant: LedgerVariant; value?: bigint | number | string; message?: string }
    | { kind: 'exchange-rate-error'; variant: ExchangeRateVariant; code?: number; description?: string }
  );
