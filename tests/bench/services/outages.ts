import { MINUTE, SECOND, type Network } from '../../services/support/network.ts';
import { person, watch } from '../../services/support/people.ts';
import { median, type Row } from '../measure.ts';
import type { Clock } from './Clock.ts';

const TIMES = 8;

/** How long the options canister is away before a page says so, and is back before it shows live figures: at different moments of the polling period. */
export async function outages(network: Network, clock: Clock): Promise<Row[]> {
  const [veteran, newcomer] = [person(network.config, 'veteran'), person(network.config, 'newcomer')];
  await network.openLegacyAccount(veteran.principal, 0.01);
  const pages = {
    'a trader with a legacy account': { balance: watch(veteran.services.balance), away: 'fallback', seen: [], over: [] },
    'a trader without': { balance: watch(newcomer.services.balance), away: 'stale', seen: [], over: [] }
  } satisfies Record<string, Page>;
  const all: Page[] = Object.values(pages);
  for (const { services } of [veteran, newcomer]) for (const store of [services.market, services.positions]) watch<unknown>(store);
  await network.until(() => all.every(({ balance }) => balance.shown.phase === 'live'), 'the balances');

  for (let time = 0; time < TIMES; time += 1) {
    await clock.go(MINUTE + time * 3_700, 5 * SECOND);
    await network.stop('options');
    await watchFor(clock, all, 'seen', ({ balance, away }) => balance.shown.phase === away);
    await clock.go((1 + time / 2) * MINUTE, 5 * SECOND);
    await network.start('options');
    await watchFor(clock, all, 'over', ({ balance }) => balance.shown.phase === 'live');
  }
  for (const { services } of [veteran, newcomer]) services.cleanup();
  return Object.entries<Page>(pages).flatMap(([who, { away, seen, over }]) => [
    ...rowsOf(`options canister away until ${who} sees "${away}"`, seen),
    ...rowsOf(`options canister back until ${who} sees "live"`, over)
  ]);
}

interface Page {
  readonly balance: { readonly shown: { readonly phase: string } };
  readonly away: string;
  /** Seconds each time. */
  readonly seen: number[];
  readonly over: number[];
}

async function watchFor(clock: Clock, pages: Page[], what: 'seen' | 'over', holds: (page: Page) => boolean): Promise<void> {
  const since = Date.now();
  const waiting = new Set(pages);
  await clock.go(10 * MINUTE, SECOND, () => {
    for (const page of waiting) {
      if (!holds(page)) continue;
      waiting.delete(page);
      page[what].push((Date.now() - since) / SECOND);
    }
    return waiting.size === 0;
  });
  if (waiting.size > 0) throw new Error('a page never noticed');
}

function rowsOf(what: string, seconds: number[]): Row[] {
  const period = { unit: 's', comparedWith: 'its polling period', other: 30 };
  return [
    { what: `${what}, median of ${seconds.length}`, value: median(seconds), ...period },
    { what: `${what}, worst`, value: Math.max(...seconds), ...period }
  ];
}
