/** Nanoseconds since 1970 as people read them, to the second, UTC. */
export function timeOf(ns: bigint): string {
  return `${new Date(Number(ns / 1_000_000n)).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** 3_210_000_000_000n cycles: "3.210 T". */
export function trillions(cycles: bigint): string {
  return `${(Number(cycles / 1_000_000n) / 1_000_000).toFixed(3)} T`;
}

export function sats(amount: bigint): string {
  return `${amount.toLocaleString('en-US')} sats`;
}
