export type Fault = (typeof FAULTS)[number];

export const FAULTS = [
  'lost before',
  'lost after',
  'late',
  'twice',
  'hangs',
  'truncated',
  'corrupted',
  '429',
  '429 with Retry-After',
  '503',
  '503 with Retry-After',
  '504'
] as const;

/**
 * A connection of which a share of the requests goes wrong. What happens to a request depends on the seed and on how many there were before it, on
 * nothing else. (The embedded network's own fault rules are drawn for all clients together: with many visits at once their order is not the same
 * in every run.)
 */
export class FaultyWire {
  down = false;
  requests = 0;
  readonly happened = new Map<Fault, number>();
  readonly #send: typeof fetch;
  readonly #random: () => number;
  #percent: number;

  /** @param send the connection that works */
  constructor(seed: number, percent: number, send: typeof fetch = fetch) {
    this.#send = send;
    this.#random = mulberry32(seed);
    this.#percent = percent;
  }

  heal(): void {
    this.#percent = 0;
    this.down = false;
  }

  fetch: typeof fetch = async (input, init) => {
    this.requests += 1;
    // Drawn for every request, so that what happens to one doesn't depend on when the wire is healed.
    const [chance, which, detail] = [this.#random() * 100, this.#random(), this.#random()];
    if (this.down) throw new TypeError('the wire is cut');
    const fault = FAULTS[Math.floor(which * FAULTS.length)];
    // A local network's key is believed as it comes (on mainnet it is built in): a wrong one would stay wrong until the page is loaded again.
    const isKey = new URL(input instanceof Request ? input.url : input).pathname.endsWith('/status');
    if (chance >= this.#percent || fault === undefined || (isKey && (fault === 'corrupted' || fault === 'truncated')))
      return this.#send(input, init);
    this.happened.set(fault, (this.happened.get(fault) ?? 0) + 1);
    switch (fault) {
      case 'lost before':
        throw new TypeError('the wire is cut');
      case 'lost after':
        await this.#send(input, init);
        throw new TypeError('the wire is cut');
      case 'late':
        await pause(1_000 + detail * 11_000);
        return this.#send(input, init);
      case 'twice':
        await this.#send(input, init);
        return this.#send(input, init);
      case 'hangs':
        return hanging(init?.signal);
      case 'truncated':
        return changed(await this.#send(input, init), (body) => body.slice(0, Math.floor(body.length * detail)));
      case 'corrupted':
        return changed(await this.#send(input, init), (body) => flipped(body, detail));
      case '429':
      case '503':
      case '504':
        return new Response('', { status: Number(fault) });
      case '429 with Retry-After':
      case '503 with Retry-After':
        return new Response('', { status: Number(fault.slice(0, 3)), headers: { 'retry-after': `${1 + Math.floor(detail * 9)}` } });
    }
  };
}

/** A small generator of numbers from 0 to 1 (Mulberry32, by Tommy Ettinger, in the public domain). */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function hanging(signal: AbortSignal | null | undefined): Promise<Response> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new DOMException('given up', 'AbortError'))));
}

async function changed(response: Response, change: (body: Uint8Array) => Uint8Array): Promise<Response> {
  const body = new Uint8Array(change(new Uint8Array(await response.arrayBuffer())));
  return new Response(body, { status: response.status, headers: { 'content-type': response.headers.get('content-type') ?? '' } });
}

function flipped(body: Uint8Array, where: number): Uint8Array {
  const copy = body.slice();
  const index = Math.min(Math.floor(where * copy.length), copy.length - 1);
  copy[index] = (copy[index] ?? 0) ^ 0x10;
  return copy;
}
