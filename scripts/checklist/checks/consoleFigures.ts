import { get } from 'svelte/store';
import { toOverview } from '../../../src/lib/ic/adminMapping';
import type { Overview } from '../../../src/lib/options/types';
import { judged, skipped, type Check } from '../finding.ts';
import { judgeFigures } from '../judgeFigures.ts';
import { liveWithin } from '../reading.ts';
import { sats } from '../words.ts';

const MARKET_PERIOD_MS = 15_000;
const CONSOLE_PERIOD_MS = 60_000;

/** The operators' console shows what the canister says when it is asked directly, before and after. */
export const consoleFigures: Check = {
  name: "console's figures",
  run: async ({ operator, open, options }) => {
    if (operator === undefined) return skipped("no --operator key: only operators and auditors can read the console's figures");
    const direct = await options(operator);
    const ask = async (): Promise<Overview> => {
      const answer = await direct.get_overview();
      if ('err' in answer) throw new Error(`get_overview refuses ${operator.getPrincipal().toText()}: ${answer.err.message}`);
      return toOverview(answer.ok);
    };
    const page = open(operator);
    // The market tells which services are switched off.
    await liveWithin('the market', page.market, MARKET_PERIOD_MS);
    const { offBy } = get(page.switches).admin;
    if (offBy !== undefined) return skipped(`the console's figures are switched off (by ${offBy})`);
    const before = await ask();
    const { value, tookMs } = await liveWithin('the console', page.admin, CONSOLE_PERIOD_MS);
    const { compared, faults } = judgeFigures(before, value.overview, await ask());
    const { users, settled, premiumsSats, payoutsSats } = value.overview;
    return judged(
      faults,
      `console live after ${tookMs} ms; ${compared} figures compared with get_overview before and after; users ${users}, settled ${settled}, ` +
        `premiums ${sats(premiumsSats)}, payouts ${sats(payoutsSats)}`
    );
  }
};
