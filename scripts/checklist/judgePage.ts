import { judgePolicy } from './judgePolicy.ts';

/** How the site answered for its page, and what it is to work with. */
export interface PageAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The page itself. */
  readonly body: string;
  readonly network: 'local' | 'ic';
  /** Where canister calls go. */
  readonly host: string;
  readonly site: string;
}

const HALF_A_YEAR_S = 15_768_000;

/** What is wrong with the page's headers, in words, and what was seen of them. */
export function judgePage({ status, headers, body, network, host, site }: PageAnswer): { faults: string[]; seen: string[] } {
  const faults: string[] = [];
  const require = (name: string, right: (value: string) => boolean, words: string): void => {
    const value = headers.get(name);
    if (value === null) faults.push(`no ${name}`);
    else if (!right(value)) faults.push(`${name} is "${value}": ${words}`);
  };
  if (status !== 200) faults.push(`the page answers ${status}`);
  require('Strict-Transport-Security', (value) =>
    Number(/max-age=(\d+)/u.exec(value)?.[1] ?? 0) >= HALF_A_YEAR_S, 'should last half a year at least');
  require('X-Content-Type-Options', (value) => value === 'nosniff', 'should be nosniff');
  require('X-Frame-Options', (value) => /^(DENY|SAMEORIGIN)$/iu.test(value), 'should be DENY');
  require('Referrer-Policy', (value) =>
    /^(no-referrer|same-origin|strict-origin)/u.test(value), 'tells other sites where people come from');
  require('Permissions-Policy', (value) => value.includes('camera=()'), 'should switch off what the app never uses');
  // same-origin would cut the login window off from the page that opened it.
  require('Cross-Origin-Opener-Policy', (value) =>
    value === 'same-origin-allow-popups', 'should be same-origin-allow-popups, or nobody can log in');
  require('Cache-Control', (value) => /no-cache|no-store|max-age=0/u.test(value), 'an old page would be kept after a deploy');
  const policy = judgePolicy(headers.get('Content-Security-Policy'), { html: body, network, host, site });
  faults.push(...policy.faults);
  const hsts = headers.get('Strict-Transport-Security') ?? 'none';
  return {
    faults,
    seen: [`${site} answers ${status}`, policy.seen, `HSTS ${hsts}`, `frames ${headers.get('X-Frame-Options') ?? 'allowed'}`]
  };
}
