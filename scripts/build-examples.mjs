// `npm run build:examples`: see build-examples.ts.
import { runOnNode24 } from './lib/bootstrap.mjs';

runOnNode24('scripts/build-examples.ts');
