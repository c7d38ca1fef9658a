import type { RequestFacts } from '../faults/types.ts';
import { parsePath } from './api.ts';
import { parseCallEnvelope } from './envelope.ts';
import { HttpError } from './HttpError.ts';
import { parsePrincipalText } from './principalText.ts';

/** What can be said about a request before it is judged; of a malformed one, or one that was not read yet, only what its address says. */
export function requestFacts(path: string, body?: Uint8Array): RequestFacts {
  const route = parsePath(path);
  const facts: RequestFacts = { endpoint: route?.operation ?? 'status', canisterId: undefined, method: undefined, requestId: undefined };
  if (route === undefined) return facts;
  if (route.subject === 'canister') facts.canisterId = canisterId(route.id);
  if (body === undefined || route.operation === 'read_state') return facts;
  try {
    const { content, requestId } = parseCallEnvelope(body, route.operation);
    return { ...facts, method: content.method, requestId };
  } catch (error) {
    if (error instanceof HttpError) return facts;
    throw error;
  }
}

function canisterId(text: string): string | undefined {
  try {
    return parsePrincipalText(decodeURIComponent(text)).toText();
  } catch {
    return undefined;
  }
}
