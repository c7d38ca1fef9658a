import { judged, type Check } from '../finding.ts';
import { judgeCycles } from '../judgeCycles.ts';
import { metric, readPage } from '../readPage.ts';
import { cyclesOf } from '../words.ts';

/** The options canister can pay for itself, and for how long. The figures are public: /metrics has them. */
export const cycles: Check = {
  name: 'cycles',
  run: async (context) => {
    const { settings } = await (await context.options(undefined)).get_market();
    const { status, text } = await readPage(context, '/metrics');
    const balance = metric(text, 'satstrike_cycles_balance');
    const burned = metric(text, 'satstrike_cycles_burned_24h');
    if (status !== 200 || balance === undefined || burned === undefined)
      return judged([`/metrics answers ${status} without the canister's cycles`], `${text.length} characters`);
    const { faults, daysLeft } = judgeCycles(balance, burned, settings.alert_cycles);
    const days =
      daysLeft === undefined ? 'no burn is known yet' : `${cyclesOf(burned)} burned in the last 24 hours: ${daysLeft} days until the alert`;
    return judged(faults, `${cyclesOf(balance)} cycles, alert below ${cyclesOf(settings.alert_cycles)}; ${days}`);
  }
};
