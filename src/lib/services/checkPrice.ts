import type { Clients } from '../ic/clients';
import { settlementMinutes, settlementPrice } from '../options/payoff';
import type { Receipt } from '../options/types';

/** Which rule of the price book gives a receipt's price: its minute's entry, the mean of ten minutes, neither, or nobody can tell: an entry is missing. */
export type PriceRule = 'minute' | 'mean' | 'neither' | 'unread';

/** Holds the price of a receipt against the price book. Either rule is right: which one applies is fixed by the terms of the position's tenor when it was placed. */
export async function checkPrice({ options }: Clients, { priceE8, priceMinuteNs }: Receipt): Promise<PriceRule> {
  const minutes = settlementMinutes(priceMinuteNs, true);
  const entries = await options.getPrices(minutes[0] ?? priceMinuteNs, minutes.length);
  const minute = settlementPrice(entries, priceMinuteNs, false);
  const mean = settlementPrice(entries, priceMinuteNs, true);
  if (minute === undefined) return 'unread';
  if (minute === priceE8) return 'minute';
  return mean === priceE8 ? 'mean' : 'neither';
}
