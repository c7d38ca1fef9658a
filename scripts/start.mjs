// `npm start`, `npm run dev`: the exchange on the embedded Internet Computer. Options: --fresh, --port N, --provider-port N, --controls-port N,
// --state FOLDER, --dev.
import { runOnNode24 } from './lib/bootstrap.mjs';

runOnNode24('scripts/start.ts');
