import { settlementAt } from '$lib/options/payoff';
import type { Instrument } from '$lib/options/types';

/** The picture of what an option gains or loses at every settlement price, in the units of the drawing. For the eye only: floats are fine. */
export interface PayoffChart {
  /** Points of the profit's line, "x,y x,y ...". */
  readonly line: string;
  /** Areas between the line and zero profit: where the buyer gains, and where they lose. */
  readonly gain: string;
  readonly loss: string;
  /** Where profit is zero, from the top. */
  readonly zeroY: number;
  readonly strikeX: number;
  /** Where the gain meets the cap; undefined for a digital. */
  readonly capX: number | undefined;
  readonly breakEvenX: number | undefined;
}

export interface ChartInput {
  readonly instrument: Instrument;
  readonly strikeE8: bigint;
  readonly premiumSats: bigint;
  readonly largestSats: bigint;
  readonly breakEvenE8: bigint | undefined;
}

export const chartSize = { width: 360, height: 150, top: 24, bottom: 26 } as const;
const STEPS = 60;

/** The price where a capped option's gain meets its cap. */
export function capPrice(instrument: Instrument, strikeE8: bigint): bigint | undefined {
  if (instrument.kind === 'digital') return undefined;
  return instrument.direction === 'call' ? strikeE8 + instrument.capE8 : strikeE8 - instrument.capE8;
}

export function payoffChart({ instrument, strikeE8, premiumSats, largestSats, breakEvenE8 }: ChartInput): PayoffChart {
  const { width, height, top, bottom } = chartSize;
  const cap = capPrice(instrument, strikeE8);
  // A capped option: from one cap before the strike to one cap beyond its cap. A digital only jumps, at the strike, so any width will do.
  const reach = instrument.kind === 'capped' ? instrument.capE8 : strikeE8 / 100n;
  const ahead = instrument.kind === 'capped' ? reach * 2n : reach;
  const isCall = instrument.direction === 'call';
  const low = strikeE8 - (isCall ? reach : ahead);
  const from = low > 0n ? low : 1n;
  const to = strikeE8 + (isCall ? ahead : reach);

  const prices = Array.from({ length: STEPS + 1 }, (_, step) => from + ((to - from) * BigInt(step)) / BigInt(STEPS));
  const corners = [strikeE8 - 1_000_000n, strikeE8, strikeE8 + 1_000_000n, ...(cap === undefined ? [] : [cap])];
  const all = [...prices, ...corners].filter((price) => price >= from && price <= to).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));

  const bestSats = Number(largestSats - premiumSats);
  const worstSats = -Number(premiumSats);
  const span = Math.max(bestSats, 0) - worstSats || 1;
  const x = (priceE8: bigint): number => round((Number(priceE8 - from) / Number(to - from)) * width);
  const y = (sats: number): number => round(top + ((Math.max(bestSats, 0) - sats) / span) * (height - top - bottom));
  const profit = (priceE8: bigint): number => Number(settlementAt(instrument, { strikeE8, premiumSats }, priceE8).profitSats);

  const points = all.map((price) => [x(price), profit(price)] as const);
  const draw = (rows: readonly (readonly [number, number])[]): string => rows.map(([atX, sats]) => `${atX},${y(sats)}`).join(' ');
  const area = (clamp: (sats: number) => number): string =>
    draw([[0, 0], ...points.map(([atX, sats]) => [atX, clamp(sats)] as const), [width, 0]]);
  return {
    line: draw(points),
    gain: area((sats) => Math.max(sats, 0)),
    loss: area((sats) => Math.min(sats, 0)),
    zeroY: y(0),
    strikeX: x(strikeE8),
    capX: cap === undefined ? undefined : x(cap),
    breakEvenX: breakEvenE8 === undefined ? undefined : x(breakEvenE8)
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
