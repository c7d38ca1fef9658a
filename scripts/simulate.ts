// `npm run simulate -- --suite engine --runs N --seed S`: random histories, as many as one likes, against real canisters, with every invariant checked after every
// step. Leaves with 0 only if all of them held; else it prints the shortest history that breaks one, and the command that shows it again.
// `--suite services`: random visits to the app under faults instead; the same seed and number give the same ones.
import { parseArgs } from 'node:util';
import { parseCount } from './lib/parseCount.ts';
import { simulateServices } from './lib/simulateServices.ts';
import type { Outcome, Request } from '../tests/simulation/engine/run.ts';

/** What is simulated as histories, by name; loaded when it is asked for. */
const histories: Record<string, () => Promise<(request: Request) => Promise<Outcome>>> = {
  engine: async () => {
    const { simulate } = await import('../tests/simulation/engine/run.ts');
    const { optionsModule } = await import('../tests/simulation/engine/world.ts');
    console.log('Compiling the options canister, unless it is compiled already ...');
    const module = await optionsModule();
    return (request) => simulate(module, request);
  }
};

const suites = [...Object.keys(histories), 'services'];

const usage = `Usage: npm run simulate -- --suite ${suites.join('|')} [--runs N] [--seed S] [--path P]
  --runs  how many histories, or visits of the services; 100 unless given
  --seed  a whole number from 0 to 2147483647; the same one gives the same histories; at random unless given
  --path  straight to one history, as a failure prints it; not for the services`;

function fail(message: string): never {
  console.error(`${message}\n${usage}`);
  process.exit(2);
}

const text = { type: 'string' } as const;
function readArguments(): { suite: string; runs: number; seed: number; path: string | undefined } {
  try {
    const { suite = '', runs = '100', seed, path } = parseArgs({ options: { suite: text, runs: text, seed: text, path: text } }).values;
    if (!suites.includes(suite)) fail(suite === '' ? 'Which suite?' : `There is no suite "${suite}".`);
    if (path !== undefined && suite === 'services')
      fail(
        '--path is for histories: the services are visited at the same time, so no visit can be played alone. Give --runs and --seed again.'
      );
    if (path !== undefined && !/^\d+(:\d+)*$/u.test(path))
      fail(`--path is numbers with colons between them, as a failure prints it, not "${path}".`);
    if (path !== undefined && seed === undefined) fail('--path needs the --seed it was found with.');
    const chosen = seed ?? `${Math.floor(Math.random() * 2_147_483_648)}`;
    return { suite, runs: parseCount('--runs', runs, 1, 10_000_000), seed: parseCount('--seed', chosen, 0, 2_147_483_647), path };
  } catch (error) {
    return fail((error as Error).message);
  }
}

const { suite, runs, seed, path } = readArguments();
if (suite === 'services') {
  console.log(`${runs} visits, seed ${seed}`);
  process.exit(await simulateServices({ runs, seed }));
}
const simulate = await (histories[suite] ?? fail('Which suite?'))();
const again = `npm run simulate -- --suite ${suite} --seed ${seed}`;
console.log(`${path === undefined ? `${runs} histories` : 'One history'}, seed ${seed}`);
const started = performance.now();
let told = started;
const rate = (done: number): string => `${((done * 1_000) / (performance.now() - started)).toFixed(2)} a second`;
const outcome = await simulate({
  runs: path === undefined ? runs : 1,
  seed,
  ...(path === undefined ? {} : { path }),
  onHistory: (done) => {
    if (performance.now() - told < 5_000) return;
    told = performance.now();
    console.log(done <= runs ? `${done} of ${runs} histories, ${rate(done)}` : `making the failing history shorter, ${done - runs} tried`);
  }
});
if (outcome.failed) {
  console.error(`${outcome.report}\n\nSeed ${seed}, history ${outcome.runs}. The same again: ${again} --path ${outcome.path}`);
  process.exit(1);
}
const happened = Object.entries(outcome.tally).map(([what, count]) => `${count} ${what}`);
console.log(happened.join(', '));
console.log(`${outcome.runs} histories, ${rate(outcome.runs)}, seed ${seed}: every invariant held.`);
