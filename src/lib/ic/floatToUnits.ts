import { AppError } from '../errors/AppError';

/**
 * A legacy float as an integer of its smallest unit, half away from zero: `floatToUnits(0.015, 8)` is 1_500_000n. Goes through
 * the shortest decimal text that names the float, so 1.005 dollars are 101 cents as written, not 100 as multiplied.
 */
export function floatToUnits(value: number, decimals: number): bigint {
  if (!Number.isFinite(value)) {
    throw new AppError({
      kind: 'internal',
      code: 'bad_answer',
      message: 'The legacy platform sent a figure that is not a number.',
      canister: 'legacy'
    });
  }
  const [mantissa = '0', exponent = '0'] = Math.abs(value).toString().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  // value = digits * 10^shift units
  const digits = BigInt(whole + fraction);
  const shift = Number(exponent) - fraction.length + decimals;
  const units = shift >= 0 ? digits * 10n ** BigInt(shift) : (digits * 2n + 10n ** BigInt(-shift)) / (2n * 10n ** BigInt(-shift));
  return value < 0 ? -units : units;
}
