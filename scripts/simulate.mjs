// `npm run simulate -- --suite engine --runs N --seed S`: see simulate.ts.
import { runOnNode24 } from './lib/bootstrap.mjs';

runOnNode24('scripts/simulate.ts');
