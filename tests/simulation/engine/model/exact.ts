// What an option is worth, by the formulas of the specification and nothing else, on fractions of 200 binary digits. On purpose none of the methods is the
// canister's: the normal distribution is its alternating Maclaurin series, logarithms are one series, and nothing is split into a certain part
// and a rest.

const bits = 200n;
const one = 1n << bits;
const secondsAYear = 31_536_000n;
const ppm = 1_000_000n;

const mul = (a: bigint, b: bigint): bigint => (a * b) >> bits;
const ratio = (a: bigint, b: bigint): bigint => (a << bits) / b;

function squareRoot(n: bigint): bigint {
  if (n < 2n) return n;
  let x = 1n << BigInt((n.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (x + n / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}

/** ln(a / b) = 2 artanh z, z = (a - b) / (a + b), after powers of two are taken out. */
function lnOfRatio(a: bigint, b: bigint): bigint {
  if (a < b) return -lnOfRatio(b, a);
  let doublings = 0n;
  let below = b;
  for (; a >= 2n * below; below *= 2n) doublings += 1n;
  const artanh = (z: bigint): bigint => {
    const square = mul(z, z);
    let sum = 0n;
    for (let n = 1n, power = z; power > 0n; n += 2n, power = mul(power, square)) sum += power / n;
    return sum;
  };
  return 2n * artanh(ratio(a - below, a + below)) + (doublings > 0n ? doublings * 2n * artanh(one / 3n) : 0n);
}

/** pi by Machin's formula. */
const pi = ((): bigint => {
  const arctanOfInverse = (n: bigint): bigint => {
    let sum = 0n;
    for (let k = 1n, power = one / n, sign = 1n; power > 0n; k += 2n, power /= n * n, sign = -sign) sum += (sign * power) / k;
    return sum;
  };
  return 16n * arctanOfInverse(5n) - 4n * arctanOfInverse(239n);
})();
const squareRootOfTwoPi = squareRoot((2n * pi) << bits);

/** N(x) = 1/2 + (x - x^3/(2*3) + x^5/(2^2*2!*5) - ...) / sqrt(2 pi); beyond 9.5 deviations what is left is below 1e-20. */
function normal(x: bigint): bigint {
  if (2n * x > 19n * one) return one;
  if (2n * x < -19n * one) return 0n;
  const half = -mul(x, x) >> 1n;
  let sum = x;
  for (let n = 1n, power = x; ; n += 1n) {
    power = mul(power, half) / n;
    if (power === 0n || power === -1n) break;
    sum += power / (2n * n + 1n);
  }
  return (one >> 1n) + ratio(sum, squareRootOfTwoPi);
}

interface Odds {
  d1: bigint;
  d2: bigint;
}

/** d1 = (ln(S/K) + s^2/2) / s, d2 = d1 - s, s = sigma sqrt(t), t in years. */
function odds(spot: bigint, strike: bigint, sigmaPpm: bigint, seconds: bigint): Odds {
  const s = squareRoot(((sigmaPpm * sigmaPpm * seconds) << (2n * bits)) / (ppm * ppm * secondsAYear));
  const d1 = ratio(lnOfRatio(spot, strike), s) + (s >> 1n);
  return { d1, d2: d1 - s };
}

type Direction = 'call' | 'put';

/** What is priced: the payout of a digital, or notional and cap of a capped option. */
export interface Contract {
  kind: 'digital' | 'capped';
  direction: Direction;
  size: bigint;
  cap: bigint;
}

/** C/S = N(d1) - K/S N(d2), P/S = K/S N(-d2) - N(-d1). */
function vanilla(direction: Direction, spot: bigint, strike: bigint, sigmaPpm: bigint, seconds: bigint): bigint {
  const { d1, d2 } = odds(spot, strike, sigmaPpm, seconds);
  if (direction === 'call') return normal(d1) - (normal(d2) * strike) / spot;
  return (normal(-d2) * strike) / spot - normal(-d1);
}

function share({ kind, direction, cap }: Contract, spot: bigint, strike: bigint, sigmaPpm: bigint, seconds: bigint): bigint {
  if (kind === 'digital') {
    const { d1 } = odds(spot, strike, sigmaPpm, seconds);
    return normal(direction === 'call' ? d1 : -d1);
  }
  const at = (level: bigint): bigint => vanilla(direction, spot, level, sigmaPpm, seconds);
  if (direction === 'call') return at(strike) - at(strike + cap);
  const floor = strike - cap;
  return at(strike) - (at(floor) * strike) / floor;
}

/** The value is so near a whole satoshi that a correct canister may round it either way. */
export class Ambiguous extends Error {}

/**
 * The fair value in sats, rounded up.
 *
 * @throws Ambiguous within 1e-17 of the size of a whole satoshi, where an error allowed to the canister decides
 */
export function fairSats(contract: Contract, spot: bigint, strike: bigint, sigmaPpm: bigint, seconds: bigint): bigint {
  const value = contract.size * share(contract, spot, strike, sigmaPpm, seconds);
  const tolerance = (contract.size << bits) / 10n ** 17n + (one >> 64n);
  // Nothing, or everything: refused as too unlikely or too dear whichever way it is rounded.
  if (value <= tolerance) return 0n;
  if (contract.kind === 'digital' && value >= (contract.size << bits) - tolerance) return contract.size;
  const up = ((value - 1n) >> bits) + 1n;
  const beyond = (up << bits) - value;
  if (beyond <= tolerance || one - beyond <= tolerance) throw new Ambiguous('a fair value lies at a whole satoshi');
  return up;
}

/** The mean of squared one-minute returns as an exact fraction, and the volatility it stands for. */
export class MeasuredVariance {
  #value: bigint;

  constructor(sigmaPpm: bigint) {
    this.#value = ((sigmaPpm * sigmaPpm) << bits) / (ppm * ppm * 525_600n);
  }

  get value(): bigint {
    return this.#value;
  }

  clone(): MeasuredVariance {
    const copy = new MeasuredVariance(0n);
    copy.#value = this.#value;
    return copy;
  }

  /** k minutes that each moved r^2 / k: v = lambda^k v + (1 - lambda^k) r^2 / k. A return counts as 1 at most. */
  observe(k: bigint, before: bigint, price: bigint, lambdaPpm: bigint): void {
    let kept = one;
    for (let n = 0n; n < k; n += 1n) kept = (kept * lambdaPpm) / ppm;
    const r = lnOfRatio(price, before);
    const square = mul(r, r);
    this.#value = mul(kept, this.#value) + mul(one - kept, square > one ? one / k : square / k);
  }

  /** Volatilities a year, ppm, that a canister may have come to: one, or two where the exact one lies at a whole ppm. */
  static sigmas(variance: bigint, { scale_ppm: scale, floor_ppm: floor, ceiling_ppm: ceiling }: Scale): bigint[] {
    const thousandths = squareRoot((variance * 525_600n * ppm * ppm * ppm * ppm) >> bits);
    const whole = thousandths / 1_000_000n;
    const rest = thousandths % 1_000_000n;
    const roots = rest < 1_000n ? [whole - 1n, whole] : rest > 999_000n ? [whole, whole + 1n] : [whole];
    const within = (sigma: bigint): bigint => (sigma < floor ? floor : sigma > ceiling ? ceiling : sigma);
    return roots.map((root) => within((root * scale) / ppm));
  }
}

export interface Scale {
  scale_ppm: bigint;
  floor_ppm: bigint;
  ceiling_ppm: bigint;
}
