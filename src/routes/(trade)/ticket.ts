import { formatUsd, formatUsdInput } from '$lib/money/formatUsd';
import { parseBtc } from '$lib/money/parseBtc';
import { parseUsd } from '$lib/money/parseUsd';
import type { Direction, Market, Quote, QuoteRequest, StrikeChoice, Tenor } from '$lib/options/types';
import { validateOrder } from '$lib/options/validateOrder';

type StrikeMode = 'money' | 'offset' | 'exact';

/** The ticket as it was typed: texts, so that nothing a person wrote is ever "corrected" away. */
export interface Draft {
  direction: Direction;
  tenor: string;
  strikeMode: StrikeMode;
  /** Steps of the tenor's grid from the price at fill; a text because it comes from a list. */
  offsetSteps: string;
  strike: string;
  payout: string;
  /** How far the premium may rise between quote and fill, in ppm of the quote. */
  headroomPpm: string;
}

export const emptyDraft: Draft = {
  direction: 'call',
  tenor: '',
  strikeMode: 'money',
  offsetSteps: '1',
  strike: '',
  payout: '',
  headroomPpm: '50000'
};

export const headroomChoices = [
  { ppm: '0', label: 'None: exactly the quoted premium' },
  { ppm: '10000', label: '1% above the quote' },
  { ppm: '50000', label: '5% above the quote' },
  { ppm: '100000', label: '10% above the quote' }
] as const;

/** Offsets on offer, in steps of the grid, highest strike first. */
export const offsetSteps = ['10', '5', '2', '1', '-1', '-2', '-5', '-10'] as const;

export function offsetLabel(steps: string, gridE8: bigint): string {
  const offset = BigInt(steps) * gridE8;
  return `${formatUsd(offset, 'always')} (${offset > 0n ? 'above' : 'below'} the fill price)`;
}

export function enabledTenors(market: Market | undefined): Tenor[] {
  return market?.tenors.filter((tenor) => tenor.enabled) ?? [];
}

/** The tenor that was chosen, or the first on offer while none is or when the chosen one was switched off. */
export function chosenTenor(draft: Draft, market: Market | undefined): Tenor | undefined {
  const tenors = enabledTenors(market);
  return tenors.find((tenor) => tenor.name === draft.tenor) ?? tenors[0];
}

/** The point of the grid nearest to the price, as the strike field shows it. */
export function nearestStrike(priceE8: bigint, gridE8: bigint): string {
  if (gridE8 === 0n) return formatUsdInput(priceE8);
  return formatUsdInput(((priceE8 + gridE8 / 2n) / gridE8) * gridE8);
}

export type TicketField = 'payout' | 'strike';
type TicketErrors = Partial<Record<TicketField, string>>;

export interface Reviewed {
  readonly request: QuoteRequest | undefined;
  readonly errors: TicketErrors;
}

/** What can be said about the fields before the canister is asked; `request` is there when nothing can. */
export function reviewDraft(draft: Draft, market: Market | undefined): Reviewed {
  const tenor = chosenTenor(draft, market);
  const payout = parseBtc(draft.payout);
  const strike = tenor && readStrike(draft, tenor);
  const errors: TicketErrors = {};
  if (!payout.ok) errors.payout = payout.message;
  if (strike && !strike.ok) errors.strike = strike.message;
  if (!market || !tenor || !payout.ok || !strike?.ok) return { request: undefined, errors };
  const instrument = { kind: 'digital', direction: draft.direction, payoutSats: payout.value } as const;
  const request: QuoteRequest = { instrument, tenor: tenor.name, strike: strike.value };
  // The premium is the quote's business, which comes later; entry is said beside the button.
  for (const { field, message } of validateOrder({ ...request, maxPremiumSats: payout.value }, market)) {
    if (field === 'payout' || field === 'strike') errors[field] ??= message;
  }
  return { request: errors.payout || errors.strike ? undefined : request, errors };
}

type StrikeResult = { readonly ok: true; readonly value: StrikeChoice } | { readonly ok: false; readonly message: string };

function readStrike(draft: Draft, tenor: Tenor): StrikeResult {
  if (draft.strikeMode === 'money') return { ok: true, value: { kind: 'offset', offsetE8: 0n } };
  if (draft.strikeMode === 'offset')
    return { ok: true, value: { kind: 'offset', offsetE8: BigInt(draft.offsetSteps) * tenor.strikeGridE8 } };
  const parsed = parseUsd(draft.strike);
  return parsed.ok ? { ok: true, value: { kind: 'at', priceE8: parsed.value } } : parsed;
}

/** The most the order may cost: the quote plus the headroom, rounded up to a satoshi, but not more than the payout unless the quote is. */
export function maxPremium(quote: Quote, payoutSats: bigint, headroomPpm: bigint): bigint {
  const raised = (quote.premiumSats * (1_000_000n + headroomPpm) + 999_999n) / 1_000_000n;
  if (raised <= payoutSats) return raised;
  return quote.premiumSats > payoutSats ? quote.premiumSats : payoutSats;
}

/** Equal requests have equal keys: a market reading that changed nothing of the order asks for no new quote. */
export function requestKey({ instrument, tenor, strike }: QuoteRequest): string {
  const level = strike.kind === 'at' ? `@${strike.priceE8}` : `+${strike.offsetE8}`;
  return [instrument.direction, instrument.payoutSats, tenor, level].join(' ');
}
