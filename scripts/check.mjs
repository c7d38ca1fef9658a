// `npm run check`: see check.ts.
import { runOnNode24 } from './lib/bootstrap.mjs';

runOnNode24('scripts/check.ts');
