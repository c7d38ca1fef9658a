/** Waiting that can be cut short: what faults hold back must not keep a network from closing. */
export class Pauses {
  private readonly waiting = new Set<() => void>();

  /** Resolves after `ms`, or when everything is let go. */
  sleep(ms: number): Promise<void> {
    return this.begin(ms).over;
  }

  /** A pause that can also be ended by itself. */
  begin(ms: number): { over: Promise<void>; end: () => void } {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const end = (): void => {
      clearTimeout(timer);
      this.waiting.delete(end);
      resolve(undefined);
    };
    const timer = setTimeout(end, ms);
    this.waiting.add(end);
    return { over: promise, end };
  }

  endAll(): void {
    for (const end of [...this.waiting]) end();
  }
}
