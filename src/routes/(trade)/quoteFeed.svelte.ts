import type { AppError } from '$lib/errors/AppError';
import { asAppError } from '$lib/errors/asAppError';
import type { Quote, QuoteRequest } from '$lib/options/types';

type Ask = (request: QuoteRequest, signal: AbortSignal) => Promise<Quote>;

/** How long typing has to rest before the canister is asked. */
const REST_MS = 300;

/** The canister's quote for the ticket as it stands: asked once typing rests, and an outdated question is aborted. */
export class QuoteFeed {
  /** The newest answer; shown, and said to be out of date, until the next one comes. */
  quote = $state.raw<Quote | undefined>();
  error = $state.raw<AppError | undefined>();
  asking = $state(false);

  readonly #ask: Ask;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #controller: AbortController | undefined;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Asks for this request; undefined when there is nothing valid to ask. */
  follow(request: QuoteRequest | undefined): void {
    this.stop();
    this.error = undefined;
    if (!request) {
      this.quote = undefined;
      return;
    }
    this.asking = true;
    const controller = new AbortController();
    this.#controller = controller;
    this.#timer = setTimeout(() => void this.#fetch(request, controller), REST_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#controller?.abort();
    this.asking = false;
  }

  async #fetch(request: QuoteRequest, controller: AbortController): Promise<void> {
    try {
      const quote = await this.#ask(request, controller.signal);
      if (controller.signal.aborted) return; // a late answer to an old question
      this.quote = quote;
      this.error = undefined;
    } catch (error) {
      if (controller.signal.aborted) return;
      this.quote = undefined;
      this.error = asAppError(error);
    }
    this.asking = false;
  }
}
