import type { AppConfig } from '$lib/config/config';
import type { LegacyAccount, LegacyPlatform, LegacyPosition } from '$lib/options/legacy';
import type {
  AccountView,
  Fill,
  Market,
  Movement,
  Position,
  Quote,
  Receipt,
  Role,
  Settings,
  TenorNow,
  Withdrawal
} from '$lib/options/types';
import type { AdminFigures, Balance, EnhancedServices, Reading, ReadingStore, SessionState } from '$lib/services/types';
import type { Connection } from '$lib/services/connection';
import type { SwitchStates } from '$lib/services/switches';
import { createSettlementMetrics, type SettlementMetrics } from '$lib/settlement/metrics';
import { writable, type Writable } from 'svelte/store';
import { vi } from 'vitest';
import { App } from '../app.svelte';

/* What component tests put in place of the service hub: its stores as plain ones that the test sets, its calls as spies. */

export const MINUTE_NS = 60_000_000_000n;
/** 1 March 2024, 12:00:30 UTC: half a minute into the network's minute. */
export const NOW_MS = Date.UTC(2024, 2, 1, 12, 0, 30);
export const NOW_NS = BigInt(NOW_MS) * 1_000_000n;
export const MINUTE = NOW_NS - 30_000_000_000n;
export const TRADER = 'un4fu-tqaaa-aaaab-qadjq-cai-72xqp-3l5te-zoqkp-26mwd-4p6dt-dqe';

interface TestStore<T> extends ReadingStore<T> {
  set(value: Reading<T>): void;
  refresh: ReturnType<typeof vi.fn<() => Promise<void>>>;
}

export function reading<T>(value: T | undefined, parts: Partial<Reading<T>> = {}): Reading<T> {
  return {
    phase: value === undefined ? 'loading' : 'live',
    value,
    updatedAt: value === undefined ? undefined : NOW_MS,
    error: undefined,
    source: 'options',
    advice: undefined,
    refreshing: false,
    ...parts
  };
}

function testStore<T>(first: Reading<T> = reading<T>(undefined)): TestStore<T> {
  const store = writable(first);
  return { subscribe: store.subscribe, set: store.set, refresh: vi.fn(() => Promise.resolve()) };
}

const settings: Settings = {
  spreadPpm: 20_000n,
  minSpreadSats: 10n,
  maxSkewPpm: 50_000n,
  minPremiumSats: 100n,
  premiumFloorPpm: 30_000n,
  minSharePpm: 40_000n,
  volatilityLambdaPpm: 990_000n,
  minPayoutSats: 10_000n,
  maxPositionPayoutSats: 10_000_000n,
  maxTraderPayoutSats: 50_000_000n,
  maxExpiryPayoutSats: 100_000_000n,
  maxTotalPayoutSats: 100_000_000n,
  minDepositSats: 10_000n,
  minWithdrawalSats: 10_000n,
  largeWithdrawalSats: 100_000_000n,
  minSources: 3n,
  maxDispersionPpm: 10_000n,
  maxJumpPpm: 100_000n,
  minCycles: 1_000_000_000_000n,
  alertCycles: 3_000_000_000_000n
};

/** A tenor of one minute with a fixed volatility of 60 %. */
export function tenor(parts: Partial<TenorNow> = {}): TenorNow {
  return {
    name: '1m',
    schedule: { kind: 'minutes', minutes: 1n },
    volatility: { kind: 'fixed', sigmaPpm: 600_000n },
    bandPpm: 0n,
    strikeGridE8: 5_000_000_000n,
    enabled: true,
    sigmaPpm: 600_000n,
    expiryNs: MINUTE + 2n * MINUTE_NS,
    settlesAtMean: false,
    ...parts
  };
}

export const market: Market = {
  nowNs: NOW_NS,
  price: { minuteNs: MINUTE - MINUTE_NS, priceE8: 2_342_117_000_000n, sources: 7n, recordedNs: MINUTE },
  entry: { kind: 'open' },
  tenors: [
    tenor({ name: '1m', strikeGridE8: 1_000_000_000n }),
    tenor({ name: '5m', schedule: { kind: 'minutes', minutes: 5n }, expiryNs: MINUTE + 6n * MINUTE_NS }),
    tenor({ name: '4h', schedule: { kind: 'minutes', minutes: 240n }, settlesAtMean: true, enabled: false }),
    // Saturday, 2 March 2024, 08:00 UTC.
    tenor({ name: '1d', schedule: { kind: 'daily' }, expiryNs: MINUTE + 1_200n * MINUTE_NS, settlesAtMean: true })
  ],
  settings,
  flags: { balances: true, admin: true, settlement: true },
  treasuryAvailableSats: 100_000_000n,
  utilisationPpm: 20_000n,
  version: '0.1.0'
};

const account: AccountView = {
  owner: TRADER,
  availableSats: 1_000_000n,
  reservedSats: 0n,
  withdrawingSats: 0n,
  openPremiumSats: 0n,
  openMaxPayoutSats: 0n,
  asOfNs: NOW_NS
};

export const balance: Balance = { account, walletSats: 250_000n, certified: false };

export const quote: Quote = {
  priceE8: 2_342_117_000_000n,
  priceMinuteNs: MINUTE - MINUTE_NS,
  strikeE8: 2_342_117_000_000n,
  sigmaPpm: 600_000n,
  fillMinuteNs: MINUTE + MINUTE_NS,
  expiryNs: MINUTE + 2n * MINUTE_NS,
  fairSats: 50_000n,
  spreadSats: 1_000n,
  skewSats: 200n,
  premiumSats: 51_200n,
  maxPayoutSats: 100_000n,
  greeks: { delta: 1_234_567n, gamma: -2_500n, vega: 40_000n, theta: -1_000_500_000n }
};

export const fill: Fill = {
  priceE8: 2_342_000_000_000n,
  strikeE8: 2_342_000_000_000n,
  sigmaPpm: 600_000n,
  fairSats: 50_000n,
  spreadSats: 1_000n,
  skewSats: 200n,
  premiumSats: 51_200n,
  filledNs: MINUTE
};

export function position(parts: Partial<Position> = {}): Position {
  return {
    id: 1n,
    owner: TRADER,
    clientOrderId: 'order-1',
    instrument: { kind: 'digital', direction: 'call', payoutSats: 100_000n },
    tenor: '5m',
    strike: { kind: 'offset', offsetE8: 0n },
    maxPremiumSats: 53_760n,
    maxPayoutSats: 100_000n,
    reservedPayoutSats: 100_000n,
    placedNs: NOW_NS,
    fillMinuteNs: MINUTE + MINUTE_NS,
    expiryNs: MINUTE + 6n * MINUTE_NS,
    state: { kind: 'pending' },
    ...parts
  };
}

export function receiptOf(of: Position, parts: Partial<Receipt> = {}): Receipt {
  return {
    positionId: of.id,
    priceE8: 2_343_000_000_000n,
    priceMinuteNs: of.expiryNs,
    outcome: 'win',
    premiumSats: 51_200n,
    payoutSats: 100_000n,
    profitSats: 48_800n,
    settledNs: of.expiryNs + 31_000_000_000n,
    ...parts
  };
}

export const config: AppConfig = {
  network: 'local',
  host: '',
  canisters: { options: 'bkyz2-fmaaa-aaaaa-qaaaq-cai', ledger: 'bd3sg-teaaa-aaaaa-qaaba-cai', legacy: 'be2us-64aaa-aaaaa-qaabq-cai' },
  identityProvider: 'http://localhost:4944',
  derivationOrigin: undefined,
  replay: undefined,
  testBitcoin: true,
  switches: {}
};

const on = { on: true, offBy: undefined };
const allOn: SwitchStates = { balances: on, admin: on, settlement: on, entry: on };

export const signedIn: SessionState = { status: 'signedIn', principal: TRADER, expiresAt: NOW_MS + 3_600_000 };
export const signedOut: SessionState = { status: 'anonymous', expired: false };

function stores() {
  return {
    market: testStore(reading(market)),
    balance: testStore(reading(balance)),
    roles: testStore(reading<Role[]>([])),
    legacyAccount: testStore<LegacyAccount | null>(reading(null)),
    legacyPositions: testStore<LegacyPosition[]>(reading([])),
    positions: testStore<Position[]>(reading([])),
    movements: testStore<Movement[]>(reading([])),
    withdrawals: testStore<Withdrawal[]>(reading([])),
    admin: testStore<AdminFigures>(),
    legacyPlatform: testStore<LegacyPlatform | null>(reading(null))
  };
}

function calls() {
  return {
    login: vi.fn<EnhancedServices['login']>(() => Promise.resolve()),
    logout: vi.fn<EnhancedServices['logout']>(() => Promise.resolve()),
    quote: vi.fn<EnhancedServices['quote']>(() => Promise.resolve(quote)),
    placeOrder: vi.fn<EnhancedServices['placeOrder']>(({ clientOrderId }) => Promise.resolve(position({ clientOrderId }))),
    cancelOrder: vi.fn<EnhancedServices['cancelOrder']>((id) => Promise.resolve(position({ id }))),
    deposit: vi.fn<EnhancedServices['deposit']>(),
    withdraw: vi.fn<EnhancedServices['withdraw']>(),
    accountProblem: vi.fn<EnhancedServices['accountProblem']>((text) => (text === TRADER ? undefined : 'This is not an account.')),
    getTestBitcoin: vi.fn<EnhancedServices['getTestBitcoin']>(() => Promise.resolve()),
    checkPrice: vi.fn<EnhancedServices['checkPrice']>(() => Promise.resolve('minute')),
    settle: vi.fn<EnhancedServices['settle']>(),
    settleLegacy: vi.fn<EnhancedServices['settleLegacy']>(),
    settlementHistory: vi.fn<EnhancedServices['settlementHistory']>(() => Promise.resolve([])),
    retryFailedSettlements: vi.fn<EnhancedServices['retryFailedSettlements']>(() =>
      Promise.resolve({ settled: 0, stillOpen: 0, refused: 0 })
    ),
    pauseEntry: vi.fn<EnhancedServices['pauseEntry']>(() => Promise.resolve()),
    resumeEntry: vi.fn<EnhancedServices['resumeEntry']>(() => Promise.resolve()),
    setLocalSwitch: vi.fn<EnhancedServices['setLocalSwitch']>(),
    setFlags: vi.fn<EnhancedServices['setFlags']>(() => Promise.resolve()),
    certifyBalance: vi.fn<EnhancedServices['certifyBalance']>(() => Promise.resolve(account)),
    cleanup: vi.fn<EnhancedServices['cleanup']>()
  };
}

function adminPages() {
  const none = () => Promise.resolve({ rows: [], next: undefined });
  return {
    users: vi.fn<EnhancedServices['adminPages']['users']>(none),
    positions: vi.fn<EnhancedServices['adminPages']['positions']>(none),
    deposits: vi.fn<EnhancedServices['adminPages']['deposits']>(none),
    withdrawals: vi.fn<EnhancedServices['adminPages']['withdrawals']>(none),
    audit: vi.fn<EnhancedServices['adminPages']['audit']>(none)
  };
}

export type TestServices = ReturnType<typeof stores> &
  ReturnType<typeof calls> & {
    config: AppConfig;
    session: Writable<SessionState>;
    connection: Writable<Connection>;
    switches: Writable<SwitchStates>;
    settlementMetrics: SettlementMetrics;
    adminPages: ReturnType<typeof adminPages>;
  };

export function testServices(session: SessionState = signedIn): TestServices {
  return {
    config,
    session: writable(session),
    connection: writable<Connection>({ status: 'online' }),
    switches: writable(allOn),
    settlementMetrics: createSettlementMetrics(),
    ...stores(),
    ...calls(),
    adminPages: adminPages()
  };
}

/** An app whose services are there, as the root layout makes it, and the context that hands it on. */
export function appWith(services: TestServices): { app: App; context: Map<symbol, App> } {
  const never = () => Promise.reject(new Error('not used'));
  const app = new App({ loadConfig: never, loadServices: never });
  app.services = services;
  return { app, context: new Map([[App.context, app]]) };
}
