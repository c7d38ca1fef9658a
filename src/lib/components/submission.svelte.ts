import type { AppError } from '$lib/errors/AppError';
import { asAppError } from '$lib/errors/asAppError';
import { Intent } from './intent.svelte';

/** A form that moves money: sends each intended request once, under one id, and says what became of it until it is put away. */
export class Submission<T, R> {
  busy = $state(false);
  failure = $state.raw<AppError | undefined>();
  result = $state.raw<R | undefined>();

  readonly intent: Intent<T>;
  readonly #send: (id: string, request: T) => Promise<R>;

  constructor(name: string, send: (id: string, request: T) => Promise<R>) {
    this.intent = new Intent<T>(name);
    this.#send = send;
  }

  /** Resolves to whether it was done. */
  async submit(wanted: T): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.failure = undefined;
    this.result = undefined;
    const { id, request } = this.intent.begin(wanted);
    try {
      this.succeed(await this.#send(id, request));
      return true;
    } catch (error) {
      this.intent.fail(error);
      this.failure = asAppError(error);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** The same request under the same id. */
  async retry(): Promise<boolean> {
    return this.intent.unresolved ? this.submit(this.intent.unresolved.request) : false;
  }

  /** The outcome is known, from an answer or from reading back. */
  succeed(result: R): void {
    this.intent.resolve();
    this.failure = undefined;
    this.result = result;
  }

  giveUp(): void {
    this.intent.resolve();
    this.failure = undefined;
  }
}
