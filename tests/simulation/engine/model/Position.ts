// An order and the position it becomes.
import type { OrderRequest, QuoteRequest } from '../../../../src/lib/canisters/options/options.did.js';
import type { Contract } from './exact.ts';
import type { Cost } from './premium.ts';
import type { Outcome } from './terms.ts';

interface Fill {
  price: bigint;
  strike: bigint;
  cost: Cost;
  at: bigint;
}

interface Receipt {
  price: bigint;
  outcome: Outcome;
  payout: bigint;
  at: bigint;
}

export interface Position {
  id: bigint;
  owner: string;
  request: OrderRequest;
  contract: Contract;
  maxPayout: bigint;
  placed: bigint;
  fillMinute: bigint;
  expiry: bigint;
  atMean: boolean;
  state: 'pending' | 'cancelled' | 'open' | 'settled';
  reason?: string;
  cancelled?: bigint;
  fill?: Fill;
  receipt?: Receipt;
}

/** A refusal: the error's code with its figures. */
export class Refusal {
  readonly code: string;
  constructor(code: string) {
    this.code = code;
  }
}

export function contractOf({ instrument }: QuoteRequest): Contract {
  const direction = (way: { call: null } | { put: null }): 'call' | 'put' => ('call' in way ? 'call' : 'put');
  if ('digital' in instrument) {
    return { kind: 'digital', direction: direction(instrument.digital.direction), size: instrument.digital.payout_sats, cap: 0n };
  }
  const { notional_sats: size, cap_e8: cap } = instrument.capped;
  return { kind: 'capped', direction: direction(instrument.capped.direction), size, cap };
}

const text = (value: unknown): string => JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));

/** A resend says the same; naming the payout of a digital changes nothing. */
export function sameContent({ request, maxPayout }: Position, again: OrderRequest): boolean {
  const content = (order: OrderRequest): string =>
    text([order.instrument, order.tenor, order.strike, order.max_premium_sats, order.max_payout_sats[0] ?? maxPayout]);
  const leftOut = 'capped' in again.instrument && again.max_payout_sats.length === 0;
  return !leftOut && content(request) === content(again);
}
