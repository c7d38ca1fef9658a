import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { judgePage } from './judgePage.ts';

const code = 'start()';
const hash = `'sha256-${createHash('sha256').update(code).digest('base64')}'`;
const policy =
  `default-src 'none'; script-src 'self' ${hash}; style-src 'self'; connect-src 'self' https://icp-api.io; ` +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const good: Record<string, string> = {
  'Content-Security-Policy': policy,
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': 'camera=(), microphone=()',
  'Cross-Origin-Opener-Policy': 'same-origin-allow-popups',
  'Cache-Control': 'no-cache'
};
const page = `<script type="module" src="/x.js"></script><script>${code}</script>`;

function faultsOf(change: Record<string, string | undefined> = {}, use: { body?: string; status?: number; host?: string } = {}): string {
  const headers = new Headers();
  for (const [name, value] of Object.entries({ ...good, ...change })) if (value !== undefined) headers.set(name, value);
  const { faults } = judgePage({
    ...{ status: 200, body: page, network: 'ic', host: 'https://icp-api.io', site: 'https://example.org' },
    ...use,
    headers
  });
  return faults.join('\n');
}
const withPolicy = (from: string, to: string): string => faultsOf({ 'Content-Security-Policy': policy.replace(from, to) });

describe('the headers of the page', () => {
  it('are right as the build writes them', () => {
    expect(faultsOf()).toBe('');
    expect(faultsOf({}, { host: 'https://example.org' })).toBe('');
  });

  it.each(Object.keys(good))('without %s is no-go', (name) => {
    expect(faultsOf({ [name]: undefined })).toContain(name);
  });

  it.each([
    ['Strict-Transport-Security', 'max-age=300'],
    ['Strict-Transport-Security', 'includeSubDomains'],
    ['X-Content-Type-Options', 'sniff'],
    ['X-Frame-Options', 'ALLOWALL'],
    ['Referrer-Policy', 'unsafe-url'],
    ['Permissions-Policy', 'camera=*'],
    ['Cross-Origin-Opener-Policy', 'same-origin'],
    ['Cache-Control', 'max-age=86400']
  ])('%s: %s is no-go', (name, value) => {
    expect(faultsOf({ [name]: value })).toContain(`${name} is "${value}"`);
  });

  it('name a page that is not there', () => {
    expect(faultsOf({}, { status: 404 })).toContain('answers 404');
  });
});

describe('the Content-Security-Policy', () => {
  it.each(["'unsafe-inline'", "'unsafe-eval'", '*', 'https:', 'data:'])('may not let scripts run by %s', (source) => {
    expect(withPolicy("script-src 'self'", `script-src 'self' ${source}`)).toContain(`script-src has ${source}`);
  });

  it.each([
    [`script-src 'self' ${hash}; `, "script-src 'self'; ", 'hashes of 1 of 1 inline scripts'],
    [`script-src 'self' ${hash}; `, '', 'hashes of 1 of 1 inline scripts'],
    ["default-src 'none'; ", '', 'default-src is not set'],
    ["default-src 'none'", 'default-src *', 'default-src is *'],
    ["style-src 'self'", "style-src 'self' 'unsafe-inline'", "style-src has 'unsafe-inline'"],
    ["base-uri 'none'; ", '', 'base-uri is not set'],
    ["; frame-ancestors 'none'", '', 'frame-ancestors is not set'],
    ["frame-ancestors 'none'", 'frame-ancestors https://example.com', 'frame-ancestors is https://example.com'],
    [' https://icp-api.io', '', 'connect-src does not allow https://icp-api.io'],
    [' https://icp-api.io', ' https://icp-api.io http://localhost:4943', 'local machine on mainnet'],
    // Of two directives of one name the first counts.
    ["default-src 'none'", "script-src *; default-src 'none'", 'script-src has *']
  ])('%s -> %s is no-go', (from, to, words) => {
    expect(withPolicy(from, to)).toContain(words);
  });

  it('must carry the hash of the script that is there, not of another', () => {
    expect(faultsOf({}, { body: page.replace(code, 'steal()') })).toContain('hashes of 1 of 1 inline scripts');
  });
});
