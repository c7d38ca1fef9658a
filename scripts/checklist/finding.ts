import type { Context } from './context.ts';

/** What a check found. `evidence` is the figures that were seen, or the words of what went wrong: never a mere "ok". */
export interface Finding {
  readonly result: 'ok' | 'FAILED' | 'skipped';
  readonly evidence: string;
}

export interface Check {
  readonly name: string;
  run(context: Context): Promise<Finding>;
}

export const skipped = (evidence: string): Finding => ({ result: 'skipped', evidence });

/** FAILED with the faults, if there are any; else ok with what was seen. */
export function judged(faults: readonly string[], seen: string): Finding {
  return faults.length === 0 ? { result: 'ok', evidence: seen } : { result: 'FAILED', evidence: `${faults.join('; ')} (seen: ${seen})` };
}
