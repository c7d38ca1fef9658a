// `npm run legacy-account -- PRINCIPAL [CALL|PUT]`: see legacy-account.ts.
import { runOnNode24 } from './lib/bootstrap.mjs';

runOnNode24('scripts/legacy-account.ts');
