import { expect } from 'vitest';
import { simulate } from './run.ts';
import { optionsModule } from './world.ts';

/** Histories from one seed against the canister as it is; a failure says how to see it again. */
export async function expectEveryInvariant(runs: number, seed: number): Promise<void> {
  const { failed, report, path, runs: done, tally } = await simulate(await optionsModule(), { runs, seed });
  const again = `npm run simulate -- --suite engine --seed ${seed} --path ${path}`;
  expect(failed, `${report}\n\nThe same again: ${again}`).toBe(false);
  expect(done).toBe(runs);
  // Histories in which nothing happens prove nothing.
  expect(tally.filled).toBeGreaterThan(runs);
  expect(tally.wins + tally.losses).toBeGreaterThan(runs / 2);
  expect(tally.ties).toBeGreaterThan(0);
  expect(tally.cancelled).toBeGreaterThan(runs / 10);
}
