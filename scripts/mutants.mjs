// `npm run mutants`: see mutants.ts.
import { runOnNode24 } from './lib/bootstrap.mjs';

runOnNode24('scripts/mutants.ts');
