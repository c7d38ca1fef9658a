import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CanisterStatus } from '@dfinity/agent';
import { Principal } from '@dfinity/principal';
import { judged, type Check } from '../finding.ts';
import { judgeVersion } from '../judgeVersion.ts';
import { timeOf } from '../words.ts';

async function numberIn(root: string, file: string, pattern: RegExp): Promise<string> {
  const found = pattern.exec(await readFile(join(root, file), 'utf8'))?.[1];
  if (found === undefined) throw new Error(`${file} doesn't say which version it is`);
  return found;
}

/** The options canister against the source that is checked out; its module and controllers by the network's certificate. */
export const versions: Check = {
  name: 'canister version',
  run: async ({ plan, config, options, agent }) => {
    const source = {
      version: await numberIn(plan.root, 'canisters/options/Market.mo', /VERSION : Text = "([^"]+)"/u),
      schema: BigInt(await numberIn(plan.root, 'canisters/options/State.mo', /SCHEMA : Nat = (\d+)/u))
    };
    const canister = await (await options(undefined)).get_version();
    const canisterId = Principal.fromText(config.canisters.options);
    const paths = ['module_hash', 'controllers'] as const;
    const status = await CanisterStatus.request({ canisterId, agent: await agent(undefined), paths: [...paths] });
    const hash = status.get('module_hash');
    const controllers = status.get('controllers');
    const names = Array.isArray(controllers) ? controllers.filter((one) => one instanceof Principal).map((one) => one.toText()) : [];

    const beforeDeploy = plan.configFile !== undefined;
    const faults = judgeVersion(canister, source, beforeDeploy);
    if (typeof hash !== 'string') faults.push('the certificate tells no module hash: no code is installed');
    if (plan.localWasmHash !== undefined && hash !== plan.localWasmHash)
      faults.push(`npm start installed the module ${plan.localWasmHash}`);
    if (names.length === 0) faults.push('it has no controllers: nobody could upgrade it');
    const built = await readFile(join(plan.root, '.cache/canisters/options.wasm')).catch(() => undefined);
    const builtHash = built === undefined ? undefined : createHash('sha256').update(built).digest('hex');
    return judged(
      faults,
      `${canister.version}, schema ${canister.schema} (source: ${source.version}, schema ${source.schema}); installed ${timeOf(canister.installed_ns)}, upgraded ${timeOf(canister.upgraded_ns)}; ` +
        `certified module ${String(hash)}${builtHash === undefined ? '' : builtHash === hash ? ', the one built here' : `, built here: ${builtHash}`}; controllers ${names.join(', ')}`
    );
  }
};
