import type { AppError } from '$lib/errors/AppError';
import { asAppError } from '$lib/errors/asAppError';
import type { RowPage } from '$lib/services/types';

export type LoadPage<Row> = (after: bigint | undefined, limit: number) => Promise<RowPage<Row>>;

const PAGE_SIZE = 25;

/** A long list, one page at a time, by the canister's own cursors. A failed page leaves the last one on screen. */
export class Paged<Row> {
  rows = $state.raw<Row[] | undefined>();
  next = $state.raw<bigint | undefined>();
  error = $state.raw<AppError | undefined>();
  loading = $state(false);
  updatedAt = $state<number | undefined>();
  /** 1 for the first page. */
  number = $state(1);

  readonly #load: LoadPage<Row>;
  /** Where each page up to this one begins. */
  #starts: (bigint | undefined)[] = [undefined];
  #asked = 0;

  constructor(load: LoadPage<Row>) {
    this.#load = load;
  }

  refresh = (): Promise<void> => this.#show(this.#starts);

  forward = (): Promise<void> => (this.next === undefined ? Promise.resolve() : this.#show([...this.#starts, this.next]));

  back = (): Promise<void> => (this.#starts.length === 1 ? Promise.resolve() : this.#show(this.#starts.slice(0, -1)));

  async #show(starts: (bigint | undefined)[]): Promise<void> {
    const asked = ++this.#asked;
    this.loading = true;
    try {
      const page = await this.#load(starts.at(-1), PAGE_SIZE);
      if (asked !== this.#asked) return; // the answer to a question that was replaced
      this.#starts = starts;
      this.number = starts.length;
      this.rows = page.rows;
      this.next = page.next;
      this.updatedAt = Date.now();
      this.error = undefined;
    } catch (error) {
      if (asked !== this.#asked) return;
      this.error = asAppError(error);
    }
    this.loading = false;
  }
}
