import { fetchLimited } from './fetchLimited.ts';
import { IdentityError } from './IdentityError.ts';
import { checkOrigin } from './origin.ts';

const WELL_KNOWN_PATH = '/.well-known/ii-alternative-origins';
const TIMEOUT_MS = 5_000;
const MAX_BYTES = 64 * 1024;
/** The limit of Internet Identity: a list that is longer works nowhere, so it must not work here either. */
const MAX_ALTERNATIVE_ORIGINS = 10;

/**
 * The origin a site's principals are derived from: its own, or the derivation origin it asks for, if that one lists the site in
 * `/.well-known/ii-alternative-origins` (`{ "alternativeOrigins": ["https://..."] }`), as Internet Identity requires.
 *
 * @throws IdentityError saying why the site may not use that derivation origin.
 */
export async function resolveDerivationOrigin(siteOrigin: string, derivationOrigin: string | undefined): Promise<string> {
  checkOrigin(siteOrigin, 'The origin of the site');
  if (derivationOrigin === undefined || derivationOrigin === siteOrigin) return siteOrigin;
  checkOrigin(derivationOrigin, 'The derivation origin');
  const allowed = parseAlternativeOrigins(await fetchList(derivationOrigin), derivationOrigin);
  if (!allowed.includes(siteOrigin)) {
    throw new IdentityError(
      `${siteOrigin} asks for the identities of ${derivationOrigin}, but ${derivationOrigin}${WELL_KNOWN_PATH} does not list it.`
    );
  }
  return derivationOrigin;
}

async function fetchList(origin: string): Promise<string> {
  const address = origin + WELL_KNOWN_PATH;
  const missing = `The list of sites that may use the identities of ${origin} is missing: ${address}`;
  let answer: { status: number; body: string };
  try {
    // Redirects aren't followed: one would let whoever controls any address below the origin name another list.
    answer = await fetchLimited(address, { timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES });
  } catch (cause) {
    throw new IdentityError(`${missing} can't be read: ${cause instanceof Error ? cause.message : String(cause)}.`, { cause });
  }
  if (answer.status !== 200) throw new IdentityError(`${missing} answers with status ${answer.status}.`);
  return answer.body;
}

function parseAlternativeOrigins(body: string, origin: string): string[] {
  const shape = `${origin}${WELL_KNOWN_PATH} must contain { "alternativeOrigins": ["https://..."] }`;
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch (cause) {
    throw new IdentityError(`${shape}; it is not JSON.`, { cause });
  }
  const list = typeof parsed === 'object' && parsed !== null && 'alternativeOrigins' in parsed ? parsed.alternativeOrigins : undefined;
  if (!Array.isArray(list) || !list.every((entry): entry is string => typeof entry === 'string')) throw new IdentityError(`${shape}.`);
  if (list.length > MAX_ALTERNATIVE_ORIGINS) {
    throw new IdentityError(`${origin}${WELL_KNOWN_PATH} lists ${list.length} sites; at most ${MAX_ALTERNATIVE_ORIGINS} are allowed.`);
  }
  return list;
}
