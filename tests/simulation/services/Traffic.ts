import { Agent, request, type IncomingMessage } from 'node:http';

/** Turns of the event loop without a request after which none will follow: a change in the database, for which a request may wait, takes some. */
const QUIET_TURNS = 30;

/**
 * The requests of everybody in a simulation. Real time must not decide what meets what: the clocks go on only when nothing is under way, so how
 * fast the machine is, or how busy, changes nothing.
 */
export class Traffic {
  readonly #connections = new Agent({ keepAlive: true });
  requests = 0;
  #underWay = 0;
  #waiting: (() => void)[] = [];

  /** The connection that works. By node:http: the built-in fetch takes three times as long, and there are a hundred thousand requests. */
  fetch: typeof fetch = async (input, init) => {
    this.requests += 1;
    this.#underWay += 1;
    try {
      return await this.#send(input instanceof Request ? input.url : input, init ?? {});
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) for (const resume of this.#waiting.splice(0)) resume();
    }
  };

  /** Until everything has been answered and what the answers led to has sent nothing more. */
  async settled(): Promise<void> {
    for (let turns = 0; turns < QUIET_TURNS; turns += 1) {
      if (this.#underWay > 0) {
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
        turns = 0;
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  close(): void {
    this.#connections.destroy();
  }

  #send(url: string | URL, { method = 'GET', headers, body, signal }: RequestInit): Promise<Response> {
    return new Promise((resolve, reject) => {
      const failed = (cause: unknown): void => reject(signal?.aborted === true ? signal.reason : new TypeError('fetch failed', { cause }));
      const options = { method, headers: Object.fromEntries(new Headers(headers)), agent: this.#connections, signal: signal ?? undefined };
      const sent = request(url, options, (answer) => void whole(answer, String(url)).then(resolve, failed));
      sent.on('error', failed);
      sent.end(body instanceof Uint8Array ? body : undefined);
    });
  }
}

async function whole(answer: IncomingMessage, url: string): Promise<Response> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const headers = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value])
  );
  const response = new Response(Buffer.concat(chunks), { status: answer.statusCode ?? 0, headers });
  Object.defineProperty(response, 'url', { value: url });
  return response;
}
