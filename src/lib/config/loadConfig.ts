import * as v from 'valibot';
import { AppError } from '../errors/AppError';
import type { AppConfig, SiteSwitches } from './config';

const decimal = v.pipe(
  v.string('must be a whole number written as a text'),
  v.regex(/^\d{1,20}$/u, 'must be a whole number written as a text'),
  v.transform((text) => BigInt(text))
);
const canisterId = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9]{5}(-[a-z0-9]{1,5})+$/u, 'must be a canister id such as "mxzaz-hqaaa-aaaar-qaada-cai"')
);
const httpUrl = v.pipe(v.string(), v.check(isHttpUrl, 'must be an http or https address'));

/** Absent and null both mean "not set": JSON has no undefined. */
const unset = <S extends v.GenericSchema>(schema: S) => v.optional(v.nullable(schema), null);

const onOff = v.optional(v.boolean('must be true or false'));
/** Strict: a switch that is misspelled in the night must not pass for one that is on. */
const switches = v.strictObject(
  { balances: onOff, admin: onOff, settlement: onOff, entry: onOff },
  'must hold nothing but balances, admin, settlement and entry'
);

const schema = v.object({
  network: v.picklist(['local', 'ic'], 'must be "local" or "ic"'),
  host: v.union([v.literal(''), httpUrl], 'must be an http or https address, or "" for the page\'s own origin'),
  canisters: v.object({ options: canisterId, ledger: canisterId, legacy: unset(canisterId) }),
  identityProvider: httpUrl,
  derivationOrigin: unset(httpUrl),
  replay: unset(v.object({ source: v.string(), anchorNs: decimal, recordingStartNs: decimal })),
  testBitcoin: v.optional(v.boolean('must be true or false'), false),
  switches: unset(switches)
});

function isHttpUrl(text: string): boolean {
  try {
    return ['https:', 'http:'].includes(new URL(text).protocol);
  } catch {
    return false;
  }
}

/** Checks what /config.json said. Throws an internal AppError that names every field at fault. */
export function parseConfig(raw: unknown): AppConfig {
  const result = v.safeParse(schema, raw);
  if (!result.success) {
    const faults = result.issues.map((issue) => `${v.getDotPath(issue) ?? 'the file'} ${issue.message}`);
    throw new AppError({ kind: 'internal', code: 'config_invalid', message: `This site's configuration is wrong: ${faults.join('; ')}.` });
  }
  const { canisters, derivationOrigin, replay, switches: stated, ...rest } = result.output;
  return {
    ...rest,
    canisters: { ...canisters, legacy: canisters.legacy ?? undefined },
    derivationOrigin: derivationOrigin ?? undefined,
    replay: replay ?? undefined,
    switches: stated === null ? {} : named(stated)
  };
}

function named(stated: Record<string, boolean | undefined>): SiteSwitches {
  return Object.fromEntries(Object.entries(stated).filter(([, on]) => on !== undefined));
}

/**
 * Fetches and checks /config.json, which the deploy writes. A network failure is temporary; a missing or malformed file is
 * internal, because trying again won't mend it.
 */
export async function loadConfig(fetcher: typeof fetch = fetch): Promise<AppConfig> {
  let response: Response;
  try {
    response = await fetcher('/config.json', { cache: 'no-cache' });
  } catch (cause) {
    throw new AppError({ kind: 'temporary', code: 'unreachable', message: 'The site could not be reached. Check your connection.', cause });
  }
  if (!response.ok) {
    const kind = response.status >= 500 || response.status === 429 ? 'temporary' : 'internal';
    throw new AppError({
      kind,
      code: 'config_missing',
      message: `This site's configuration could not be read (status ${response.status}).`
    });
  }
  let raw: unknown;
  try {
    raw = await response.json();
  } catch (cause) {
    throw new AppError({ kind: 'internal', code: 'config_invalid', message: "This site's configuration is not readable JSON.", cause });
  }
  return parseConfig(raw);
}
