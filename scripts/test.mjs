// `npm test`: the whole proof, one summary line a suite. Options: names of suites to run only those (check, unit, components, ...).
import { runOnNode24 } from './lib/bootstrap.mjs';

runOnNode24('scripts/test.ts');
