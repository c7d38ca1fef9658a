import { createHash } from 'node:crypto';

export interface PolicyUse {
  /** The page the policy came with. */
  readonly html: string;
  readonly network: 'local' | 'ic';
  /** Where canister calls go. */
  readonly host: string;
  readonly site: string;
}

/** Sources that let anybody's script run. */
const LOOSE = new Set(["'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'", '*', 'http:', 'https:', 'data:', 'blob:']);
const LOCAL_ADDRESS = /localhost|127\.0\.0\.1|\[::1\]/iu;

/** What is wrong with a Content-Security-Policy header, in words, and what was seen of it. */
export function judgePolicy(header: string | null, use: PolicyUse): { faults: string[]; seen: string } {
  if (header === null) return { faults: ['no Content-Security-Policy'], seen: 'no CSP' };
  const directives = parse(header);
  const sourcesOf = (name: string): readonly string[] | undefined => directives.get(name);
  const fetching = (name: string): readonly string[] | undefined => sourcesOf(name) ?? sourcesOf('default-src');
  const faults: string[] = [];

  const scripts = fetching('script-src');
  if (scripts === undefined) faults.push('CSP: neither script-src nor default-src, so any script runs');
  for (const source of scripts ?? []) if (LOOSE.has(source.toLowerCase())) faults.push(`CSP: script-src has ${source}`);
  const inline = inlineScripts(use.html);
  const unlisted = inline.filter(
    (script) => scripts?.includes(`'sha256-${createHash('sha256').update(script).digest('base64')}'`) !== true
  );
  if (unlisted.length > 0)
    faults.push(`CSP: the hashes of ${unlisted.length} of ${inline.length} inline scripts are missing, so the app won't start`);
  const fallback = sourcesOf('default-src')?.join(' ');
  if (fallback !== "'none'" && fallback !== "'self'") faults.push(`CSP: default-src is ${fallback ?? 'not set'}, should be 'none'`);
  for (const source of fetching('style-src') ?? [])
    if (source.toLowerCase() === "'unsafe-inline'") faults.push("CSP: style-src has 'unsafe-inline'");
  for (const name of ['base-uri', 'form-action', 'frame-ancestors']) {
    const sources = sourcesOf(name)?.join(' ');
    if (sources !== "'none'" && sources !== "'self'") faults.push(`CSP: ${name} is ${sources ?? 'not set'}, should be 'none'`);
  }
  const calls = fetching('connect-src') ?? [];
  const { origin } = new URL(use.host);
  const allowed = calls.includes(origin) || (origin === new URL(use.site).origin && calls.includes("'self'"));
  if (!allowed) faults.push(`CSP: connect-src does not allow ${origin}, where canister calls go`);
  if (calls.includes('*')) faults.push('CSP: connect-src has *');
  if (use.network === 'ic' && LOCAL_ADDRESS.test(header)) faults.push('CSP: names an address of the local machine on mainnet');
  return {
    faults,
    seen: `CSP script-src ${scripts?.join(' ') ?? 'not set'}, ${inline.length} inline scripts, ${inline.length - unlisted.length} of them hashed`
  };
}

/** By directive; of one that is written twice the first counts, as in browsers. */
function parse(header: string): Map<string, readonly string[]> {
  const directives = new Map<string, readonly string[]>();
  for (const part of header.split(';')) {
    const [name, ...sources] = part.trim().split(/\s+/u);
    if (name !== undefined && name !== '' && !directives.has(name.toLowerCase())) directives.set(name.toLowerCase(), sources);
  }
  return directives;
}

function inlineScripts(html: string): string[] {
  return [...html.matchAll(/<script(?<attributes>[^>]*)>(?<code>[\s\S]*?)<\/script>/giu)]
    .filter(({ groups }) => !/\ssrc\s*=/iu.test(groups?.['attributes'] ?? ''))
    .map(({ groups }) => groups?.['code'] ?? '');
}
