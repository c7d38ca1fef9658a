import type { Phase, Reading } from '$lib/services/types';
import { formatDuration } from './time';

export type Tone = 'good' | 'warn' | 'bad' | 'neutral';

/** The state of a figure in words: colour only repeats it. */
export const phaseWords: Record<Phase, string> = {
  loading: 'Loading',
  live: 'Live',
  stale: 'Out of date',
  offline: 'You are offline',
  fallback: 'Options canister unreachable',
  error: 'Unavailable'
};

export const phaseTones: Record<Phase, Tone> = {
  loading: 'neutral',
  live: 'good',
  stale: 'warn',
  offline: 'warn',
  fallback: 'warn',
  error: 'bad'
};

/** "updated 12 s ago" while fresh, "last read 3 min ago" otherwise, "" before the first answer. */
export function ageWords(reading: Reading<unknown>, nowMs: number): string {
  if (reading.updatedAt === undefined) return '';
  const age = formatDuration(nowMs - reading.updatedAt);
  return reading.phase === 'live' ? `updated ${age} ago` : `last read ${age} ago`;
}
