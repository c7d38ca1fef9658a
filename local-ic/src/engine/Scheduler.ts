import { MessageQueue, type Message } from './messages.ts';

/** How long a round lasts, before timers and sockets of the process get a turn. */
const ROUND_MS = 8;

export interface RoundHooks {
  /** A round begins: time stands still, and what time has set off is queued. */
  begin(): void;
  handle(message: Message): void;
  /** The round is over; nobody has learnt yet what came of it. */
  end(messages: number): void;
  /** Whether time has set something off that isn't queued. */
  isDue(): boolean;
  /** No message is queued and nothing is due. */
  onIdle(): void;
}

/** Runs the queued messages one after the other, in rounds that leave the process responsive. */
export class Scheduler {
  readonly #hooks: RoundHooks;
  #queue = new MessageQueue();
  #started = false;
  #running = false;
  #closed = false;
  #waiting: (() => void)[] = [];

  constructor(hooks: RoundHooks) {
    this.#hooks = hooks;
  }

  /** The queued messages, in their order. */
  get queued(): readonly Message[] {
    return this.#queue.all();
  }

  push(message: Message): void {
    this.#queue.push(message);
    this.wake();
  }

  /** As `push`, for a message that comes before all others. */
  pushFirst(message: Message): void {
    this.#queue.pushFirst(message);
    this.wake();
  }

  /** Begins to run rounds. Before that what is pushed waits: a round that ran while the state is still being brought back would be kept nowhere. */
  start(): void {
    this.#started = true;
    this.wake();
  }

  /** Has a round run soon, even if nothing is queued. */
  wake(): void {
    if (!this.#started || this.#running || this.#closed) return;
    this.#running = true;
    queueMicrotask(() => this.#turn());
  }

  /** Queues messages without running them: for a state that is being brought back. */
  restore(messages: readonly Message[]): void {
    for (const message of messages) this.#queue.push(message);
  }

  /** Runs a round of exactly so many messages at once. @throws Error when there aren't so many */
  replay(messages: number): void {
    this.#hooks.begin();
    for (let handled = 0; handled < messages; handled++) {
      const message = this.#queue.take();
      if (message === undefined) throw new Error(`${messages} messages ran in a round that now has only ${handled}`);
      this.#hooks.handle(message);
    }
    this.#hooks.end(messages);
  }

  /** Whether no message is queued and no round is about to run. */
  get isIdle(): boolean {
    return this.#queue.length === 0 && !this.#running;
  }

  /** Resolves when no message is queued and no round is about to run. */
  idle(): Promise<void> {
    if (this.isIdle) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Runs nothing more; what is queued stays. */
  close(): void {
    this.#closed = true;
  }

  #turn(): void {
    if (this.#closed) return;
    this.#hooks.begin();
    let handled = 0;
    const end = performance.now() + ROUND_MS;
    for (let message = this.#queue.take(); message !== undefined; message = this.#queue.take()) {
      this.#hooks.handle(message);
      handled++;
      if (performance.now() > end) break;
    }
    this.#hooks.end(handled);
    // Work that time sets off may come again and again, as timers without delay do: the rest of the process must get its turn.
    if (this.#queue.length > 0 || this.#hooks.isDue()) {
      setImmediate(() => this.#turn());
      return;
    }
    this.#running = false;
    this.#hooks.onIdle();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
