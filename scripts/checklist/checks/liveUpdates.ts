import { formatUsd } from '../../../src/lib/money/formatUsd';
import { judged, type Check } from '../finding.ts';
import { liveWithin } from '../reading.ts';
import { timeOf } from '../words.ts';

/** The market is read every 15 s, with jitter. */
const TWO_PERIODS_MS = 40_000;
/** No orders are taken with an older price. */
const FRESH_NS = 180_000_000_000n;

/** Readings follow each other without anybody asking, and the oracle's price in them is fresh. */
export const liveUpdates: Check = {
  name: 'live updates, oracle',
  run: async ({ open }) => {
    const { market } = open(undefined);
    // Watched without a break, as an open page does: polling goes on only while somebody looks.
    const stop = market.subscribe(() => undefined);
    try {
      const first = await liveWithin('the market', market, TWO_PERIODS_MS);
      const second = await liveWithin('the market', market, TWO_PERIODS_MS, ({ nowNs }) => nowNs > first.value.nowNs);
      const { nowNs, price } = second.value;
      if (price === undefined) return judged(['the oracle has brought no price yet'], `market of ${timeOf(nowNs)}`);
      const ageNs = nowNs - price.minuteNs;
      const faults = ageNs < FRESH_NS ? [] : [`the newest price is ${ageNs / 1_000_000_000n} s old: entry closes at 180 s`];
      return judged(
        faults,
        `market of ${timeOf(first.value.nowNs)}, then by itself of ${timeOf(nowNs)} (${second.tookMs} ms later); price ${formatUsd(price.priceE8)} ` +
          `from ${price.sources} sources, ${ageNs / 1_000_000_000n} s old`
      );
    } finally {
      stop();
    }
  }
};
