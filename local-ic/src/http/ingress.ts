import { encodeWithSelfDescribedTag } from '@dfinity/cbor';
import type { CallResult, Engine } from '../engine/types.ts';
import { toHex, utf8 } from './bytes.ts';
import type { Certifier } from './certifier.ts';
import type { CallContent, Envelope } from './envelope.ts';
import type { IngressHistory } from './ingressHistory.ts';

/** How long a synchronous call waits for its answer before it tells the client to poll; real time. */
const SYNC_TIMEOUT_MS = 10_000;

type Reject = Extract<CallResult, { kind: 'reject' }>;

/** What a call endpoint answers: 200 with a body, or 202 ("accepted, poll for it"). */
type CallAnswer = { status: 200; body: Uint8Array } | { status: 202 };

interface IngressParts {
  engine: Pick<Engine, 'now' | 'submit' | 'refuse'>;
  history: IngressHistory;
  certifier: Certifier;
}

/**
 * Runs an authenticated update.
 * @param mode `async` answers as soon as the update is accepted; `sync` waits for its certificate, within limits
 */
export async function callCanister(
  { engine, history, certifier }: IngressParts,
  envelope: Envelope<CallContent>,
  mode: 'async' | 'sync'
): Promise<CallAnswer> {
  const { content, requestId } = envelope;
  if (history.get(requestId) === undefined) {
    const refusal = engine.refuse(content);
    if (refusal?.kind === 'reject') return { status: 200, body: encodeRefusal(refusal, mode) };
  }
  const request = history.submit(
    { id: requestId, sender: content.sender, canisterId: content.canisterId, expiry: content.ingressExpiry },
    () => engine.now(),
    () => engine.submit(content, toHex(requestId))
  );
  if (mode === 'async') return { status: 202 };
  if (request.result === undefined && !(await withinTime(request.answered))) return { status: 202 };
  const certificate = await certifier.certify([[utf8('request_status'), requestId]]);
  return { status: 200, body: encodeWithSelfDescribedTag({ status: 'replied', certificate }) };
}

function withinTime(answered: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), SYNC_TIMEOUT_MS);
    void answered.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

/** The two generations of the call endpoint name a refusal differently. */
function encodeRefusal({ code, message, errorCode }: Reject, mode: 'async' | 'sync'): Uint8Array {
  const refusal = { reject_code: code, reject_message: message, error_code: errorCode };
  return encodeWithSelfDescribedTag(mode === 'sync' ? { status: 'non_replicated_rejection', ...refusal } : refusal);
}
