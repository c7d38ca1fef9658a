import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  digitalOutcome,
  largestPayout,
  positionLargestPayout,
  receiptMismatches,
  settlementAt,
  settlementMinutes,
  settlementPrice
} from './payoff';
import { riskOf } from './risk';
import { MINUTE_NS } from './minutes';
import type { CappedInstrument, Fill, Instrument, Position, PriceEntry, Receipt } from './types';

const USD = 100_000_000n;
const price = fc.bigInt({ min: 1_000n * USD, max: 1_000_000n * USD });
const direction = fc.constantFrom('call' as const, 'put' as const);
const amount = fc.bigInt({ min: 1n, max: 10n ** 10n });

const fill: Fill = {
  priceE8: 25_000n * USD,
  strikeE8: 25_000n * USD,
  sigmaPpm: 600_000n,
  fairSats: 50_000n,
  spreadSats: 1_000n,
  skewSats: 0n,
  premiumSats: 51_000n,
  filledNs: 60_000_000_000n
};
const call: Instrument = { kind: 'digital', direction: 'call', payoutSats: 100_000n };
const position: Position = {
  id: 7n,
  owner: 'aaaaa-aa',
  clientOrderId: 'a',
  instrument: call,
  tenor: '1m',
  strike: { kind: 'offset', offsetE8: 0n },
  maxPremiumSats: 60_000n,
  maxPayoutSats: 100_000n,
  reservedPayoutSats: 100_000n,
  placedNs: 1n,
  fillMinuteNs: 60_000_000_000n,
  expiryNs: 120_000_000_000n,
  state: { kind: 'open', fill }
};
const receipt: Receipt = {
  positionId: 7n,
  priceE8: 25_001n * USD,
  priceMinuteNs: 120_000_000_000n,
  outcome: 'win',
  premiumSats: 51_000n,
  payoutSats: 100_000n,
  profitSats: 49_000n,
  settledNs: 130_000_000_000n
};

describe('a digital option', () => {
  it.each([
    ['call', 25_000_00n, 25_000_01n, 'win'],
    ['call', 25_000_00n, 24_999_99n, 'loss'],
    ['put', 25_000_00n, 24_999_99n, 'win'],
    ['put', 25_000_00n, 25_000_01n, 'loss'],
    ['call', 25_000_00n, 25_000_00n, 'tie'],
    ['put', 25_000_00n, 25_000_00n, 'tie']
  ] as const)('%s with strike %d and price %d cents is a %s', (side, strikeCents, priceCents, outcome) => {
    expect(digitalOutcome(side, strikeCents * 1_000_000n, priceCents * 1_000_000n)).toBe(outcome);
  });

  it('ties within the same cent, half a cent rounded up', () => {
    const strike = 25_000n * USD;
    expect(digitalOutcome('call', strike, strike + 499_999n)).toBe('tie');
    expect(digitalOutcome('call', strike, strike + 500_000n)).toBe('win');
    expect(digitalOutcome('put', strike, strike - 500_000n)).toBe('tie');
    expect(digitalOutcome('put', strike, strike - 500_001n)).toBe('win');
  });

  it('call and put of one strike are opposites', () => {
    fc.assert(
      fc.property(price, price, (strike, settled) => {
        const opposite = { win: 'loss', loss: 'win', tie: 'tie' } as const;
        expect(digitalOutcome('put', strike, settled)).toBe(opposite[digitalOutcome('call', strike, settled)]);
      })
    );
  });

  it('pays the payout, the premium or nothing, and never more than is reserved', () => {
    fc.assert(
      fc.property(direction, price, price, amount, amount, (side, strikeE8, settled, payoutSats, premiumSats) => {
        const result = settlementAt({ kind: 'digital', direction: side, payoutSats }, { strikeE8, premiumSats }, settled);
        expect(result.payoutSats).toBe({ win: payoutSats, tie: premiumSats, loss: 0n }[result.outcome]);
        expect(result.profitSats).toBe(result.payoutSats - premiumSats);
        expect(result.payoutSats <= (payoutSats > premiumSats ? payoutSats : premiumSats)).toBe(true);
      })
    );
  });

  it('has its break-even at the strike', () => {
    expect(riskOf(call, 5n, 40_000n, 100_000n)).toEqual({ breakEvenE8: 5n, pays: 'above', maxLossSats: 40_000n, maxGainSats: 60_000n });
    expect(riskOf({ ...call, direction: 'put' }, 5n, 40_000n, 100_000n).pays).toBe('below');
  });
});

const cappedPayout = (instrument: CappedInstrument, strikeE8: bigint, priceE8: bigint): bigint =>
  settlementAt(instrument, { strikeE8, premiumSats: 0n }, priceE8).payoutSats;

/** A capped option and a strike: K > cap > 0. */
const capped = fc
  .tuple(direction, amount, price, fc.bigInt({ min: 1n, max: 999_999n }))
  .map(([side, notionalSats, strikeE8, share]): [CappedInstrument, bigint] => [
    { kind: 'capped', direction: side, notionalSats, capE8: (strikeE8 * share) / 1_000_000n },
    strikeE8
  ]);

describe('a capped option', () => {
  const spread: CappedInstrument = { kind: 'capped', direction: 'call', notionalSats: 10_000_000n, capE8: 500n * USD };
  const put: CappedInstrument = { ...spread, direction: 'put' };

  it.each([
    // 0.1 BTC * min(S - 25,000, 500) / S
    [spread, 24_000n, 0n],
    [spread, 25_000n, 0n],
    [spread, 25_200n, 79_365n],
    [spread, 25_500n, 196_078n],
    [spread, 30_000n, 166_666n],
    [put, 26_000n, 0n],
    [put, 24_800n, 80_645n],
    [put, 24_500n, 204_081n],
    [put, 20_000n, 204_081n]
  ])('pays the move in bitcoin at the settlement price (%#)', (instrument, priceUsd, sats) => {
    expect(cappedPayout(instrument, 25_000n * USD, priceUsd * USD)).toBe(sats);
    expect(settlementAt(instrument, { strikeE8: 25_000n * USD, premiumSats: 70_000n }, priceUsd * USD)).toEqual({
      outcome: sats > 0n ? 'win' : 'loss',
      payoutSats: sats,
      profitSats: sats - 70_000n
    });
  });

  it('has no tie: a payout of nothing is a loss, also within the cent of the strike', () => {
    const at = (priceE8: bigint) => settlementAt(spread, { strikeE8: 25_000n * USD, premiumSats: 5n }, priceE8).outcome;
    expect([at(25_000n * USD), at(25_000n * USD + 1n)]).toEqual(['loss', 'loss']);
    expect(at(25_000n * USD + 400_000n)).toBe('win');
  });

  it('pays the exact amount rounded down, and never more than is reserved', () => {
    fc.assert(
      fc.property(capped, price, ([instrument, strikeE8], settled) => {
        const payout = cappedPayout(instrument, strikeE8, settled);
        const { direction: side, notionalSats, capE8 } = instrument;
        const move = side === 'call' ? settled - strikeE8 : strikeE8 - settled;
        const gain = move < 0n ? 0n : move < capE8 ? move : capE8;
        const largest = largestPayout(instrument, strikeE8);
        expect(payout <= largest).toBe(true);
        // payout <= notional * gain / S, and less than a satoshi below it unless the largest payout holds it down.
        expect(payout * settled <= notionalSats * gain).toBe(true);
        expect((payout + 1n) * settled > notionalSats * gain || payout === largest).toBe(true);
      })
    );
  });

  it('reaches the largest payout exactly at its cap; beyond it a put keeps it', () => {
    fc.assert(
      fc.property(capped, price, ([instrument, strikeE8], beyond) => {
        const largest = largestPayout(instrument, strikeE8);
        const cap = instrument.direction === 'call' ? strikeE8 + instrument.capE8 : strikeE8 - instrument.capE8;
        expect(cappedPayout(instrument, strikeE8, cap)).toBe(largest);
        if (instrument.direction === 'put' && beyond < cap) expect(cappedPayout(instrument, strikeE8, beyond)).toBe(largest);
      })
    );
  });

  it('breaks even where the payout is the premium, to a satoshi', () => {
    fc.assert(
      fc.property(capped, fc.bigInt({ min: 0n, max: 1_000n }), ([instrument, strikeE8], share) => {
        const largest = largestPayout(instrument, strikeE8);
        const premium = (largest * share) / 1_000n;
        const { breakEvenE8 } = riskOf(instrument, strikeE8, premium, largest);
        if (breakEvenE8 === undefined) throw new Error('there is one');
        const paid = cappedPayout(instrument, strikeE8, breakEvenE8);
        // What one step of the price, eight decimals of a dollar, changes in the payout, and the rounding.
        const step = (instrument.notionalSats * strikeE8) / (breakEvenE8 * breakEvenE8) + 2n;
        expect(paid >= premium - step && paid <= premium + step).toBe(true);
      })
    );
    expect(riskOf(spread, 25_000n * USD, 300_000n, 196_078n)).toEqual({
      breakEvenE8: undefined,
      pays: 'above',
      maxLossSats: 300_000n,
      maxGainSats: -103_922n
    });
  });

  it('can pay what the order reserved while it has no strike, and what its strike allows after the fill', () => {
    const pending: Position = { ...position, instrument: spread, maxPayoutSats: 210_000n, state: { kind: 'pending' } };
    expect(positionLargestPayout(pending)).toBe(210_000n);
    expect(positionLargestPayout({ ...pending, state: { kind: 'open', fill } })).toBe(196_078n);
    expect(positionLargestPayout({ ...pending, state: { kind: 'unknown' } })).toBe(210_000n);
  });
});

describe('the settlement price', () => {
  const entry = (minute: number, priceE8: bigint): PriceEntry => ({
    minuteNs: BigInt(minute) * MINUTE_NS,
    priceE8,
    sources: 5n,
    recordedNs: 0n
  });
  const expiry = 20n * MINUTE_NS;

  it('is that of the minute, or the mean of the ten up to it, rounded down', () => {
    const prices = Array.from({ length: 12 }, (_, index) => entry(10 + index, 1_000n + BigInt(index)));
    expect(settlementPrice(prices, expiry, false)).toBe(1_010n);
    // 1,001 ... 1,010: 1,005.5
    expect(settlementPrice(prices, expiry, true)).toBe(1_005n);
    expect(settlementMinutes(expiry, true)).toEqual(prices.slice(1, 11).map(({ minuteNs }) => minuteNs));
  });

  it('is unknown while any of its minutes is missing', () => {
    const prices = Array.from({ length: 10 }, (_, index) => entry(11 + index, 1_000n));
    expect(settlementPrice(prices, expiry, true)).toBe(1_000n);
    for (const missing of prices) {
      expect(
        settlementPrice(
          prices.filter((other) => other !== missing),
          expiry,
          true
        )
      ).toBeUndefined();
    }
    expect(settlementPrice([], expiry, false)).toBeUndefined();
  });

  it('lies between the lowest and the highest of the ten', () => {
    fc.assert(
      fc.property(fc.array(price, { minLength: 10, maxLength: 10 }), (ten) => {
        const mean = settlementPrice(
          ten.map((priceE8, index) => entry(11 + index, priceE8)),
          expiry,
          true
        );
        const sorted = [...ten].sort((a, b) => (a < b ? -1 : 1));
        expect(mean !== undefined && mean >= (sorted[0] ?? 0n) && mean <= (sorted[9] ?? 0n)).toBe(true);
      })
    );
  });
});

describe('checking a receipt', () => {
  it('of a capped option goes to the satoshi', () => {
    const instrument: CappedInstrument = { kind: 'capped', direction: 'call', notionalSats: 10_000_000n, capE8: 500n * USD };
    const right: Receipt = { ...receipt, priceE8: 25_200n * USD, payoutSats: 79_365n, profitSats: 79_365n - 51_000n };
    expect(receiptMismatches({ ...position, instrument }, fill, right)).toEqual([]);
    expect(receiptMismatches({ ...position, instrument }, fill, { ...right, payoutSats: 79_366n })).toEqual(['payout']);
    expect(receiptMismatches({ ...position, instrument }, fill, { ...right, outcome: 'tie' })).toEqual(['outcome']);
  });

  it('of a voided position is always wrong', () => {
    expect(receiptMismatches({ ...position, state: { kind: 'voided', fill, voidedNs: 1n } }, fill, receipt)).toEqual(['state']);
  });

  it('accepts one that follows from the position', () => {
    expect(receiptMismatches(position, fill, receipt)).toEqual([]);
  });

  it.each([
    ['position', { positionId: 8n }],
    ['price minute', { priceMinuteNs: 180_000_000_000n }],
    ['outcome', { outcome: 'loss' as const }],
    ['premium', { premiumSats: 51_001n }],
    ['payout', { payoutSats: 99_999n }],
    ['profit', { profitSats: 49_001n }]
  ])('notices a wrong %s', (name, change) => {
    expect(receiptMismatches(position, fill, { ...receipt, ...change })).toEqual([name]);
  });

  it('notices a price that would have lost', () => {
    expect(receiptMismatches(position, fill, { ...receipt, priceE8: 24_999n * USD })).toEqual(['outcome', 'payout', 'profit']);
  });
});
