import type { LogEvent } from './log';

/** The newest events, at most so many. What is only there for the details (debug) makes room first, so that polling doesn't push out what a person did. */
export class EventRing {
  readonly #capacity: number;
  #events: LogEvent[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  add(event: LogEvent): void {
    if (this.#events.length >= this.#capacity) {
      const detail = this.#events.findIndex(({ level }) => level === 'debug');
      this.#events.splice(Math.max(detail, 0), 1);
    }
    this.#events.push(event);
  }

  /** Oldest first. */
  toArray(): readonly LogEvent[] {
    return [...this.#events];
  }
}
