import { encodeWithSelfDescribedTag } from '@dfinity/cbor';
import { Principal } from '@dfinity/principal';
import type { CallResult, Engine } from '../engine/types.ts';
import { utf8 } from './bytes.ts';
import type { Certifier } from './certifier.ts';
import type { CallContent, Envelope } from './envelope.ts';
import type { IngressHistory } from './ingressHistory.ts';

/** How long a synchronous call waits for its answer before it tells the client to poll; real time. */
const SYNC_TIMEOUT_MS = 10_000;

type Reject = Extract<CallResult, { kind: 'reject' }>;

/** What a call endpoint answers: 200 with a body, or 202 ("accepted, poll for it"). */
type CallAnswer = { status: 200; body: Uint8Array } | { status: 202 };

interface IngressParts {
  engine: Pick<Engine, 'now' | 'update' | 'canister'>;
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
    const refusal = refuseIngress(engine, content);
    if (refusal !== undefined) return { status: 200, body: encodeRefusal(refusal, mode) };
  }
  const request = history.submit(
    { id: requestId, sender: content.sender, canisterId: content.canisterId, expiry: content.ingressExpiry },
    () => engine.now(),
    () => engine.update(content)
  );
  if (mode === 'async') return { status: 202 };
  if (request.result === undefined && !(await withinTime(request.answered))) return { status: 202 };
  if (request.result !== undefined && isIngressRefusal(request.result, content.canisterId)) {
    history.withdraw(requestId, engine.now());
    return { status: 200, body: encodeRefusal(request.result, mode) };
  }
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

/**
 * Why a message would not even be taken in: the real network's nodes refuse it before consensus, so there is no certificate and no trace of
 * it in the state tree.
 */
function refuseIngress(engine: Pick<Engine, 'canister'>, { canisterId, method }: CallContent): Reject | undefined {
  if (canisterId.toText() === Principal.managementCanister().toText()) return undefined;
  const id = canisterId.toText();
  const canister = engine.canister(canisterId);
  if (canister === undefined) return { kind: 'reject', code: 3, message: `Canister ${id} not found`, errorCode: 'IC0301' };
  if (canister.status === 'stopped') return { kind: 'reject', code: 5, message: `Canister ${id} is stopped`, errorCode: 'IC0508' };
  if (canister.status === 'stopping') return { kind: 'reject', code: 5, message: `Canister ${id} is stopping`, errorCode: 'IC0509' };
  if (canister.moduleHash === undefined) {
    return {
      kind: 'reject',
      code: 5,
      message: `Error from Canister ${id}: Attempted to execute a message on method ${method.slice(0, 100)}, but the canister contains no Wasm module.`,
      errorCode: 'IC0537'
    };
  }
  return undefined;
}

/** Whether the canister's inspect_message turned the message away: then, too, nothing of it may be left in the state tree. */
function isIngressRefusal(result: CallResult, canisterId: Principal): result is Reject {
  if (result.kind === 'reply' || result.errorCode !== 'IC0406') return false;
  return result.message === `Error from Canister ${canisterId.toText()}: Canister rejected the message`;
}

/** The two generations of the call endpoint name a refusal differently. */
function encodeRefusal({ code, message, errorCode }: Reject, mode: 'async' | 'sync'): Uint8Array {
  const refusal = { reject_code: code, reject_message: message, error_code: errorCode };
  return encodeWithSelfDescribedTag(mode === 'sync' ? { status: 'non_replicated_rejection', ...refusal } : refusal);
}
