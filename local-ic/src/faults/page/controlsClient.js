/**
 * Asks the network's fault controls. The header makes the browser refuse the same request from any other site.
 *
 * @param {'state' | 'add' | 'remove' | 'clear'} operation
 * @param {Record<string, unknown>} input
 * @returns {Promise<any>} The state afterwards; rejects with an Error whose message can be shown.
 */
export async function ask(operation, input = {}) {
  let response;
  try {
    response = await fetch(`/faults/${operation}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-fault-controls': '1' },
      body: JSON.stringify(input)
    });
  } catch {
    throw new Error('The local network doesn’t answer. Check that it is running; this page goes on by itself.');
  }
  const answer = await response.json().catch(() => undefined);
  if (response.ok && answer !== undefined && answer.error === undefined) return answer;
  throw new Error(answer?.error?.message ?? `The fault controls answered with status ${response.status}.`);
}
