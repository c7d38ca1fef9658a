/**
 * The window protocol of Internet Identity, as @dfinity/auth-client speaks it: we say that we are ready, the site that opened us
 * asks, and one answer goes back to exactly that site.
 *
 * @typedef {{ origin: string, sessionPublicKey: Uint8Array, maxTimeToLive: bigint | undefined, derivationOrigin: string | undefined }} LoginRequest
 */

/** What auth-client itself reports when the window is closed: to a site, declining is the same thing. */
const USER_INTERRUPT = 'UserInterrupt';

/**
 * Waits for the opener's request. Only the first one counts: from then on no message can change who gets the answer.
 *
 * @param {Window} opener
 * @param {(request: LoginRequest, channel: { succeed: (answer: object) => void, fail: (text: string) => void, decline: () => void }) => void} onRequest
 * @param {(text: string) => void} onMalformed
 */
export function awaitLoginRequest(opener, onRequest, onMalformed) {
  /** @param {MessageEvent} event */
  function receive(event) {
    if (event.source !== opener || event.data?.kind !== 'authorize-client') return;
    window.removeEventListener('message', receive);
    const { origin } = event;
    /** @param {object} message */
    const post = (message) => {
      // A page without an address of its own (a file, a sandbox) can't be named as a receiver, so it gets no answer.
      if (origin !== 'null') opener.postMessage(message, origin);
    };
    /** @param {string} text */
    const fail = (text) => post({ kind: 'authorize-client-failure', text });
    const problem = problemWith(event.data);
    if (problem !== undefined) {
      fail(problem);
      onMalformed(problem);
      return;
    }
    const { sessionPublicKey, maxTimeToLive, derivationOrigin } = event.data;
    onRequest(
      { origin, sessionPublicKey: new Uint8Array(sessionPublicKey), maxTimeToLive, derivationOrigin },
      {
        // Every login here counts as one with a passkey: sites that refuse weaker methods must be testable too.
        succeed: (answer) => post({ kind: 'authorize-client-success', authnMethod: 'passkey', ...answer }),
        fail,
        decline: () => fail(USER_INTERRUPT)
      }
    );
  }
  window.addEventListener('message', receive);
  // Whoever opened us isn't known yet; the message says nothing but that we listen.
  opener.postMessage({ kind: 'authorize-ready' }, '*');
}

/** @param {any} data */
function problemWith(data) {
  const { sessionPublicKey, maxTimeToLive, derivationOrigin } = data;
  if (!(sessionPublicKey instanceof Uint8Array || sessionPublicKey instanceof ArrayBuffer)) return 'The site sent no session key.';
  if (maxTimeToLive !== undefined && typeof maxTimeToLive !== 'bigint') return 'The site sent a lifetime that is not a whole number.';
  if (derivationOrigin !== undefined && typeof derivationOrigin !== 'string')
    return 'The site sent a derivation origin that is not a text.';
  return undefined;
}
