const NS_PER_MS = 1_000_000n;

/** 'system': real time plus what was advanced. `startNs`: stands still but for what is advanced, so that runs repeat exactly. */
export type ClockOption = 'system' | { startNs: bigint };

/** The network's time in nanoseconds since 1970; never goes back. */
export class Clock {
  readonly isVirtual: boolean;
  readonly #base: () => bigint;
  #offsetNs: bigint;
  #lastNs = 0n;
  #stopped = false;

  constructor(option: ClockOption, offsetNs: bigint) {
    this.isVirtual = option !== 'system';
    this.#base = option === 'system' ? () => BigInt(Date.now()) * NS_PER_MS : () => option.startNs;
    this.#offsetNs = offsetNs;
  }

  now(): bigint {
    if (this.#stopped) return this.#lastNs;
    const time = this.#base() + this.#offsetNs;
    // The machine's clock may be set back.
    if (time > this.#lastNs) this.#lastNs = time;
    return this.#lastNs;
  }

  /** Time stands still until `go`: all of a round happens at one moment. */
  stop(): void {
    this.now();
    this.#stopped = true;
  }

  go(): void {
    this.#stopped = false;
  }

  /** Stands at a moment of an earlier run, which never lies before one that was shown already. */
  stopAt(timeNs: bigint, offsetNs: bigint): void {
    this.#offsetNs = offsetNs;
    this.#lastNs = timeNs;
    this.#stopped = true;
  }

  get offsetNs(): bigint {
    return this.#offsetNs;
  }

  /** Moves to `timeNs` if that lies ahead, but never beyond the offset `mostNs`. */
  moveTo(timeNs: bigint, mostNs: bigint): void {
    const ahead = timeNs - this.now();
    if (ahead <= 0n) return;
    const offset = this.#offsetNs + ahead;
    this.#offsetNs = offset < mostNs ? offset : mostNs;
  }

  /** Sets the offset; a smaller one has no effect. */
  setOffset(offsetNs: bigint): void {
    if (offsetNs > this.#offsetNs) this.#offsetNs = offsetNs;
  }
}
