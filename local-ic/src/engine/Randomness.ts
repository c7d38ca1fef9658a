import { createHash } from 'node:crypto';

/** The network's random tape: SHA-256 over the seed and a counter, so that one seed gives one sequence. */
export class Randomness {
  readonly seed: Uint8Array;
  /** How many draws there were; kept on disk, so that a restart doesn't repeat them. */
  count: bigint;

  constructor(seed: Uint8Array, count = 0n) {
    this.seed = seed.slice();
    this.count = count;
  }

  /** The next 32 bytes. */
  draw(): Uint8Array {
    const counter = new Uint8Array(8);
    new DataView(counter.buffer).setBigUint64(0, this.count++);
    return new Uint8Array(createHash('sha256').update('local-ic raw_rand').update(this.seed).update(counter).digest());
  }
}
