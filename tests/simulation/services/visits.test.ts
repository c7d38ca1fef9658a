import { expect, it } from 'vitest';
import { simulate } from './simulate.ts';

// Bounded here; `npm run simulate -- --suite services --runs N --seed S` sets both for long runs.
const visits = Number(process.env['SIMULATE_RUNS'] ?? 500);
const seed = Number(process.env['SIMULATE_SEED'] ?? 20_261_128);

/** From this many on, everything that can happen must have. */
const ENOUGH = 500;

it(`${visits} visits under random faults (seed ${seed}): nothing paid twice, nothing lost, everything ends`, async () => {
  const { tally, broken } = await simulate({
    visits,
    seed,
    onRound: ({ round, of, trouble, tally: happened, broken: found }) => {
      if (process.env['SIMULATE_RUNS'] === undefined && found.length === 0) return;
      const told = `round ${round} of ${of}: ${trouble.kind}; ${happened.requests} requests, ${happened.total('fault')} of them faulty, ${happened.total('ended')} orders and settlements`;
      process.stdout.write(`${told}${found.map((what) => `\n  ${what}`).join('')}\n`);
    }
  });
  if (process.env['SIMULATE_RUNS'] !== undefined)
    process.stdout.write(`${visits} visits, ${tally.requests} requests: ${tally.toString()}\n`);
  expect(broken).toEqual([]);
  if (visits >= ENOUGH) expect(tally.missing()).toEqual([]);
});
