// `npm run bench`: the table of measurements, written to bench/results.json.
import { runOnNode24 } from './lib/bootstrap.mjs';

// At a million positions the network's memory passes the usual limit, near which the collector does little but collect.
runOnNode24('tests/bench/bench.ts', process.argv.slice(2), ['--max-old-space-size=12288']);
