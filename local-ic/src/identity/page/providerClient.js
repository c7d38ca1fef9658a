/**
 * Asks the provider's own server. The header makes the browser refuse the same request from any other site.
 *
 * @param {'list' | 'create' | 'request' | 'delegate'} operation
 * @param {Record<string, string | undefined>} input
 * @returns {Promise<any>} The answer; rejects with an Error whose message can be shown.
 */
export async function ask(operation, input = {}) {
  let response;
  try {
    response = await fetch(`/provider/${operation}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-identity-provider': '1' },
      body: JSON.stringify(input)
    });
  } catch {
    throw new Error('The local network doesn’t answer. Check that it is running, then try again.');
  }
  const answer = await response.json().catch(() => undefined);
  if (response.ok && answer !== undefined && answer.error === undefined) return answer;
  throw new Error(answer?.error?.message ?? `The identity provider answered with status ${response.status}.`);
}

/** @param {Uint8Array} bytes */
export function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {string} hex */
export function fromHex(hex) {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
