import { judged, skipped, type Check } from '../finding.ts';
import { judgeAlternativeOrigins } from '../judgeAlternativeOrigins.ts';
import { judgePage } from '../judgePage.ts';

/** A canister's own address on the boundary: its raw twin answers uncertified, unless the assets forbid it. */
const CANISTER_SITE = /^https:\/\/(?<id>[a-z0-9-]+)\.(?<domain>icp0\.io|ic0\.app|icp\.net)$/u;

async function answer(url: string | URL, init: RequestInit = {}): Promise<{ status: number; headers: Headers; body: string }> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(30_000) });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

/** Headers, Content-Security-Policy and the files beside the page, as a browser gets them. */
export const siteHeaders: Check = {
  name: 'site: headers, CSP',
  run: async ({ plan, config }) => {
    const { site } = plan;
    if (site === undefined) return skipped('no --site was given: the configuration is not deployed yet');
    const page = await answer(site);
    const { faults, seen } = judgePage({ ...page, network: plan.network, host: config.host, site });

    const asset = /["'(/.]+(?<path>_app\/immutable\/[\w./-]+\.(?:js|css))/u.exec(page.body)?.groups?.['path'];
    if (asset === undefined) faults.push('index.html names no hashed asset');
    else {
      const { status, headers } = await answer(`${site}/${asset}`);
      const cache = headers.get('cache-control') ?? 'not set';
      if (status !== 200 || !cache.includes('immutable'))
        faults.push(`${asset} answers ${status} with Cache-Control ${cache}: should be immutable`);
      seen.push(`hashed asset Cache-Control: ${cache}`);
    }
    const { headers: configHeaders } = await answer(`${site}/config.json`);
    const configCache = configHeaders.get('cache-control') ?? 'not set';
    if (!/no-store|no-cache/u.test(configCache)) faults.push(`config.json may be cached (${configCache}): a switch would come late`);

    // People keep the principals of the old address only if that address allows this one.
    const origin = config.derivationOrigin === undefined ? undefined : new URL(config.derivationOrigin).origin;
    if (origin === undefined || origin === site) seen.push('no other derivation origin');
    else {
      const list = await answer(`${origin}/.well-known/ii-alternative-origins`, { redirect: 'manual' });
      faults.push(...judgeAlternativeOrigins(list, site));
      seen.push(`${origin}/.well-known/ii-alternative-origins: ${list.status}`);
    }
    const { id, domain } = CANISTER_SITE.exec(site)?.groups ?? {};
    if (id === undefined || domain === undefined) seen.push('raw access: not to be seen at this address');
    else {
      const { status } = await answer(`https://${id}.raw.${domain}/`, { redirect: 'manual' });
      if (status === 200) faults.push(`the raw domain serves the page uncertified: allow_raw_access is on`);
      seen.push(`raw domain: ${status}`);
    }
    return judged(faults, seen.join('; '));
  }
};
