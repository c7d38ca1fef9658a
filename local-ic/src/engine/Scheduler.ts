import { MessageQueue, type Message } from './messages.ts';

/** How long messages run on end before timers and sockets of the process get a turn. */
const SLICE_MS = 8;
/** How long calls already begun may take to end when somebody asks for that; some canisters call each other without end. */
const FINISHING_MS = 100;

/** Runs the queued messages one after the other, in slices that leave the process responsive. */
export class Scheduler {
  readonly #queue = new MessageQueue();
  readonly #handle: (message: Message) => void;
  readonly #onPause: () => void;
  readonly #onIdle: () => void;
  #running = false;
  #inIdle = false;
  #closed = false;
  #waiting: (() => void)[] = [];

  /**
   * @param onPause called when a slice is over and messages are left
   * @param onIdle called when none are left; it may queue more
   */
  constructor(handle: (message: Message) => void, onPause: () => void, onIdle: () => void) {
    this.#handle = handle;
    this.#onPause = onPause;
    this.#onIdle = onIdle;
  }

  push(message: Message): void {
    this.#queue.push(message);
    this.#wake();
  }

  /** Whether no message is queued. */
  get isIdle(): boolean {
    return this.#queue.length === 0 && !this.#running;
  }

  /** Resolves when no message is queued. */
  idle(): Promise<void> {
    if (this.isIdle) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /**
   * Runs what continues calls already begun, and leaves new ones waiting: afterwards no call is half done, unless one waits for
   * something that isn't a message. Gives up after a while.
   */
  finishBegunWork(): void {
    for (const end = performance.now() + FINISHING_MS; performance.now() < end;) {
      const message = this.#queue.takeInner();
      if (message === undefined) return;
      this.#handle(message);
    }
  }

  /** Runs nothing more; what is queued stays. */
  close(): void {
    this.#closed = true;
  }

  #wake(): void {
    if (this.#running) return;
    this.#running = true;
    // Work that comes of being idle may come again and again, as timers without delay do: the rest of the process must get its turn.
    if (this.#inIdle) setImmediate(() => this.#runSlice());
    else queueMicrotask(() => this.#runSlice());
  }

  #runSlice(): void {
    if (this.#closed) return;
    const end = performance.now() + SLICE_MS;
    for (let message = this.#queue.take(); message !== undefined; message = this.#queue.take()) {
      this.#handle(message);
      if (performance.now() > end) {
        this.#onPause();
        setImmediate(() => this.#runSlice());
        return;
      }
    }
    this.#running = false;
    this.#inIdle = true;
    this.#onIdle();
    this.#inIdle = false;
    // What runs on idle may have queued more.
    if (this.#running) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
