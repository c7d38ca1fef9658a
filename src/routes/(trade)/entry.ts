import { networkTime } from '$lib/components/clock';
import type { Market } from '$lib/options/types';
import { entryClosedReason } from '$lib/options/validateOrder';
import type { Reading } from '$lib/services/types';

/** Whether an order can be placed now and, if not, the reason for a trader to read. Exits are never closed by this. */
export function entryState(market: Reading<Market>, nowMs: number): { readonly open: boolean; readonly reason: string } {
  const { value, phase, error } = market;
  if (phase === 'offline') return closed('Your device is offline. The ticket opens again by itself when it is back.');
  if (!value && phase === 'loading') return closed('Waiting for the market.');
  if (!value || phase !== 'live') {
    return closed(`${error?.message ?? 'The exchange does not answer.'} No new orders until it does; the ticket opens again by itself.`);
  }
  // The canister's own rules, at this second: a price can grow too old between two readings.
  const reason = entryClosedReason({ ...value, nowNs: BigInt(Math.floor(networkTime(market, nowMs))) * 1_000_000n });
  return reason === undefined ? { open: true, reason: '' } : closed(reason);
}

function closed(reason: string): { open: boolean; reason: string } {
  return { open: false, reason };
}
