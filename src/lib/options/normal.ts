import { normalTable } from './normalTable.ts';

/** 9.25 over 2^60. */
const END = 0x9400_0000_0000_0000n;
const WORD = (1n << 64n) - 1n;

/** 1 - N(x) over 2^64, for x >= 0 over 2^60: canisters/options/Normal.mo. */
export function normalTail(x: bigint): bigint {
  if (x >= END) return 0n;
  const t = (x << 7n) & WORD;
  let sum = 0n;
  for (const coefficient of normalTable[Number(x >> 57n)] ?? []) sum = coefficient + ((sum * t) >> 64n);
  return sum;
}

/** The normal density over 2^64, for x >= 0 over 2^60. */
export function normalDensity(x: bigint): bigint {
  if (x >= END) return 0n;
  const t = (x << 7n) & WORD;
  const piece = normalTable[Number(x >> 57n)] ?? [];
  let sum = 0n;
  piece.slice(0, -1).forEach((coefficient, index) => {
    sum = coefficient * BigInt(piece.length - 1 - index) + ((sum * t) >> 64n);
  });
  return sum > 0n ? 0n : -sum << 3n;
}
