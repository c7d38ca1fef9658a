// `npm run example -- 1`: see example.ts.
import { runOnNode24 } from './lib/bootstrap.mjs';

runOnNode24('scripts/example.ts');
