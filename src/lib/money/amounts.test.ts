import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divideHalfUp } from './formatDecimal';
import { formatBtc } from './formatBtc';
import { formatMicroSats } from './formatMicroSats';
import { formatPpm } from './formatPpm';
import { formatSats } from './formatSats';
import { formatCents, formatUsd, formatUsdInput, toCents } from './formatUsd';
import { parseBtc } from './parseBtc';
import { parseSats } from './parseSats';
import { parseUsd } from './parseUsd';
import { satsFor, sharePpm, usdValue } from './usdValue';

const sats = fc.bigInt({ min: 0n, max: 2_100_000_000_000_000n });
const cents = fc.bigInt({ min: 0n, max: 9n * 10n ** 12n });

describe('reading amounts', () => {
  it('reads back every amount of bitcoin as it was written', () => {
    fc.assert(fc.property(sats, (value) => void expect(parseBtc(formatBtc(value))).toEqual({ ok: true, value })));
  });

  it('reads back every price as it was written, to the cent', () => {
    fc.assert(
      fc.property(
        cents,
        (value) => void expect(parseUsd(formatUsdInput(value * 1_000_000n))).toEqual({ ok: true, value: value * 1_000_000n })
      )
    );
  });

  it('reads back every number of satoshis', () => {
    fc.assert(fc.property(sats, (value) => void expect(parseSats(value.toString())).toEqual({ ok: true, value })));
  });

  it('agrees with exact arithmetic however many decimals are written', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 9n * 10n ** 10n }), fc.integer({ min: 0, max: 8 }), (digits, decimals) => {
        const text = digits.toString().padStart(decimals + 1, '0');
        const written = decimals === 0 ? text : `${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
        expect(parseBtc(written)).toEqual({ ok: true, value: digits * 10n ** BigInt(8 - decimals) });
      })
    );
  });

  it('never throws and never accepts what is not a plain decimal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const parsed = parseBtc(text);
        if (parsed.ok) expect(text.trim()).toMatch(/^(\d+\.?\d{0,8}|\.\d{1,8})$/u);
        else expect(parsed.message.length).toBeGreaterThan(10);
      })
    );
  });

  it.each([
    ['', 'Enter an amount in bitcoin, for example 0.015.'],
    ['   ', 'Enter an amount in bitcoin, for example 0.015.'],
    ['-1', 'Enter the amount without a plus or minus sign.'],
    ['+1', 'Enter the amount without a plus or minus sign.'],
    ['\u22121', 'Enter the amount without a plus or minus sign.'],
    ['1,5', 'Use a point for decimals and no separators, for example 0.015.'],
    ['1 000', 'Use a point for decimals and no separators, for example 0.015.'],
    ['1_000', 'Use a point for decimals and no separators, for example 0.015.'],
    ["1'000", 'Use a point for decimals and no separators, for example 0.015.'],
    ['1e3', 'Write the amount out in full, without an exponent, for example 0.015.'],
    ['1E-8', 'Write the amount out in full, without an exponent, for example 0.015.'],
    ['abc', 'This is not a number. Enter an amount in bitcoin, for example 0.015.'],
    ['0x10', 'This is not a number. Enter an amount in bitcoin, for example 0.015.'],
    ['NaN', 'This is not a number. Enter an amount in bitcoin, for example 0.015.'],
    ['٣', 'This is not a number. Enter an amount in bitcoin, for example 0.015.'],
    ['.', 'This is not a number. Enter an amount in bitcoin, for example 0.015.'],
    ['1.2.3', 'There is more than one decimal point. Enter an amount such as 0.015.'],
    ['0.123456789', 'An amount in bitcoin has at most 8 decimals.'],
    ['1000000000000000000', 'This amount is too large.'],
    ['92233720368.54775808', 'This amount is too large.']
  ])('refuses %j', (text, message) => {
    expect(parseBtc(text)).toEqual({ ok: false, message });
  });

  it('takes surrounding space and a missing zero', () => {
    expect(parseBtc(' .5 ')).toEqual({ ok: true, value: 50_000_000n });
    expect(parseBtc('1.')).toEqual({ ok: true, value: 100_000_000n });
    expect(parseBtc('92233720368.54775807')).toEqual({ ok: true, value: 2n ** 63n - 1n });
    expect(parseBtc('000000000000000000001')).toEqual({ ok: true, value: 100_000_000n });
  });

  it('says that satoshis and cents are not divided', () => {
    expect(parseSats('1.5')).toEqual({ ok: false, message: 'A satoshi cannot be divided. Enter a whole number.' });
    expect(parseUsd('1.505')).toEqual({ ok: false, message: 'An amount in dollars has at most 2 decimals.' });
  });
});

describe('writing amounts', () => {
  it('writes bitcoin with all its decimals', () => {
    expect(formatBtc(1_500_000n)).toBe('0.01500000');
    expect(formatBtc(-1n)).toBe('-0.00000001');
    expect(formatBtc(5n, 'always')).toBe('+0.00000005');
    expect(formatBtc(0n, 'always')).toBe('0.00000000');
  });

  it('writes millionths of a satoshi to a thousandth, half up', () => {
    expect(formatMicroSats(1_234_567_500n)).toBe('1,234.568');
    expect(formatMicroSats(-499n, 'always')).toBe('0.000');
    expect(formatMicroSats(500n, 'always')).toBe('+0.001');
    expect(formatMicroSats(-1_000_000n)).toBe('-1.000');
  });

  it('groups satoshis', () => {
    expect(formatSats(0n)).toBe('0');
    expect(formatSats(999n)).toBe('999');
    expect(formatSats(1_234_567n)).toBe('1,234,567');
    expect(formatSats(-1_000n)).toBe('-1,000');
    expect(formatSats(1_000n, 'always')).toBe('+1,000');
  });

  it('writes dollars to the cent, half up', () => {
    expect(formatUsd(2_712_345_000_000n)).toBe('$27,123.45');
    expect(formatUsd(499_999n)).toBe('$0.00');
    expect(formatUsd(500_000n)).toBe('$0.01');
    expect(formatUsd(-500_000n)).toBe('-$0.01');
    expect(formatUsd(-100_000_000n)).toBe('-$1.00');
    expect(formatCents(333n, 'always')).toBe('+$3.33');
  });

  it('writes shares as percentages', () => {
    expect(formatPpm(825_000n)).toBe('82.5%');
    expect(formatPpm(1_000_000n, 0)).toBe('100%');
    expect(formatPpm(50n, 2)).toBe('0.01%');
    expect(formatPpm(-12_345n, 2)).toBe('-1.23%');
  });
});

describe('arithmetic for the screen', () => {
  it('rounds to the nearest, half away from zero', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.bigInt({ min: 1n, max: 10n ** 12n }), (value, by) => {
        const error = divideHalfUp(value, by) * by - value;
        expect((error < 0n ? -error : error) * 2n <= by).toBe(true);
      })
    );
    expect(divideHalfUp(5n, 10n)).toBe(1n);
    expect(divideHalfUp(-5n, 10n)).toBe(-1n);
  });

  it('values satoshis at a price', () => {
    expect(usdValue(100_000_000n, 2_500_000_000_000n)).toBe(2_500_000_000_000n);
    expect(usdValue(1_000_000n, 2_500_000_000_000n)).toBe(25_000_000_000n);
  });

  it('never buys more satoshis than the dollars are worth', () => {
    const amount = fc.bigInt({ min: 0n, max: 10n ** 16n });
    fc.assert(
      fc.property(amount, fc.bigInt({ min: 10n ** 11n, max: 10n ** 14n }), (usdE8, priceE8) => {
        expect(satsFor(usdE8, priceE8) * priceE8 <= usdE8 * 100_000_000n).toBe(true);
      })
    );
    expect(satsFor(1n, 0n)).toBe(0n);
  });

  it('gives shares, also of nothing', () => {
    expect(sharePpm(1n, 3n)).toBe(333_333n);
    expect(sharePpm(5n, 0n)).toBe(0n);
  });

  it('rounds prices to cents as the tie test needs it', () => {
    expect(toCents(2_712_345_499_999n)).toBe(2_712_345n);
    expect(toCents(2_712_345_500_000n)).toBe(2_712_346n);
  });
});
