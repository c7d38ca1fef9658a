import { IdentityError } from './IdentityError.ts';

/**
 * Checks that a text is the serialised origin of a web page ("https://example.org", no path, default port left out): keys are
 * derived from it byte by byte, so "https://example.org/" must not quietly become another identity.
 *
 * @param what How the message names it, such as "The site's origin".
 */
export function checkOrigin(origin: string, what: string): string {
  let url: URL;
  try {
    url = new URL(origin);
  } catch (cause) {
    throw new IdentityError(`${what} is not an address: ${quote(origin)}`, { cause });
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new IdentityError(`${what} must be an http or https address: ${quote(origin)}`);
  }
  if (url.origin !== origin) {
    throw new IdentityError(`${what} must be written as ${url.origin}, without a path: ${quote(origin)}`);
  }
  return origin;
}

function quote(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
