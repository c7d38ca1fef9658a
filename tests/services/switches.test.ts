import { randomUUID } from 'node:crypto';
import { get } from 'svelte/store';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SiteSwitches } from '../../src/lib/config/config';
import type { EnhancedServices } from '../../src/lib/services/types';
import { MINUTE, SECOND, startNetwork, type Network } from './support/network.ts';
import { person, watch, type Person } from './support/people.ts';

const allOn = { balances: true, admin: true, settlement: true };

let network: Network;
let operator: Person;
let site: SiteSwitches = {};
let people: Person[] = [];

function open(name: string): Person {
  const opened = person(network.config, name, { tabs: null, readConfig: () => Promise.resolve({ ...network.config, switches: site }) });
  people.push(opened);
  return opened;
}

/** Somebody with money on both platforms who has the page open. */
async function veteran(name: string) {
  const trader = open(name);
  await network.openLegacyAccount(trader.principal, 0.01);
  await trader.services.getTestBitcoin(1_000_000n);
  await trader.services.deposit(randomUUID(), 500_000n);
  const views = { balance: watch(trader.services.balance), legacy: watch(trader.services.legacyAccount) };
  await network.until(() => views.balance.shown.phase === 'live' && views.legacy.shown.phase === 'live', 'both accounts');
  return { ...trader, ...views };
}

/** The three ways to switch something off, and on again. */
const ways: [
  string,
  (off: keyof typeof allOn, services: EnhancedServices) => Promise<void> | void,
  (services: EnhancedServices) => Promise<void> | void
][] = [
  ['the canister’s flag', (off) => operator.services.setFlags({ ...allOn, [off]: false }), () => operator.services.setFlags(allOn)],
  [
    'the configuration file',
    (off) => {
      site = { [off]: false };
    },
    () => {
      site = {};
    }
  ],
  [
    'the browser’s own switch',
    (off, services) => services.setLocalSwitch(off, false),
    (services) => {
      for (const name of ['balances', 'admin', 'settlement'] as const) services.setLocalSwitch(name, true);
    }
  ]
];

beforeAll(async () => {
  network = await startNetwork();
  await network.pass(2 * MINUTE);
  operator = person(network.config, 'olga');
  await network.grantOperator(operator.principal);
}, 300_000);
afterEach(() => {
  for (const { services } of people) services.cleanup();
  people = [];
  site = {};
});
afterAll(async () => {
  operator.services.cleanup();
  await network.close();
});

describe.each(ways)('by %s', (_, switchOff, switchOn) => {
  it('balances fall back to the legacy account within one period, and return', async () => {
    const { services, balance, wire } = await veteran(`alice ${randomUUID()}`);
    await switchOff('balances', services);
    await network.pass(MINUTE);
    await network.until(() => balance.shown.phase === 'fallback', 'the fallback');
    expect(balance.shown).toMatchObject({
      source: 'legacy',
      value: { account: { availableSats: 500_000n } },
      error: { code: 'switched_off' }
    });
    expect(get(services.switches).balances.on).toBe(false);
    const asked = wire.asked('get_account');
    await network.pass(5 * MINUTE);
    expect(wire.asked('get_account')).toBe(asked);
    await switchOn(services);
    await network.pass(MINUTE);
    await network.until(() => balance.shown.phase === 'live', 'the return');
    expect(balance.shown.source).toBe('options');
  });

  it('the console’s figures fall back to the legacy platform’s, and return', async () => {
    const { services } = open('olga');
    const [admin, legacy] = [watch(services.admin), watch(services.legacyPlatform)];
    await network.until(() => admin.shown.phase === 'live' && legacy.shown.phase === 'live', 'the figures');
    await switchOff('admin', services);
    await network.pass(MINUTE);
    await network.until(() => admin.shown.phase === 'fallback', 'the fallback');
    expect(admin.shown.value?.overview.users).toBeGreaterThan(0n);
    await switchOn(services);
    await network.pass(MINUTE);
    await network.until(() => admin.shown.phase === 'live', 'the return');
  });
});

describe('new orders', () => {
  it('are not sent while the site has switched them off; the market says so', async () => {
    const { services } = await veteran('carol');
    const market = watch(services.market);
    await network.until(() => market.shown.phase === 'live', 'the market');
    site = { entry: false };
    await network.pass(MINUTE);
    await network.until(() => market.value.entry.kind === 'closed', 'the closing');
    const order = {
      clientOrderId: randomUUID(),
      instrument: { kind: 'digital', direction: 'call', payoutSats: 20_000n },
      tenor: '1m',
      strike: { kind: 'offset', offsetE8: 0n },
      maxPremiumSats: 19_000n,
      maxPayoutSats: undefined
    } as const;
    await expect(services.placeOrder(order)).rejects.toMatchObject({ kind: 'temporary', code: 'switched_off' });
    site = {};
    await network.pass(MINUTE);
    await network.until(() => market.value.entry.kind === 'open', 'the opening');
    expect(await services.placeOrder(order)).toMatchObject({ state: { kind: 'pending' } });
  });
});

describe('the balance somebody decides by', () => {
  it('is confirmed by the subnet’s signature', async () => {
    const { services, balance } = await veteran('dora');
    expect(balance.value.certified).toBe(false);
    expect(await services.certifyBalance()).toMatchObject({ availableSats: 500_000n });
    expect(balance.value).toMatchObject({ certified: true, account: { availableSats: 500_000n } });
    await network.pass(30 * SECOND);
    await network.until(() => !balance.value.certified, 'the next reading');
  });
});
