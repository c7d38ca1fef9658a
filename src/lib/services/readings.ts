import { derived, readable, type Readable } from 'svelte/store';
import type { SiteSwitches } from '../config/config';
import { isActive } from '../options/orderState';
import { legacyPriceMinute } from '../options/legacyPayout';
import type { LegacyAccount, LegacyPlatform, LegacyPosition } from '../options/legacy';
import type { Market, Movement, Position, Role, Withdrawal } from '../options/types';
import type { PriceKeeper } from '../settlement/priceKeeper';
import { readAdminFigures } from './adminFigures';
import type { CertifiedPositions } from './certifiedPositions';
import type { Engine } from './engine';
import { withLegacyFallback } from './legacyFallback';
import { createReadingStore, passOn, type LiveStore } from './readingStore';
import type { SessionScopes } from './sessionScope';
import { createSwitches, type Switches, type SwitchStorage } from './switches';
import type { AdminFigures, Balance, Reading } from './types';

const SECOND = 1_000;
/** How much of a list a screen shows without paging. */
const NEWEST = 100;
/** Why a page takes no orders whose entry switch is off. */
export const ENTRY_OFF = 'New orders are switched off on this page. Settling, cancelling and withdrawing work.';

export interface Readings {
  readonly market: LiveStore<Market>;
  readonly roles: LiveStore<Role[]>;
  readonly balance: LiveStore<Balance>;
  readonly legacyAccount: LiveStore<LegacyAccount | null>;
  readonly legacyPositions: LiveStore<LegacyPosition[]>;
  readonly positions: LiveStore<Position[]>;
  readonly movements: LiveStore<Movement[]>;
  readonly withdrawals: LiveStore<Withdrawal[]>;
  readonly admin: LiveStore<AdminFigures>;
  readonly legacyPlatform: LiveStore<LegacyPlatform | null>;
  readonly switches: Switches;
}

export interface ReadingsContext {
  readonly engine: Engine;
  readonly scopes: SessionScopes;
  readonly certified: CertifiedPositions;
  readonly prices: PriceKeeper;
  /** The switches as the configuration file had them at the start. */
  readonly siteSwitches: SiteSwitches;
  /** Reads the configuration file again; undefined: it never changes. */
  readonly readSiteSwitches?: (() => Promise<SiteSwitches>) | undefined;
  readonly storage: SwitchStorage | undefined;
}

/** Everything that keeps itself fresh: what is read, how often, and for whom. */
export function createReadings(context: ReadingsContext): Readings {
  const { engine, scopes, certified, prices } = context;
  const market = createReadingStore<Market>(engine, {
    name: 'market',
    source: 'options',
    scope: scopes.everybody,
    isPrivate: false,
    read: ({ options }) => options.getMarket(),
    intervalMs: () => 15 * SECOND,
    asOf: ({ nowNs }) => nowNs
  });
  const switches = createSwitches({ market, site: siteSwitches(context), storage: context.storage });

  const mine = { source: 'options', scope: scopes.person, isPrivate: true } as const;
  const balance = createReadingStore<Balance>(engine, {
    ...mine,
    name: 'balance',
    on: switches.isOn('balances'),
    read: async ({ options, ledger, principal }) => {
      const [account, walletSats] = await Promise.all([options.getAccount(), ledger.balanceOf(principal)]);
      return { account, walletSats, certified: false };
    },
    intervalMs: () => 30 * SECOND,
    asOf: ({ account }) => account.asOfNs
  });
  const legacyAccount = createReadingStore<LegacyAccount | null>(engine, {
    ...mine,
    source: 'legacy',
    name: 'legacyAccount',
    read: async ({ legacy, principal }) => (legacy === undefined ? null : legacy.getAccount(principal)),
    intervalMs: () => 30 * SECOND
  });
  const admin = createReadingStore<AdminFigures>(engine, {
    ...mine,
    name: 'admin',
    on: switches.isOn('admin'),
    read: readAdminFigures,
    intervalMs: () => 60 * SECOND,
    asOf: ({ overview }) => overview.asOfNs
  });
  const legacyPlatform = createReadingStore<LegacyPlatform | null>(engine, {
    ...mine,
    source: 'legacy',
    name: 'legacyPlatform',
    read: async ({ legacy }) => (legacy === undefined ? null : legacy.getPlatform()),
    intervalMs: () => 60 * SECOND
  });

  return {
    market: closedBySwitch(market, switches.isOn('entry')),
    switches,
    balance: withLegacyFallback(balance, legacyAccount),
    legacyAccount,
    admin: withLegacyFallback(admin, legacyPlatform),
    legacyPlatform,
    roles: createReadingStore<Role[]>(engine, {
      ...mine,
      name: 'roles',
      read: ({ options }) => options.myRoles(),
      intervalMs: () => 300 * SECOND
    }),
    positions: createReadingStore<Position[]>(engine, {
      ...mine,
      name: 'positions',
      read: async ({ options }) => certified.merge((await options.getPositions('all', undefined, NEWEST)).rows),
      intervalMs: (rows) => (rows?.some(isActive) ? 10 : 30) * SECOND
    }),
    movements: createReadingStore<Movement[]>(engine, {
      ...mine,
      name: 'movements',
      read: async ({ options }) => (await options.getMovements(undefined, NEWEST)).rows,
      intervalMs: () => 30 * SECOND
    }),
    withdrawals: createReadingStore<Withdrawal[]>(engine, {
      ...mine,
      name: 'withdrawals',
      read: async ({ options }) => (await options.getWithdrawals(undefined, NEWEST)).rows,
      intervalMs: (rows) =>
        (rows?.some(({ state }) => state.kind === 'in_transit' || state.kind === 'awaiting_approval') ? 10 : 60) * SECOND
    }),
    legacyPositions: createReadingStore<LegacyPosition[]>(engine, {
      ...mine,
      source: 'legacy',
      name: 'legacyPositions',
      // The canister lists the oldest first.
      read: async ({ legacy, principal }) => (legacy === undefined ? [] : (await legacy.getPositions(principal)).toReversed()),
      intervalMs: (rows) => (rows?.some(isActiveLegacy) ? 10 : 60) * SECOND,
      // While the exchange answers, the prices are fetched that the old route would need when it doesn't.
      onRead: (rows, { clients }) => prices.want(clients, minutesOf(rows))
    })
  };
}

/** What the configuration file switches off, as it was last read. */
function siteSwitches({ engine, scopes, siteSwitches: first, readSiteSwitches: read }: ReadingsContext): Readable<SiteSwitches> {
  if (read === undefined) return readable(first);
  const reading = createReadingStore<SiteSwitches>(engine, {
    name: 'siteSwitches',
    source: 'site',
    scope: scopes.everybody,
    isPrivate: false,
    read,
    intervalMs: () => 60 * SECOND
  });
  return derived(reading, ({ value }) => value ?? first);
}

/** The market as it is for this page: closed to new orders while the switch says so. */
function closedBySwitch(market: LiveStore<Market>, entryOn: Readable<boolean>): LiveStore<Market> {
  const shown = derived([market, entryOn], ([reading, on]): Reading<Market> => {
    if (on || reading.value === undefined || reading.value.entry.kind === 'closed') return reading;
    return { ...reading, value: { ...reading.value, entry: { kind: 'closed', reason: ENTRY_OFF } } };
  });
  return { ...passOn(market), subscribe: shown.subscribe };
}

function isActiveLegacy({ state }: LegacyPosition): boolean {
  return state.kind === 'active';
}

function minutesOf(rows: readonly LegacyPosition[]): bigint[] {
  return rows.filter(isActiveLegacy).flatMap((row) => legacyPriceMinute(row) ?? []);
}
