import { formatBtc } from '$lib/money/formatBtc';
import { parseBtc } from '$lib/money/parseBtc';
import type { Parsed } from '$lib/money/parseDecimal';

export interface AmountLimits {
  readonly minimumSats: bigint | undefined;
  readonly availableSats: bigint | undefined;
  /** "deposit", "withdrawal" */
  readonly what: string;
  /** Where the money comes from: "your wallet", "your balance". */
  readonly from: string;
}

/** An amount as typed, held against the canister's minimum and what there is. What isn't known yet is left to the canister. */
export function reviewAmount(text: string, { minimumSats, availableSats, what, from }: AmountLimits): Parsed {
  const parsed = parseBtc(text);
  if (!parsed.ok) return parsed;
  if (parsed.value === 0n) return { ok: false, message: 'The amount must be above zero.' };
  if (minimumSats !== undefined && parsed.value < minimumSats)
    return { ok: false, message: `The smallest ${what} is ${formatBtc(minimumSats)} BTC.` };
  if (availableSats !== undefined && parsed.value > availableSats) {
    return { ok: false, message: `This is more than there is in ${from}: ${formatBtc(availableSats)} BTC.` };
  }
  return parsed;
}
