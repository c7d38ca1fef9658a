import { createHash } from 'node:crypto';

/** Random choices that a seed determines: SHA-256 over the seed and a counter. */
export class Dice {
  readonly #seed: string;
  #count = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** A whole number from 0 to below `bound`. */
  below(bound: number): number {
    const digest = createHash('sha256').update(`${this.#seed} ${this.#count++}`).digest();
    // 48 bits over a small bound: the bias can't be noticed.
    return digest.readUIntBE(0, 6) % bound;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.below(items.length)] ?? items[0];
  }
}
