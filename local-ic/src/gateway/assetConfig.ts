import JSON5 from 'json5';
import { compileGlob } from './glob.ts';
import { SECURITY_POLICIES, securityPolicyHeaders } from './securityPolicy.ts';
import type { SecurityPolicy } from './securityPolicy.ts';

export const ENCODINGS = ['identity', 'gzip', 'br'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** One entry of an asset configuration file; a field that is undefined leaves what earlier rules said. */
export interface AssetRule {
  matches: (path: string) => boolean;
  /** null takes away what earlier rules set. */
  headers: Readonly<Record<string, string>> | null | undefined;
  securityPolicy: SecurityPolicy | undefined;
  maxAgeSeconds: number | undefined;
  ignore: boolean | undefined;
  enableAliasing: boolean | undefined;
  allowRawAccess: boolean | undefined;
  encodings: readonly Encoding[] | undefined;
}

/** What all matching rules together say about one path. */
export interface AssetConfig {
  headers: Readonly<Record<string, string>>;
  securityPolicy: SecurityPolicy | undefined;
  maxAgeSeconds: number | undefined;
  ignore: boolean | undefined;
  enableAliasing: boolean;
  /** Only gateways that serve uncertified `raw` addresses act on it. */
  allowRawAccess: boolean;
  encodings: readonly Encoding[] | undefined;
}

export const DEFAULT_ASSET_CONFIG: AssetConfig = {
  headers: {},
  securityPolicy: undefined,
  maxAgeSeconds: undefined,
  ignore: undefined,
  enableAliasing: true,
  allowRawAccess: true,
  encodings: undefined
};

const FIELDS = [
  'match',
  'headers',
  'security_policy',
  'disable_security_policy_warning',
  'cache',
  'ignore',
  'enable_aliasing',
  'allow_raw_access',
  'encodings'
];

/**
 * Reads the text of an `.ic-assets.json5` file.
 *
 * @throws Error naming the rule and the field when something in it is unknown or of the wrong type: a misspelt field would
 * otherwise leave the site without a header its author believes is there.
 */
export function parseAssetConfig(text: string): AssetRule[] {
  const parsed: unknown = JSON5.parse(text);
  if (!Array.isArray(parsed)) throw new Error('an asset configuration is a list of rules: [ { "match": "**/*", ... } ]');
  return parsed.map((rule: unknown, index) => parseRule(rule, `rule ${index + 1}`));
}

/** Folds one rule into what the rules before it said, the way dfx's asset synchronisation does. */
export function mergeRule(config: AssetConfig, rule: AssetRule): AssetConfig {
  return {
    headers: rule.headers === null ? {} : { ...config.headers, ...rule.headers },
    securityPolicy: rule.securityPolicy ?? config.securityPolicy,
    maxAgeSeconds: rule.maxAgeSeconds ?? config.maxAgeSeconds,
    ignore: rule.ignore ?? config.ignore,
    enableAliasing: rule.enableAliasing ?? config.enableAliasing,
    allowRawAccess: rule.allowRawAccess ?? config.allowRawAccess,
    encodings: rule.encodings ?? config.encodings
  };
}

/** The response headers (lower-case names) a path gets: cache lifetime and policy first, explicit headers over both. */
export function responseHeaders(config: AssetConfig): Record<string, string> {
  return {
    ...(config.maxAgeSeconds === undefined ? {} : { 'cache-control': `max-age=${config.maxAgeSeconds}` }),
    ...(config.securityPolicy === undefined ? {} : securityPolicyHeaders(config.securityPolicy)),
    ...config.headers
  };
}

function parseRule(value: unknown, where: string): AssetRule {
  if (!isRecord(value)) throw new Error(`${where} is not an object`);
  const unknown = Object.keys(value).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) throw new Error(`${where} has the unknown field "${unknown}"`);
  const match = value['match'];
  if (typeof match !== 'string') throw new Error(`${where} needs a text in "match"`);
  return {
    matches: compileGlob(match),
    headers: parseHeaders(value['headers'], where),
    securityPolicy: parseSecurityPolicy(value['security_policy'], where),
    maxAgeSeconds: parseMaxAge(value['cache'], where),
    ignore: parseBoolean(value, 'ignore', where),
    enableAliasing: parseBoolean(value, 'enable_aliasing', where),
    allowRawAccess: parseBoolean(value, 'allow_raw_access', where),
    encodings: parseEncodings(value['encodings'], where)
  };
}

function parseSecurityPolicy(value: unknown, where: string): SecurityPolicy | undefined {
  if (value === undefined || isOneOf(SECURITY_POLICIES, value)) return value;
  throw new Error(`${where}: "security_policy" is one of ${SECURITY_POLICIES.join(', ')}`);
}

function parseEncodings(value: unknown, where: string): Encoding[] | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((encoding): encoding is Encoding => isOneOf(ENCODINGS, encoding))) return value;
  throw new Error(`${where}: "encodings" is a list of ${ENCODINGS.join(', ')}`);
}

function parseHeaders(value: unknown, where: string): Record<string, string> | null | undefined {
  if (value === undefined || value === null) return value;
  if (!isRecord(value)) throw new Error(`${where}: "headers" is an object or null`);
  return Object.fromEntries(
    Object.entries(value).map(([name, content]) => {
      if (typeof content !== 'string') throw new Error(`${where}: the header "${name}" is not a text`);
      return [name.toLowerCase(), content];
    })
  );
}

function parseMaxAge(value: unknown, where: string): number | undefined {
  if (value === undefined) return undefined;
  const maxAge = isRecord(value) ? value['max_age'] : null;
  if (maxAge === undefined) return undefined;
  if (typeof maxAge !== 'number' || !Number.isSafeInteger(maxAge) || maxAge < 0) {
    throw new Error(`${where}: "cache" is { "max_age": whole seconds }`);
  }
  return maxAge;
}

function parseBoolean(rule: Record<string, unknown>, field: string, where: string): boolean | undefined {
  const value = rule[field];
  if (value !== undefined && typeof value !== 'boolean') throw new Error(`${where}: "${field}" is true or false`);
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOneOf<T extends string>(values: readonly T[], value: unknown): value is T {
  return values.some((candidate) => candidate === value);
}
