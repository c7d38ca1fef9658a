import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen, type TestServer } from '../support/listen.ts';
import { program, type Program } from '../universal/Program.ts';
import { API_NAMES, SYSTEM_API, type ApiName } from '../universal/systemApi.ts';
import { startUniversalNetwork, type UniversalNetwork } from '../universal/universalNetwork.ts';
import { allowedIn } from './availability.ts';
import { executionContexts, type ExecutionContext } from './contexts.ts';

/** With all arguments 0 these trap by their own rules, wherever they are allowed. */
const ALWAYS_TRAPS: readonly ApiName[] = ['trap', 'env_var_name_size', 'env_var_name_copy', 'env_var_value_size', 'env_var_value_copy'];

/** Of a call under construction, which must have been begun. */
const needsCall = (name: ApiName): boolean => name.startsWith('call_') && name !== 'call_new';

/** Calls the function with zeros, and prints what became of it. */
function probeOf(name: ApiName, mayCall: boolean): Program {
  const probe = program().print(`before ${name}`);
  if (needsCall(name) && mayCall) probe.callNew({ callee: new Uint8Array() });
  return probe.call(name, ...[...SYSTEM_API[name][0]].map(() => 0)).print(`behind ${name}`);
}

describe('Overview of imports: if the canister invokes a system call from somewhere else, it will trap', () => {
  let network: UniversalNetwork;
  let contexts: ExecutionContext[];
  let server: TestServer;

  beforeAll(async () => {
    server = await listen((_, response) => {
      response.end('hello');
      return true;
    });
    network = await startUniversalNetwork();
    network.engine.setCertifier(() => Uint8Array.of(1, 2, 3));
    contexts = await executionContexts(network, `${server.origin}/`);
  });

  afterAll(() => server.close());

  async function isAllowed(name: ApiName, { letter, run }: ExecutionContext): Promise<boolean> {
    network.log.length = 0;
    await run(probeOf(name, allowedIn(name).has(letter)));
    const printed = (text: string): boolean => network.log.some((line) => line.endsWith(text));
    if (!printed(`before ${name}`)) throw new Error(`the program did not run:\n${network.log.join('\n')}`);
    if (printed(`behind ${name}`)) return true;
    if (network.log.some((line) => line.includes(`"ic0.${name}" cannot be executed`))) return false;
    if (ALWAYS_TRAPS.includes(name)) return true;
    throw new Error(`ic0.${name} trapped for another reason:\n${network.log.join('\n')}`);
  }

  it.each(API_NAMES)('ic0.%s', async (name) => {
    const found: Record<string, boolean> = {};
    for (const context of contexts) found[context.name] = await isAllowed(name, context);
    const expected = Object.fromEntries(contexts.map((context) => [context.name, allowedIn(name).has(context.letter)]));
    expect(found).toEqual(expected);
  });
});
