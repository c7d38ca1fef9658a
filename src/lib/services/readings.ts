import { isActive } from '../options/orderState';
import { legacyPriceMinute } from '../options/legacyPayout';
import type { LegacyAccount, LegacyPosition } from '../options/legacy';
import type { Market, Movement, Position, Role, Withdrawal } from '../options/types';
import type { PriceKeeper } from '../settlement/priceKeeper';
import { readAdminFigures } from './adminFigures';
import { withLegacyFallback } from './balanceStore';
import type { CertifiedPositions } from './certifiedPositions';
import type { Engine } from './engine';
import { createReadingStore, type LiveStore } from './readingStore';
import type { SessionScopes } from './sessionScope';
import type { AdminFigures, Balance } from './types';

const SECOND = 1_000;
/** How much of a list a screen shows without paging. */
const NEWEST = 100;

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
}

export interface ReadingsContext {
  readonly engine: Engine;
  readonly scopes: SessionScopes;
  readonly certified: CertifiedPositions;
  readonly prices: PriceKeeper;
}

/** Everything that keeps itself fresh: what is read, how often, and for whom. */
export function createReadings({ engine, scopes, certified, prices }: ReadingsContext): Readings {
  const market = createReadingStore<Market>(engine, {
    name: 'market',
    scope: scopes.everybody,
    isPrivate: false,
    read: ({ options }) => options.getMarket(),
    intervalMs: () => 15 * SECOND,
    asOf: ({ nowNs }) => nowNs
  });

  const mine = { scope: scopes.person, isPrivate: true };
  const balance = createReadingStore<Balance>(engine, {
    ...mine,
    name: 'balance',
    read: async ({ options, ledger, principal }) => {
      const [account, walletSats] = await Promise.all([options.getAccount(), ledger.balanceOf(principal)]);
      return { account, walletSats };
    },
    intervalMs: () => 30 * SECOND,
    asOf: ({ account }) => account.asOfNs
  });
  const legacyAccount = createReadingStore<LegacyAccount | null>(engine, {
    ...mine,
    name: 'legacyAccount',
    read: async ({ legacy, principal }) => (legacy === undefined ? null : legacy.getAccount(principal)),
    intervalMs: () => 30 * SECOND
  });

  return {
    market,
    balance: withLegacyFallback(balance, legacyAccount),
    legacyAccount,
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
      name: 'legacyPositions',
      // The canister lists the oldest first.
      read: async ({ legacy, principal }) => (legacy === undefined ? [] : (await legacy.getPositions(principal)).toReversed()),
      intervalMs: (rows) => (rows?.some(isActiveLegacy) ? 10 : 60) * SECOND,
      // While the exchange answers, the prices are fetched that the old route would need when it doesn't.
      onRead: (rows, { clients }) => prices.want(clients, minutesOf(rows))
    }),
    admin: createReadingStore<AdminFigures>(engine, {
      ...mine,
      name: 'admin',
      read: readAdminFigures,
      intervalMs: () => 60 * SECOND,
      asOf: ({ overview }) => overview.asOfNs
    })
  };
}

function isActiveLegacy({ state }: LegacyPosition): boolean {
  return state.kind === 'active';
}

function minutesOf(rows: readonly LegacyPosition[]): bigint[] {
  return rows.filter(isActiveLegacy).flatMap((row) => legacyPriceMinute(row) ?? []);
}
