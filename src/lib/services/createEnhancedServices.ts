import { get } from 'svelte/store';
import type { AppConfig } from '../config/config';
import { AppError } from '../errors/AppError';
import type { Clients } from '../ic/clients';
import { accountProblem } from '../ic/icrcAccount';
import { createSession, type Session } from '../ic/session';
import { createLog } from '../log/createLog';
import type { Log } from '../log/log';
import type { Position } from '../options/types';
import { CertifiedPrices, type PriceStorage } from '../settlement/certifiedPrices';
import { PriceKeeper } from '../settlement/priceKeeper';
import { createSettlementService } from '../settlement/settlementService';
import { CertifiedPositions } from './certifiedPositions';
import { createEngine } from './engine';
import { checkPrice } from './checkPrice';
import { createReadings, ENTRY_OFF } from './readings';
import type { LiveStore } from './readingStore';
import { followSession } from './sessionScope';
import type { SwitchStorage } from './switches';
import { openTabChannel, type TabChannel } from './tabs';
import { cancelOrder, placeOrder, quote } from './trading';
import { deposit, withdraw } from './transfers';
import { inAction } from './inAction';
import type { EnhancedServices } from './types';

export interface EnhancedServicesOptions {
  readonly config: AppConfig;
  /** Who is here; by default the Internet Identity session of this browser. */
  readonly session?: Session;
  readonly fetch?: typeof fetch;
  /** What the hub does is written down here: the page's own log, so that a person can copy it. */
  readonly log?: Log;
  /** Reads the configuration again, once a minute, for its switches; undefined: they stay as they were at the start. */
  readonly readConfig?: () => Promise<AppConfig>;
  /** Which build this is: tabs share what they read only with their like. */
  readonly version?: string;
  /** How tabs share what they read; null: they don't. By default the browser's own channel. */
  readonly tabs?: TabChannel | null;
}

/**
 * The service hub: one object that gives every screen its figures and actions. It starts by itself from the stored session, reads only
 * what somebody looks at, recovers by itself, and leaves nothing running after `cleanup()`.
 */
export function createEnhancedServices(options: EnhancedServicesOptions): EnhancedServices {
  const { config, session = createSession(config), fetch, log = createLog(), readConfig, version = '' } = options;
  const tabs = options.tabs === undefined ? openTabChannel(config.canisters.options, version) : options.tabs;
  const engine = createEngine({ tabs: tabs ?? undefined });
  const closing = new AbortController();
  const scopes = followSession(session, { config, fetch, signal: closing.signal, log });
  const certified = new CertifiedPositions();
  const storage = browserStorage();
  const prices = new CertifiedPrices(config.canisters.options, storage);
  const keeper = new PriceKeeper(prices);
  const { switches, ...readings } = createReadings({
    ...{ engine, scopes, certified, prices: keeper, storage },
    siteSwitches: config.switches,
    readSiteSwitches: readConfig && (async () => (await readConfig()).switches)
  });
  const { market, balance, positions, movements, withdrawals, legacyAccount, legacyPositions, admin } = readings;

  const touch = (stores: readonly LiveStore<unknown>[]): void => {
    for (const store of stores) store.touch();
  };
  const settlement = createSettlementService({
    network: config.canisters.options,
    prices,
    enhanced: () => get(switches).settlement.on,
    byItself: (action, clients, act) => inAction(log, action, () => clients, act),
    onAttempt: (home) => touch(home === 'options' ? [positions, balance, movements] : [legacyPositions, legacyAccount])
  });

  const everybody = (): Clients => get(scopes.everybody).clients;
  const person = (): Clients => {
    const scope = get(scopes.person);
    if (scope === undefined) throw new AppError({ kind: 'session', code: 'anonymous', message: 'Log in to do this.' });
    return scope.clients;
  };
  const wallet = (clients: Clients) => ({ clients, optionsId: config.canisters.options });

  /** Runs an action of the person who is here and has what it changes read again afterwards, also when it failed: it may have had an effect. */
  const acting = async <T>(name: string, changed: readonly LiveStore<unknown>[], act: (clients: Clients) => Promise<T>): Promise<T> => {
    try {
      return await inAction(log, name, person, act);
    } finally {
      touch(changed);
    }
  };
  const requireEntry = (): void => {
    if (!get(switches).entry.on) throw new AppError({ kind: 'temporary', code: 'switched_off', message: ENTRY_OFF });
  };
  const keepCertified = (position: Position): Position => {
    certified.add(position);
    return position;
  };

  const stops = [
    scopes.person.subscribe((scope) => {
      // Also when one person follows another without a logout in between.
      certified.clear();
      keeper.stop();
      if (scope === undefined) engine.forgetPrivate();
      settlement.follow(scope?.clients);
    }),
    engine.onRecovered(() => settlement.nudge()),
    session.state.subscribe((state) => log.write('info', 'session', { status: state.status, expired: 'expired' in state && state.expired }))
  ];

  return {
    config,
    session: session.state,
    login: () => session.login(),
    logout: () => session.logout(),
    ...readings,
    settlementMetrics: settlement.metrics,
    settlementHistory: async () => settlement.history(person()),
    retryFailedSettlements: () => acting('retryFailedSettlements', [], (by) => settlement.retryFailed(by)),
    quote: (request, signal) => inAction(log, 'quote', everybody, (by) => quote(by, request, signal), 'debug'),
    connection: engine.connection,
    switches: { subscribe: switches.subscribe },
    setLocalSwitch: (name, on) => switches.setLocal(name, on),
    setFlags: (flags) => acting('setFlags', [market], (by) => by.options.setFlags(flags)),
    certifyBalance: () =>
      inAction(log, 'certifyBalance', person, async ({ options: exchange, ledger, principal }) => {
        const [account, walletSats] = await Promise.all([exchange.getCertifiedAccount(), ledger.balanceOf(principal)]);
        balance.put({ account, walletSats, certified: true });
        return account;
      }),
    placeOrder: (request) =>
      acting('placeOrder', [positions, balance, market, movements], async (by) => {
        requireEntry();
        return keepCertified(await placeOrder(by, request));
      }),
    cancelOrder: (id) =>
      acting('cancelOrder', [positions, balance, market, movements], async (by) => keepCertified(await cancelOrder(by, id))),
    deposit: (requestId, amountSats) => acting('deposit', [balance, movements], (by) => deposit(wallet(by), requestId, amountSats)),
    accountProblem,
    withdraw: (requestId, amountSats, to) =>
      acting('withdraw', [balance, movements, withdrawals], (by) => withdraw(wallet(by), requestId, amountSats, to)),
    getTestBitcoin: (amountSats) =>
      acting('getTestBitcoin', [balance], async ({ ledger, principal }) => {
        if (!config.testBitcoin)
          throw new AppError({ kind: 'request', code: 'no_test_bitcoin', message: 'This network gives no test bitcoin away.' });
        await ledger.mintTestBitcoin(principal, amountSats);
      }),
    checkPrice: (receipt) => inAction(log, 'checkPrice', everybody, (by) => checkPrice(by, receipt)),
    settle: (id) => acting('settle', [], (by) => settlement.settle(by, id)),
    settleLegacy: (id) => acting('settleLegacy', [], (by) => settlement.settleLegacy(by, id)),
    adminPages: {
      users: async (after, limit) => person().options.listUsers(after, limit),
      positions: async (filter, after, limit) => person().options.listPositions(filter, after, limit),
      deposits: async (after, limit) => person().options.listDeposits(after, limit),
      withdrawals: async (after, limit) => person().options.listWithdrawals(after, limit),
      audit: async (after, limit) => person().options.listAudit(after, limit)
    },
    pauseEntry: (reason) => acting('pauseEntry', [admin, market], ({ options }) => options.pauseEntry(reason)),
    resumeEntry: () => acting('resumeEntry', [admin, market], ({ options }) => options.resumeEntry()),
    cleanup: () => {
      for (const stop of stops.splice(0)) stop();
      closing.abort();
      keeper.stop();
      settlement.close();
      switches.close();
      engine.close();
      session.close();
    }
  };
}

/** undefined where the browser blocks storage: even asking for it may throw. */
function browserStorage(): (PriceStorage & SwitchStorage) | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}
