import { readFile } from 'node:fs/promises';
import type { AppConfig } from '../../../src/lib/config/config';
import { loadConfig, parseConfig } from '../../../src/lib/config/loadConfig';
import { AppError } from '../../../src/lib/errors/AppError';
import { judged, type Check } from '../finding.ts';
import type { Plan } from '../plan.ts';

/** The configuration that is checked: the file's, else the site's own. `fault`: in words. */
export async function readConfiguration(plan: Plan): Promise<{ config: AppConfig } | { fault: string }> {
  try {
    const config = plan.configFile === undefined ? await siteConfig(plan.site ?? '') : parseConfig(await fileConfig(plan.configFile));
    const host = config.host === '' ? (plan.site ?? '') : config.host;
    if (host === '') return { fault: 'host is "", the page\'s own origin: say which that is with --site URL' };
    if (plan.network === 'local') await fetch(new URL('/api/v2/status', host)).then((response) => response.arrayBuffer());
    return { config };
  } catch (error) {
    const silent = error instanceof TypeError || (error instanceof AppError && error.code === 'unreachable');
    if (silent && plan.network === 'local')
      return { fault: `Nothing answers at ${plan.site ?? ''}: is npm start running? (another port: --site http://localhost:PORT)` };
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

async function siteConfig(site: string): Promise<AppConfig> {
  return loadConfig((path, init) => fetch(new URL(String(path), site), { ...init, signal: AbortSignal.timeout(30_000) }));
}

async function fileConfig(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8');
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${file} is not JSON`);
  }
}

/** Valid, for the network that was named, and what it switches off. */
export const configuration: Check = {
  name: 'configuration',
  run: async ({ plan, config }) => {
    const off = Object.entries(config.switches).filter(([, on]) => !on);
    const faults: string[] = [];
    if (config.network !== plan.network) faults.push(`it is for the network "${config.network}", not "${plan.network}"`);
    if (plan.network === 'ic') {
      if (config.testBitcoin) faults.push('testBitcoin is on: the site would offer test bitcoin on mainnet');
      if (config.replay !== undefined) faults.push('it shows a recording instead of live prices');
      for (const [name, address] of [
        ['host', config.host],
        ['identityProvider', config.identityProvider]
      ] as const)
        if (!address.startsWith('https://')) faults.push(`${name} is ${address}, not an https address`);
    }
    const { options, ledger, legacy } = config.canisters;
    return judged(
      faults,
      `${plan.configFile ?? `${plan.site}/config.json`} valid; calls go to ${config.host}; options ${options}, ledger ${ledger}, legacy ${legacy ?? 'none'}; ` +
        `login at ${config.identityProvider}; switched off by the site: ${off.length === 0 ? 'nothing' : off.map(([name]) => name).join(', ')}`
    );
  }
};
