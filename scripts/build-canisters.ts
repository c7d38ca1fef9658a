// Compiles the named canisters (all when none is named) to .cache/canisters/<name>.wasm and .did: the Wasm that is tested is the Wasm that is deployed.
import { buildCanister, canisterNames, canisterSources, type CanisterName } from './lib/canisters.ts';

const isName = (name: string): name is CanisterName => Object.hasOwn(canisterSources, name);
const wanted = process.argv.slice(2);
for (const name of wanted.length === 0 ? canisterNames : wanted) {
  if (!isName(name)) {
    console.error(`There is no canister "${name}". There are: ${canisterNames.join(', ')}.`);
    process.exit(1);
  }
  const started = performance.now();
  const wasm = await buildCanister(name);
  console.log(`${name}: ${(wasm.length / 1024).toFixed(0)} KiB in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
