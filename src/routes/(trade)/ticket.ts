import { formatUsd, formatUsdInput } from '$lib/money/formatUsd';
import { parseBtc } from '$lib/money/parseBtc';
import type { Parsed } from '$lib/money/parseDecimal';
import { parseUsd } from '$lib/money/parseUsd';
import type { Direction, Instrument, Market, Quote, QuoteRequest, StrikeChoice, TenorNow } from '$lib/options/types';
import { validateOrder } from '$lib/options/validateOrder';

type StrikeMode = 'money' | 'offset' | 'exact';

/** The ticket as it was typed: texts, so that nothing a person wrote is ever "corrected" away. */
export interface Draft {
  kind: Instrument['kind'];
  direction: Direction;
  tenor: string;
  strikeMode: StrikeMode;
  /** Steps of the tenor's grid from the price at fill; a text because it comes from a list. */
  offsetSteps: string;
  strike: string;
  /** Of a digital. */
  payout: string;
  /** Of a capped option. */
  notional: string;
  cap: string;
  /** How far the premium may rise between quote and fill, in ppm of the quote. */
  headroomPpm: string;
  /** How far the largest payout of a capped option may rise, likewise. */
  payoutRoomPpm: string;
}

export const emptyDraft: Draft = {
  kind: 'digital',
  direction: 'call',
  tenor: '',
  strikeMode: 'money',
  offsetSteps: '1',
  strike: '',
  payout: '',
  notional: '',
  cap: '',
  headroomPpm: '50000',
  payoutRoomPpm: '50000'
};

export const headroomChoices = [
  { ppm: '0', label: 'None: exactly the quoted premium' },
  { ppm: '10000', label: '1% above the quote' },
  { ppm: '50000', label: '5% above the quote' },
  { ppm: '100000', label: '10% above the quote' }
] as const;

/** Twice what the quote says is the most the canister lets an order reserve. */
export const payoutRoomChoices = [
  { ppm: '0', label: 'What the quote says' },
  { ppm: '50000', label: '5% more than the quote says' },
  { ppm: '200000', label: '20% more than the quote says' },
  { ppm: '1000000', label: 'Twice what the quote says' }
] as const;

/** Offsets on offer, in steps of the grid, highest strike first. */
export const offsetSteps = ['10', '5', '2', '1', '-1', '-2', '-5', '-10'] as const;

export function offsetLabel(steps: string, gridE8: bigint): string {
  const offset = BigInt(steps) * gridE8;
  return `${formatUsd(offset, 'always')} (${offset > 0n ? 'above' : 'below'} the fill price)`;
}

export function enabledTenors(market: Market | undefined): TenorNow[] {
  return market?.tenors.filter((tenor) => tenor.enabled) ?? [];
}

/** The tenor that was chosen, or the first on offer while none is or when the chosen one was switched off. */
export function chosenTenor(draft: Draft, market: Market | undefined): TenorNow | undefined {
  const tenors = enabledTenors(market);
  return tenors.find((tenor) => tenor.name === draft.tenor) ?? tenors[0];
}

/** The point of the grid nearest to the price, as the strike field shows it. */
export function nearestStrike(priceE8: bigint, gridE8: bigint): string {
  if (gridE8 === 0n) return formatUsdInput(priceE8);
  return formatUsdInput(((priceE8 + gridE8 / 2n) / gridE8) * gridE8);
}

/** A cap to begin with: ten steps of the tenor's grid, which is wider for longer tenors. */
export function suggestedCap({ strikeGridE8 }: TenorNow): string {
  return formatUsdInput(strikeGridE8 * 10n);
}

export type TicketField = 'payout' | 'notional' | 'cap' | 'strike';
type TicketErrors = Partial<Record<TicketField, string>>;

export interface Reviewed {
  readonly request: QuoteRequest | undefined;
  readonly errors: TicketErrors;
}

const isTicketField = (field: string): field is TicketField => ['payout', 'notional', 'cap', 'strike'].includes(field);

/** What can be said about the fields before the canister is asked; `request` is there when nothing can. */
export function reviewDraft(draft: Draft, market: Market | undefined): Reviewed {
  const errors: TicketErrors = {};
  /** The value of a field, or undefined with its complaint noted. */
  const value = <T>(field: TicketField, result: Read<T>): T | undefined => {
    if (result.ok) return result.value;
    errors[field] = result.message;
    return undefined;
  };
  const tenor = chosenTenor(draft, market);
  const instrument = readInstrument(draft, value);
  const strike = tenor && value('strike', readStrike(draft, tenor));
  if (!market || !tenor || !instrument || !strike) return { request: undefined, errors };
  const request: QuoteRequest = { instrument, tenor: tenor.name, strike };
  // Premium and reserve are the quote's business, which comes later; entry is said beside the button.
  for (const { field, message } of validateOrder({ ...request, maxPremiumSats: 0n, maxPayoutSats: undefined }, market)) {
    if (isTicketField(field)) errors[field] ??= message;
  }
  return { request: Object.keys(errors).length > 0 ? undefined : request, errors };
}

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

function readInstrument(draft: Draft, value: (field: TicketField, read: Parsed) => bigint | undefined): Instrument | undefined {
  const { kind, direction } = draft;
  if (kind === 'digital') {
    const payoutSats = value('payout', parseBtc(draft.payout));
    return payoutSats === undefined ? undefined : { kind, direction, payoutSats };
  }
  const notionalSats = value('notional', parseBtc(draft.notional));
  const capE8 = value('cap', parseUsd(draft.cap));
  return notionalSats === undefined || capE8 === undefined ? undefined : { kind, direction, notionalSats, capE8 };
}

function readStrike(draft: Draft, tenor: TenorNow): Read<StrikeChoice> {
  if (draft.strikeMode === 'money') return { ok: true, value: { kind: 'offset', offsetE8: 0n } };
  if (draft.strikeMode === 'offset')
    return { ok: true, value: { kind: 'offset', offsetE8: BigInt(draft.offsetSteps) * tenor.strikeGridE8 } };
  const parsed = parseUsd(draft.strike);
  return parsed.ok ? { ok: true, value: { kind: 'at', priceE8: parsed.value } } : parsed;
}

const raised = (sats: bigint, ppm: bigint): bigint => (sats * (1_000_000n + ppm) + 999_999n) / 1_000_000n;
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** The most the order may cost: the quote plus the headroom, rounded up to a satoshi, but not more than the payout unless the quote is. */
export function maxPremium(quote: Quote, payoutSats: bigint, headroomPpm: bigint): bigint {
  const most = raised(quote.premiumSats, headroomPpm);
  if (most <= payoutSats) return most;
  return quote.premiumSats > payoutSats ? quote.premiumSats : payoutSats;
}

/**
 * What a capped order lets the treasury reserve: what the quote says plus the room, at most twice that and never above the limit of a position.
 * With an exact strike the largest payout can't change, so nothing is added. undefined for a digital, which reserves its payout.
 */
export function maxPayout({ instrument, strike }: QuoteRequest, quote: Quote, roomPpm: bigint, limitSats: bigint): bigint | undefined {
  if (instrument.kind === 'digital') return undefined;
  const largest = quote.maxPayoutSats;
  if (strike.kind === 'at' || largest >= limitSats) return largest;
  return smaller(smaller(raised(largest, roomPpm), largest * 2n), limitSats);
}

/** Equal requests have equal keys: a market reading that changed nothing of the order asks for no new quote. */
export function requestKey({ instrument, tenor, strike }: QuoteRequest): string {
  const level = strike.kind === 'at' ? `@${strike.priceE8}` : `+${strike.offsetE8}`;
  const size = instrument.kind === 'digital' ? [instrument.payoutSats] : [instrument.notionalSats, instrument.capE8];
  return [instrument.kind, instrument.direction, ...size, tenor, level].join(' ');
}
