// Compiles the canisters and builds the static app (both cached): what `npm start` serves and, configured by dfx, what goes to mainnet.
import { join } from 'node:path';
import { buildApp } from './lib/buildApp.ts';
import { buildCanisters } from './lib/canisters.ts';
import { writeDfxConfig } from './lib/dfxConfig.ts';
import { root } from './lib/paths.ts';

await buildCanisters();
await buildApp();
await writeDfxConfig(join(root, 'build'));
