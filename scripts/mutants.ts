// `npm run mutants`: plants one bug after the other in the options canister and lets the simulation look for it. Prints which were caught, and leaves with 1 if any
// was not. `-- --runs N`: histories for each at most (150). `-- --only TEXT`: those whose name contains it. `-- --seed S`.
import { parseArgs } from 'node:util';
import { parseCount } from './lib/parseCount.ts';
import { mutants } from '../tests/simulation/engine/mutants.ts';
import { hunt, mutated } from '../tests/simulation/engine/plant.ts';

interface Row {
  mutant: string;
  verdict: string;
  histories: number;
  violation: string;
}

function readArguments(): { runs: number; seed: number; only: string } {
  try {
    const text = { type: 'string' } as const;
    const { runs = '150', seed = '20261102', only = '' } = parseArgs({ options: { runs: text, seed: text, only: text } }).values;
    return { runs: parseCount('--runs', runs, 1, 1_000_000), seed: parseCount('--seed', seed, 0, 2_147_483_647), only };
  } catch (error) {
    console.error((error as Error).message);
    process.exit(2);
  }
}

const { runs, seed, only } = readArguments();
const chosen = mutants.filter(({ name }) => name.includes(only));
if (chosen.length === 0) {
  console.error(`No mutant's name contains "${only}". There are:\n${mutants.map(({ name }) => `  ${name}`).join('\n')}`);
  process.exit(2);
}
// All of them first: one that no longer fits the sources is found out at once.
for (const mutant of mutants) await mutated(mutant);
const rows: Row[] = [];
for (const mutant of chosen) {
  const { failed, runs: histories, report } = await hunt(mutant, { runs, seed });
  const violation = failed ? (report.split('\n')[0] ?? '').slice(0, 160) : '';
  rows.push({ mutant: mutant.name, verdict: failed ? 'caught' : 'SURVIVED', histories, violation });
  console.log(
    `${failed ? 'caught  ' : 'SURVIVED'} after ${`${histories}`.padStart(3)} histories: ${mutant.name}${failed ? `\n         ${violation}` : ''}`
  );
}
console.table(rows.map(({ mutant, verdict, histories }) => ({ mutant, verdict, histories })));
const survivors = rows.filter(({ verdict }) => verdict !== 'caught').length;
console.log(`${rows.length - survivors} of ${rows.length} caught, seed ${seed}`);
process.exit(survivors === 0 ? 0 : 1);
