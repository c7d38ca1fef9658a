import type { AppError } from '../errors/AppError';
import type { Phase } from './types';

/** What a person can do about the state of a figure; undefined when there is nothing to do. */
export function adviceOn(phase: Phase, error: AppError | undefined): string | undefined {
  if (phase === 'offline') return 'Check your connection. Everything is read again as soon as it is back.';
  if (error === undefined) return phase === 'stale' ? 'Newer figures are late. They are asked for again by themselves.' : undefined;
  switch (error.kind) {
    case 'session':
      return 'Log in again.';
    case 'temporary':
      return 'There is nothing to do: it is tried again by itself.';
    case 'request':
      return 'Reload the page. If it stays, report it.';
    case 'internal':
      return 'Report it, with what the page noted.';
  }
}
