/** A page's connection that counts: requests, and the bytes of their bodies and of the answers'. */
export class Meter {
  requests = 0;
  bytes = 0;

  reset(): void {
    this.requests = 0;
    this.bytes = 0;
  }

  fetch: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    this.requests += 1;
    this.bytes += init?.body instanceof Uint8Array ? init.body.byteLength : 0;
    this.bytes += (await response.clone().arrayBuffer()).byteLength;
    return response;
  };
}
