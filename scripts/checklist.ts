// Go or no-go, before and after a deployment: runs every check, prints a table with what was seen. Leaves with 0 for go, 1 for no-go, 2 for wrong arguments.
// It changes nothing unless --canary is given; then it trades one smallest option on the canary's own account. docs/operations.md explains every line.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { runnerImport } from 'vite';
import { readChecklistArguments, UsageError } from './checklist/arguments.ts';
import { KeyFileError, readKeyFile } from './checklist/keyFile.ts';
import type { Plan } from './checklist/plan.ts';
import { deployerIdentity, readDeployment } from './lib/deploy.ts';
import { root } from './lib/paths.ts';

async function readPlan(): Promise<Plan> {
  const args = readChecklistArguments(process.argv.slice(2), process.env);
  if (args.configFile !== undefined && !existsSync(args.configFile))
    throw new UsageError(`There is no configuration file ${args.configFile}.`);
  const local = args.network === 'local';
  return {
    ...args,
    root,
    // The local network's deployer is its owner; on ic a person says whose key to use.
    operator: local ? deployerIdentity : await readKeyFile(args.operatorFile),
    canaryKey: local ? undefined : await readKeyFile(args.canaryFile),
    localWasmHash: local ? (await readDeployment(join(root, '.local-ic/deployment.json')))?.wasmHashes.options : undefined
  };
}

try {
  const plan = await readPlan();
  // The app's library leaves file endings to Vite, so Vite loads what imports it.
  const { module } = await runnerImport<{ runChecklist(plan: Plan): Promise<number> }>(join(root, 'scripts/checklist/runChecklist.ts'), {
    root,
    configFile: false,
    // The query library's package holds components, which Node alone can't load.
    plugins: [svelte({ configFile: false })],
    environments: { inline: { resolve: { noExternal: ['@tanstack/svelte-query'] } } },
    logLevel: 'error'
  });
  process.exit(await module.runChecklist(plan));
} catch (error) {
  if (!(error instanceof UsageError || error instanceof KeyFileError)) throw error;
  console.error(error.message);
  process.exit(2);
}
