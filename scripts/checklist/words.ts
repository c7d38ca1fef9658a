import { formatSats } from '../../src/lib/money/formatSats';

/** Nanoseconds since 1970 as people read them, to the second, UTC. */
export function timeOf(ns: bigint): string {
  return `${new Date(Number(ns / 1_000_000n)).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** 3_210_000_000_000n cycles: "3.210 T"; 4_560_000n, less than a thousandth of a trillion: "4.560 M". */
export function cyclesOf(cycles: bigint): string {
  const [unit, name] = cycles < 1_000_000_000n ? [1_000n, 'M'] : [1_000_000_000n, 'T'];
  return `${(Number(cycles / unit) / 1_000).toFixed(3)} ${name}`;
}

export function sats(amount: bigint): string {
  return `${formatSats(amount)} sats`;
}
