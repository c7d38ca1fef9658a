import type { EnhancedServices } from '../../../src/lib/services/types';
import { createEnhancedServices } from '../../../src/lib/services/createEnhancedServices';
import { MINUTE, SECOND, type Network } from '../../services/support/network.ts';
import { identityOf, sessionOf, watch } from '../../services/support/people.ts';
import type { Row } from '../measure.ts';
import type { Clock } from './Clock.ts';
import { Meter } from './Meter.ts';

const MEASURED = 10 * MINUTE;
const PER_HOUR = (60 * MINUTE) / MEASURED;
/** As short as an answer takes on a real network: what one tab reads within a step, the other can't have heard of yet. */
const STEP = SECOND / 2;

type Role = 'trader' | 'operator';

interface Tab {
  readonly meter: Meter;
  readonly services: EnhancedServices;
}

/** The figures that are on such a person's screen. */
function screen(role: Role, { balance, positions, market, legacyAccount, admin, roles, legacyPlatform }: EnhancedServices) {
  const trader = [watch(balance), watch(positions), watch(market), watch(legacyAccount)];
  return role === 'trader' ? trader : [...trader, watch(admin), watch(roles), watch(legacyPlatform)];
}

/** What pages ask for that are open and do nothing: alone, two that share what they read, two that don't. */
export async function idlePages(network: Network, clock: Clock): Promise<Row[]> {
  const open = async (role: Role, sharing: boolean): Promise<Tab> => {
    const meter = new Meter();
    const session = sessionOf(identityOf(`idle ${role}`));
    // Tabs hear only those of their own version: each kind of person is in a browser of their own.
    const tabs = sharing ? { version: `idle ${role}` } : { tabs: null };
    const services = createEnhancedServices({ config: network.config, session, fetch: meter.fetch, ...tabs });
    const shown = screen(role, services);
    await network.until(() => shown.every(({ shown: { phase } }) => phase === 'live'), 'all figures');
    await clock.go(7 * SECOND, SECOND);
    return { meter, services };
  };

  const tabs: Record<Role, { apart: Tab[]; sharing: Tab[] }> = { trader: { apart: [], sharing: [] }, operator: { apart: [], sharing: [] } };
  for (const role of ['trader', 'operator'] as const) {
    const principal = identityOf(`idle ${role}`).getPrincipal().toText();
    await network.openLegacyAccount(principal, 0.01);
    if (role === 'operator') await network.grantOperator(principal);
    for (let tab = 0; tab < 2; tab += 1) {
      tabs[role].apart.push(await open(role, false));
      tabs[role].sharing.push(await open(role, true));
    }
  }
  const all = Object.values(tabs).flatMap(({ apart, sharing }) => [...apart, ...sharing]);
  for (const { meter } of all) meter.reset();
  await clock.go(MEASURED, STEP);
  for (const { services } of all) services.cleanup();
  return (['trader', 'operator'] as const).flatMap((role) => rowsOf(role, tabs[role]));
}

function rowsOf(role: Role, { apart, sharing }: { apart: Tab[]; sharing: Tab[] }): Row[] {
  const requests = (tabs: Tab[]): number => tabs.reduce((sum, { meter }) => sum + meter.requests * PER_HOUR, 0);
  const kib = (tabs: Tab[]): number => tabs.reduce((sum, { meter }) => sum + (meter.bytes * PER_HOUR) / 1_024, 0);
  const row = (what: string, unit: string, count: (tabs: Tab[]) => number): Row[] => [
    {
      what: `idle ${role}, one tab: ${what} an hour`,
      value: count(apart.slice(0, 1)),
      unit,
      comparedWith: 'two tabs that share',
      other: count(sharing)
    },
    {
      what: `idle ${role}, two tabs: ${what} an hour`,
      value: count(sharing),
      unit,
      comparedWith: 'without sharing',
      other: count(apart)
    }
  ];
  return [...row('requests', 'requests', requests), ...row('bodies', 'KiB', kib)];
}
