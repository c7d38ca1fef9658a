// `npm run build:canister -- NAME...`: see build-canisters.ts. The command dfx.json names.
import { runOnNode24 } from './lib/bootstrap.mjs';

runOnNode24('scripts/build-canisters.ts');
