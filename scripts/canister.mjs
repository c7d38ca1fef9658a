// `npm run canister -- stop|start NAME`: see canister.ts.
import { runOnNode24 } from './lib/bootstrap.mjs';

runOnNode24('scripts/canister.ts');
