// `npm run build`: see build.ts.
import { runOnNode24 } from './lib/bootstrap.mjs';

runOnNode24('scripts/build.ts');
