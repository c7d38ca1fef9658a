import { expect, it } from 'vitest';
import { simulate } from './simulate.ts';

// Bounded here; `npm run simulate -- --suite services --runs N --seed S` sets both for long runs.
const visits = Number(process.env['SIMULATE_RUNS'] ?? 50);
const seed = Number(process.env['SIMULATE_SEED'] ?? 20_261_128);

it(`${visits} visits under random faults (seed ${seed}): nothing paid twice, nothing lost, everything ends`, async () => {
  const found = await simulate({
    visits,
    seed,
    onRound: ({ round, of, trouble, requests, faults, orders, settled, broken }) => {
      if (process.env['SIMULATE_RUNS'] === undefined && broken.length === 0) return;
      const told = `round ${round} of ${of}: ${trouble.kind}; ${requests} requests, ${faults} of them faulty, ${orders} orders, ${settled} settlements`;
      process.stdout.write(`${told}${broken.map((what) => `\n  ${what}`).join('')}\n`);
    }
  });
  expect(found).toEqual([]);
});
