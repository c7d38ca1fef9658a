import { inWords } from './inWords.ts';
import type { Reading, ReadingStore } from '../../src/lib/services/types';

/**
 * Watches a store as an open page does until its reading is live and satisfies `enough`.
 *
 * @throws Error with the phase and the words a person would read, if it takes longer than `withinMs`
 */
export async function liveWithin<T>(
  name: string,
  store: ReadingStore<T>,
  withinMs: number,
  enough: (value: T) => boolean = () => true
): Promise<{ value: T; tookMs: number }> {
  const started = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  let shown: Reading<T> | undefined;
  const stop = store.subscribe((reading) => {
    shown = reading;
    if (reading.phase === 'live' && reading.value !== undefined && enough(reading.value)) resolve(reading.value);
  });
  const timer = setTimeout(() => {
    const phase = shown?.phase === 'live' ? 'live, but not what is waited for' : `"${shown?.phase ?? 'silent'}"`;
    const why = shown?.error === undefined ? '' : `: ${inWords(shown.error)}`;
    reject(new Error(`${name} is ${phase} after ${withinMs / 1_000} s${why}`));
  }, withinMs);
  try {
    return { value: await promise, tookMs: Math.round(performance.now() - started) };
  } finally {
    clearTimeout(timer);
    stop();
  }
}
