// `npm run checklist -- --network local|ic`: see checklist.ts.
import { runOnNode24 } from './lib/bootstrap.mjs';

// npm changes to the project's folder and says where its caller was; without npm, this is where the caller is.
process.env.INIT_CWD ??= process.cwd();
runOnNode24('scripts/checklist.ts');
