const NS_PER_MS = 1_000_000n;
/** Node can't wait longer than 2^31 ms; waking up once an hour for nothing is simpler than anything cleverer. */
const LONGEST_MS = 3_600_000;

/** Calls back when the network's time reaches a moment. It never keeps the process alive: what serves requests does. */
export class Alarm {
  readonly #ring: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(ring: () => void) {
    this.#ring = ring;
  }

  /** @param timeNs when to ring, undefined for not at all; replaces what was set before */
  set(timeNs: bigint | undefined, nowNs: bigint): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (timeNs === undefined) return;
    const waitNs = timeNs - nowNs;
    const waitMs = waitNs <= 0n ? 0 : Number((waitNs + NS_PER_MS - 1n) / NS_PER_MS);
    this.#timer = setTimeout(this.#ring, Math.min(waitMs, LONGEST_MS)).unref();
  }
}
