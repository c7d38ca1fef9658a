import type { Readable } from 'svelte/store';
import type {
  AccountView,
  AuditEntry,
  Deposit,
  Flags,
  Market,
  Movement,
  OrderRequest,
  Overview,
  Position,
  PositionFilter,
  Quote,
  QuoteRequest,
  Receipt,
  Reserves,
  Role,
  UserRow,
  Withdrawal
} from '../options/types';
import type { LegacyAccount, LegacyPlatform, LegacyPosition, LegacySettlement } from '../options/legacy';
import type { SessionState } from '../ic/session';
import type { AppConfig } from '../config/config';
import type { AppError } from '../errors/AppError';
import type { PriceRule } from './checkPrice';
import type { Connection } from './connection';
import type { SwitchName, SwitchStates } from './switches';
import type { JournalEntry } from '../settlement/journal';
import type { SettlementFigures } from '../settlement/metrics';
import type { Retried } from '../settlement/resumption';

export type { SessionState };

/**
 * What a screen can show without thinking.
 * loading: nothing yet; live: fresh; stale: last value, newer ones fail or are late; offline: the browser has no network;
 * fallback: the value comes from the legacy platform because the options canister can't be reached; error: no value and an error.
 */
export type Phase = 'loading' | 'live' | 'stale' | 'offline' | 'fallback' | 'error';

/** Where figures come from: the exchange's own canisters, the legacy platform, or this site. */
export type Source = 'options' | 'legacy' | 'site';

/** One figure or list that keeps itself fresh. The last value survives every failure. */
export interface Reading<T> {
  readonly phase: Phase;
  readonly value: T | undefined;
  /** When the value was read, milliseconds since 1970; undefined before the first answer. */
  readonly updatedAt: number | undefined;
  /** Whose figures a screen should show: "legacy" while the reading has fallen back. */
  readonly source: Source;
  readonly error: AppError | undefined;
  /** What a person can do about the state; undefined when there is nothing to do. */
  readonly advice: string | undefined;
  readonly refreshing: boolean;
}

/** Polls only while somebody is subscribed; one poller however many components look. */
export interface ReadingStore<T> extends Readable<Reading<T>> {
  /** Reads now. Resolves when the answer, or its failure, is shown. */
  refresh(): Promise<void>;
}

/** The trader's money on the options canister and in their own ckBTC wallet. Never added up. */
export interface Balance {
  readonly account: AccountView;
  readonly walletSats: bigint;
  /** Whether the account came with the subnet's signature; a query is the word of one node. */
  readonly certified: boolean;
}

export interface RowPage<T> {
  readonly rows: T[];
  /** Pass as `after` to get the next page; undefined at the end. */
  readonly next: bigint | undefined;
}

/** The operator's figures, all from the canisters: refreshed every 60 s. */
export interface AdminFigures {
  readonly overview: Overview;
  readonly reserves: Reserves;
}

/** What one object gives every screen. All stores follow the session: signed out, the private ones are `loading` with no value. */
export interface EnhancedServices {
  readonly config: AppConfig;
  readonly session: Readable<SessionState>;
  /** Opens the provider's window: call it first thing in a click handler, before any await. */
  login(): Promise<void>;
  logout(): Promise<void>;
  readonly roles: ReadingStore<Role[]>;
  readonly market: ReadingStore<Market>;
  readonly balance: ReadingStore<Balance>;
  /** undefined value inside a live reading: this trader has no legacy account. */
  readonly legacyAccount: ReadingStore<LegacyAccount | null>;
  readonly legacyPositions: ReadingStore<LegacyPosition[]>;
  /** The newest 100 of the trader's positions, newest first. */
  readonly positions: ReadingStore<Position[]>;
  readonly movements: ReadingStore<Movement[]>;
  readonly withdrawals: ReadingStore<Withdrawal[]>;
  /** Falls back to `legacyPlatform` as the balance does to `legacyAccount`. */
  readonly admin: ReadingStore<AdminFigures>;
  /** null value inside a live reading: this network has no legacy platform. */
  readonly legacyPlatform: ReadingStore<LegacyPlatform | null>;
  /** Whether the canisters can be reached. */
  readonly connection: Readable<Connection>;
  /** What is switched off, and by whom. */
  readonly switches: Readable<SwitchStates>;
  /** Switches something off, or on again, in this browser only. */
  setLocalSwitch(name: SwitchName, on: boolean): void;
  /** Operators: the canister's flags, for everybody; within one polling period every open page follows. */
  setFlags(flags: Flags): Promise<void>;
  /** Reads the balance through consensus: before somebody decides about money by it. */
  certifyBalance(): Promise<AccountView>;
  quote(request: QuoteRequest, signal?: AbortSignal): Promise<Quote>;
  placeOrder(request: OrderRequest): Promise<Position>;
  cancelOrder(id: bigint): Promise<Position>;
  /**
   * Approves exactly what is needed, then deposits. `requestId` names the deposit: keep it while the outcome is open (an error with
   * `unclear`), take a new one after a refusal or a deposit that was returned.
   */
  deposit(requestId: string, amountSats: bigint): Promise<Deposit>;
  withdraw(requestId: string, amountSats: bigint, to: string): Promise<Withdrawal>;
  /** What is wrong with a destination as typed, in words; undefined when it is an account. */
  accountProblem(text: string): string | undefined;
  /** Local network only (config.testBitcoin): mints test ckBTC to the signed-in wallet. */
  getTestBitcoin(amountSats: bigint): Promise<void>;
  /** Holds a receipt's price against the price book. */
  checkPrice(receipt: Receipt): Promise<PriceRule>;
  settle(positionId: bigint): Promise<Receipt>;
  settleLegacy(positionId: bigint): Promise<LegacySettlement>;
  /** How settlements have gone since this page was opened, and how many wait. */
  readonly settlementMetrics: Readable<SettlementFigures>;
  /** What this person has asked for in this browser, newest first: everything open, and the last 200 that ended. */
  settlementHistory(): Promise<JournalEntry[]>;
  /** Takes up every settlement of this person that has not ended, now. */
  retryFailedSettlements(): Promise<Retried>;
  readonly adminPages: {
    users(after: bigint | undefined, limit: number): Promise<RowPage<UserRow>>;
    positions(filter: PositionFilter, after: bigint | undefined, limit: number): Promise<RowPage<Position>>;
    deposits(after: bigint | undefined, limit: number): Promise<RowPage<Deposit>>;
    withdrawals(after: bigint | undefined, limit: number): Promise<RowPage<Withdrawal>>;
    audit(after: bigint | undefined, limit: number): Promise<RowPage<AuditEntry>>;
  };
  pauseEntry(reason: string): Promise<void>;
  resumeEntry(): Promise<void>;
  /** Nothing left running: timers, listeners, stores. Safe to call twice or before init finished. */
  cleanup(): void;
}
