import type { Message } from './messages.ts';

/** A message that a fault holds back. */
export interface HeldMessage {
  message: Message;
  /** The number of the rule that holds it. */
  rule: number;
  /** Network time of its release, ns; undefined: when the rule goes. */
  releaseNs: bigint | undefined;
}

/** So many at most: a rule that lets nothing through must not fill the memory. */
const MAX_HELD = 10_000;

/** Messages on their way that a fault holds back: plain data, in the order of their release. */
export class HeldMessages {
  /** Earliest first, those of one moment in the order in which they came. */
  #timed: (HeldMessage & { releaseNs: bigint })[] = [];
  #endless: HeldMessage[] = [];

  get isFull(): boolean {
    return this.#timed.length + this.#endless.length >= MAX_HELD;
  }

  add(held: HeldMessage): void {
    const { releaseNs } = held;
    if (releaseNs === undefined) {
      this.#endless.push(held);
      return;
    }
    let [low, high] = [0, this.#timed.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#timed[middle]?.releaseNs ?? 0n) <= releaseNs) low = middle + 1;
      else high = middle;
    }
    this.#timed.splice(low, 0, { ...held, releaseNs });
  }

  /** Network time of the next release; undefined when none is set. */
  nextNs(): bigint | undefined {
    return this.#timed[0]?.releaseNs;
  }

  /** Takes out what is due. */
  takeDue(nowNs: bigint): Message[] {
    const later = this.#timed.findIndex(({ releaseNs }) => releaseNs > nowNs);
    return this.#timed.splice(0, later < 0 ? this.#timed.length : later).map(({ message }) => message);
  }

  /** Whether a rule holds anything, or any rule does. */
  holds(rule?: number): boolean {
    return this.all().some((held) => isOf(held, rule));
  }

  /** Takes out what a rule holds, or all of it. */
  take(rule?: number): Message[] {
    const isTaken = (held: HeldMessage): boolean => isOf(held, rule);
    const taken = this.all().filter(isTaken);
    this.#timed = this.#timed.filter((held) => !isTaken(held));
    this.#endless = this.#endless.filter((held) => !isTaken(held));
    return taken.map(({ message }) => message);
  }

  all(): HeldMessage[] {
    return [...this.#timed, ...this.#endless];
  }
}

function isOf(held: HeldMessage, rule: number | undefined): boolean {
  return rule === undefined || held.rule === rule;
}
