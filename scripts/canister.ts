// Stops or starts a canister of the running local network, through the management canister, as its controller: what an operator does before an upgrade.
import { join } from 'node:path';
import { Actor, HttpAgent } from '@dfinity/agent';
import { IDL } from '@dfinity/candid';
import { Principal } from '@dfinity/principal';
import { canisterNames, canisterSources, type CanisterName } from './lib/canisters.ts';
import { deployerIdentity, readDeployment } from './lib/deploy.ts';
import { root } from './lib/paths.ts';

const host = process.env['SATSTRIKE_URL'] ?? 'http://localhost:4943';
const [action, name] = process.argv.slice(2);

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

if ((action !== 'stop' && action !== 'start') || name === undefined || !Object.hasOwn(canisterSources, name)) {
  fail(`Usage: npm run canister -- stop|start NAME, where NAME is one of ${canisterNames.join(', ')}.`);
}
const deployment = (await readDeployment(join(root, '.local-ic/deployment.json'))) ?? fail('No local exchange yet: run npm start first.');
const canisterId = Principal.fromText(deployment.canisters[name as CanisterName]);
const agent = await HttpAgent.create({ host, identity: deployerIdentity, shouldFetchRootKey: true }).catch(() =>
  fail(`Nothing answers at ${host}: is npm start running?`)
);
const request = IDL.Record({ canister_id: IDL.Principal });
const management = Actor.createActor<Record<string, (arg: { canister_id: Principal }) => Promise<void>>>(
  () => IDL.Service({ stop_canister: IDL.Func([request], [], []), start_canister: IDL.Func([request], [], []) }),
  {
    agent,
    canisterId: Principal.managementCanister(),
    // The management canister has no place of its own: a call goes to the subnet of the canister it is about.
    callTransform: () => ({ effectiveCanisterId: canisterId })
  }
);
await management[`${action}_canister`]?.({ canister_id: canisterId });
console.log(`${name} (${canisterId.toText()}) is ${action === 'stop' ? 'stopped' : 'running'}.`);
