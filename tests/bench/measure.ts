/** One line of the table: a figure of this project and what it is compared with, in the same unit. */
export interface Row {
  what: string;
  value: number;
  unit: string;
  comparedWith: string;
  other: number;
}

/** What an agent is compared with, beside a figure. */
export type Comparison = Pick<Row, 'comparedWith' | 'other'>;

export function goal(other: number): Comparison {
  return { comparedWith: 'goal', other };
}

export function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/**
 * Median of the milliseconds a call takes, after a quarter as many that don't count; a collection of garbage that happens to land on some
 * of them doesn't count either.
 */
export async function medianMs(call: () => unknown, samples: number): Promise<number> {
  for (let index = 0; index < samples / 4; index++) await call();
  const times: number[] = [];
  for (let index = 0; index < samples; index++) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
  return median(times);
}

/** Calls a second, so many at once, over some seconds; and the calls that were made. */
export async function rate(call: () => Promise<unknown>, atOnce: number, seconds: number): Promise<{ perSecond: number; calls: number }> {
  let calls = 0;
  const start = performance.now();
  const worker = async (): Promise<void> => {
    while (performance.now() - start < seconds * 1_000) {
      await call();
      calls++;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return { perSecond: (calls * 1_000) / (performance.now() - start), calls };
}
