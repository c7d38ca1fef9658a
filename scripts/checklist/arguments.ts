import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface ChecklistArguments {
  readonly network: 'local' | 'ic';
  /** Whether one small option may be bought on the canary's account. */
  readonly canary: boolean;
  /** Where the app is served, without a path; undefined: only a configuration that is not deployed yet is checked. */
  readonly site: string | undefined;
  /** A configuration file that is about to be deployed, instead of the site's own. */
  readonly configFile: string | undefined;
  readonly operatorFile: string | undefined;
  readonly canaryFile: string | undefined;
}

/** The command was written wrongly; its message says how it is written. */
export class UsageError extends Error {
  override name = 'UsageError';
}

const usage = `Usage: npm run checklist -- --network local|ic [--canary] [--site URL] [--config FILE] [--operator FILE] [--canary-key FILE]
  --network     local: what npm start runs; ic: mainnet
  --canary      also buy, settle and check one smallest option on the canary's account; without it nothing is changed
  --site        where the app is served; local: http://localhost:4943 unless given; ic: needed, unless --config is given
  --config      before a deploy: the configuration that is about to be deployed, instead of the site's /config.json
  --operator    ic: the key (PEM or JSON) of an operator or auditor, for what only they can read; local: the network's own owner
  --canary-key  ic: the key (PEM or JSON) of the canary's account; local: an account of its own, filled with test bitcoin`;

const text = { type: 'string' } as const;
const options = {
  network: text,
  canary: { type: 'boolean', default: false },
  site: text,
  config: text,
  operator: text,
  'canary-key': text
} as const;

/**
 * What the command line asks for. File names are relative to where the caller is (INIT_CWD).
 *
 * @throws UsageError
 */
export function readChecklistArguments(args: string[], env: Record<string, string | undefined>): ChecklistArguments {
  const values = parse(args);
  const { network, canary } = values;
  if (network !== 'local' && network !== 'ic')
    refuse(network === undefined ? 'Which network? Say --network local or --network ic.' : `There is no network "${network}".`);
  const file = (name: string | undefined): string | undefined =>
    name === undefined ? undefined : resolve(env['INIT_CWD'] ?? process.cwd(), name);
  if (network === 'local') {
    if (values.operator !== undefined || values['canary-key'] !== undefined)
      refuse('--operator and --canary-key are for --network ic: the local network has keys of its own.');
  } else {
    if (values.site === undefined && values.config === undefined) refuse('--network ic needs --site URL, --config FILE, or both.');
    if (canary && values['canary-key'] === undefined) refuse('--canary on ic spends real bitcoin: say whose with --canary-key FILE.');
  }
  const site = values.site ?? (network === 'local' ? (env['SATSTRIKE_URL'] ?? 'http://localhost:4943') : undefined);
  return {
    network,
    canary,
    site: site === undefined ? undefined : originOf(site, network),
    configFile: file(values.config),
    operatorFile: file(values.operator),
    canaryFile: file(values['canary-key'])
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function originOf(site: string, network: string): string {
  const url = URL.parse(site);
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    refuse(`--site takes an address such as https://example.org, not "${site}".`);
  if (network === 'ic' && url.protocol !== 'https:') refuse(`A site on ic is served over https, not at "${site}".`);
  return url.origin;
}

function refuse(message: string): never {
  throw new UsageError(`${message}\n${usage}`);
}
