import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Puts the page's own Content-Security-Policy into the response header: a policy in a header and one in a meta tag intersect, so the header must
 * carry the same script hashes as the page. `frame-ancestors`, which works only in a header, is added here.
 * @param {string} buildDir where the built index.html and .ic-assets.json5 are
 */
export async function writeSecurityHeader(buildDir) {
  const page = await readFile(join(buildDir, 'index.html'), 'utf8');
  const policy = /<meta http-equiv="content-security-policy" content="([^"]+)"/.exec(page)?.[1];
  if (!policy) throw new Error('The built index.html has no Content-Security-Policy meta tag: check kit.csp in svelte.config.js');
  const assets = join(buildDir, '.ic-assets.json5');
  const rules = await readFile(assets, 'utf8');
  if (!rules.includes('{{page-policy}}')) throw new Error('static/.ic-assets.json5 has no {{page-policy}} to fill in');
  await writeFile(assets, rules.replaceAll('{{page-policy}}', `${policy}; frame-ancestors 'none'`));
}
