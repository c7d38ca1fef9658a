import type { OutcallRequest, OutcallResult, Outcalls } from './Outcalls.ts';
import { performOutcall } from './performOutcall.ts';

/** The IC's limit of a request, real time. */
const TIMEOUT_MS = 30_000;

/** Performs canisters' HTTP requests, outside of the rounds: requests are read from the state, and each result goes back as an input. */
export class OutcallRunner {
  readonly #outcalls: Outcalls;
  readonly #deliver: (id: number, result: OutcallResult) => void;
  readonly #timeoutMs: number;
  readonly #running = new Map<number, Promise<void>>();
  readonly #closing = new AbortController();

  constructor(outcalls: Outcalls, deliver: (id: number, result: OutcallResult) => void, timeoutMs = TIMEOUT_MS) {
    this.#outcalls = outcalls;
    this.#deliver = deliver;
    this.#timeoutMs = timeoutMs;
  }

  /** Begins every pending request that isn't under way. */
  start(): void {
    const { pending } = this.#outcalls;
    if (pending.size === this.#running.size || this.#closing.signal.aborted) return;
    for (const [id, request] of pending) {
      if (!this.#running.has(id)) this.#running.set(id, this.#perform(id, request));
    }
  }

  /** Waits until one of the requests under way has its result. @returns false at once when there is none */
  async next(): Promise<boolean> {
    if (this.#running.size === 0) return false;
    await Promise.race(this.#running.values());
    return true;
  }

  /** Ends the requests under way; they stay pending. */
  close(): void {
    this.#closing.abort();
  }

  async #perform(id: number, request: OutcallRequest): Promise<void> {
    const { signal } = this.#closing;
    const result = await performOutcall(request, signal, this.#timeoutMs);
    this.#running.delete(id);
    if (!signal.aborted) this.#deliver(id, result);
  }
}
