// `npm run bench`: the table of measurements, written to bench/results.json.
import { runOnNode24 } from './lib/bootstrap.mjs';

runOnNode24('tests/bench/bench.ts');
