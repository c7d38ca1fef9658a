// Writes the table of the normal distribution that prices are computed with: canisters/options/NormalTable.mo and, the same numbers,
// src/lib/options/normalTable.ts. Run it with `node scripts/tables/normal.ts`; a test compares the files with what it makes.
//
// 1 - N(x) for x from 0 to 9.25, in pieces an eighth wide: on each the polynomial of degree 10 in t = 8 x - piece that agrees with it at eleven
// Chebyshev nodes, its coefficients rounded to 2^-64. What the polynomials miss is below 1e-20; the rounding is what is left.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/paths.ts';
import { normal, one, ratio } from '../vectors/exact.ts';

const PIECES = 74;
const DEGREE = 10;

const mul = (a: bigint, b: bigint): bigint => (a * b) / one;

/** Any points will do as long as they are near the Chebyshev nodes, so a double is good enough. */
const nodes = Array.from({ length: DEGREE + 1 }, (_, index) => {
  const node = (1 + Math.cos((Math.PI * (2 * index + 1)) / (2 * DEGREE + 2))) / 2;
  return ratio(BigInt(Math.round(node * 1e15)), 10n ** 15n);
});

/** The coefficients, t^0 first, of the polynomial through a piece's nodes: Newton's divided differences, multiplied out. */
function polynomial(piece: number): bigint[] {
  const differences = nodes.map((t) => normal(-(BigInt(piece) * one + t) / 8n));
  for (let level = 1; level <= DEGREE; level += 1) {
    for (let index = DEGREE; index >= level; index -= 1) {
      const rise = (differences[index] ?? 0n) - (differences[index - 1] ?? 0n);
      differences[index] = (rise * one) / ((nodes[index] ?? 0n) - (nodes[index - level] ?? 0n));
    }
  }
  let coefficients: bigint[] = [];
  for (let index = DEGREE; index >= 0; index -= 1) {
    // coefficients * (t - node) + difference
    const shifted = [0n, ...coefficients];
    coefficients.forEach((value, power) => {
      shifted[power] = (shifted[power] ?? 0n) - mul(value, nodes[index] ?? 0n);
    });
    shifted[0] = (shifted[0] ?? 0n) + (differences[index] ?? 0n);
    coefficients = shifted;
  }
  return coefficients.slice(0, DEGREE + 1);
}

/** A fraction over 2^64, to the nearest. */
function word(x: bigint): bigint {
  const doubled = (x * 2n ** 65n) / one;
  return (doubled + 1n) >> 1n;
}

const pieces = Array.from({ length: PIECES }, (_, piece) => polynomial(piece).map(word));

/** Two's complement: the canister's words have no sign. */
const hex = (value: bigint): string => `0x${BigInt.asUintN(64, value).toString(16).toUpperCase()}`;

export function motokoTable(): string {
  const rows = pieces.map((row) => `    [${row.map(hex).reverse().join(', ')}],`);
  return `/// 1 - N(x), x from 0 to 9.25: for each eighth of x ${DEGREE + 1} coefficients of a polynomial in the part of the eighth that is passed, the highest
/// power first, over 2^64, negative ones as two's complement. Made by scripts/tables/normal.ts.

module {
  public let DEGREE : Nat64 = ${DEGREE};
  public let PIECES : [[Nat64]] = [
${rows.join('\n')}
  ];
};
`;
}

export function browserTable(): string {
  const rows = pieces.map(
    (row) =>
      `  [${row
        .map((value) => `${value}n`)
        .reverse()
        .join(', ')}]`
  );
  return `/**
 * 1 - N(x), x from 0 to 9.25: for each eighth of x ${DEGREE + 1} coefficients of a polynomial in the part of the eighth that is passed, the highest power first,
 * over 2^64. The canister's table, made by scripts/tables/normal.ts.
 */
// prettier-ignore
export const normalTable: readonly (readonly bigint[])[] = [
${rows.join(',\n')}
];
`;
}

if (import.meta.main) {
  writeFileSync(join(root, 'canisters/options/NormalTable.mo'), motokoTable());
  writeFileSync(join(root, 'src/lib/options/normalTable.ts'), browserTable());
}
