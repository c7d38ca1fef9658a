import { get } from 'svelte/store';
import { judged, type Check } from '../finding.ts';
import { liveWithin } from '../reading.ts';
import { sats } from '../words.ts';

/** The market is read every 15 s, a balance every 30 s: after one period a reading is live or something is wrong. */
const MARKET_PERIOD_MS = 15_000;
const BALANCE_PERIOD_MS = 30_000;

/** The app's own service hub starts: for somebody who isn't logged in, and for the canary. */
export const services: Check = {
  name: 'services initialise',
  run: async ({ canary, open }) => {
    const visitor = open(undefined);
    const market = await liveWithin('the market', visitor.market, MARKET_PERIOD_MS);
    const { entry, tenors } = market.value;
    const switches = get(visitor.switches);
    const off = Object.entries(switches).flatMap(([name, { offBy }]) => (offBy === undefined ? [] : [`${name} (by ${offBy})`]));
    const seen = [
      `market live after ${market.tookMs} ms, ${tenors.filter(({ enabled }) => enabled).length} tenors, entry ${entry.kind === 'open' ? 'open' : `closed: ${entry.reason}`}`,
      `switches off: ${off.length === 0 ? 'none' : off.join(', ')}`
    ];
    if (canary === undefined) seen.push('no canary key: not logged in');
    else {
      const page = open(canary);
      if (switches.balances.on) {
        const { value, tookMs } = await liveWithin("the canary's balance", page.balance, BALANCE_PERIOD_MS);
        seen.push(
          `canary ${canary.getPrincipal().toText()}: balance live after ${tookMs} ms, ${sats(value.account.availableSats)} available`
        );
      }
      const { tookMs } = await liveWithin("the canary's positions", page.positions, BALANCE_PERIOD_MS);
      seen.push(`positions live after ${tookMs} ms`);
    }
    return judged([], seen.join('; '));
  }
};
