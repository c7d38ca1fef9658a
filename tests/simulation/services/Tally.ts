import { FAULTS } from './FaultyWire.ts';
import { STEPS, TROUBLES } from './schedule.ts';
import type { Visitor } from './Visitor.ts';

/** What a run counts, and of what kinds each can be. */
const KINDS = {
  trouble: Object.keys(TROUBLES),
  step: STEPS,
  fault: FAULTS,
  ended: ['order', 'settlement', 'legacy settlement']
} as const satisfies Record<string, readonly string[]>;

type Counted = keyof typeof KINDS;

/** How often what happened in a run of visits: so that a run in which something never happened can't pass for one in which all was well. */
export class Tally {
  requests = 0;
  readonly #counts = new Map<string, number>();

  count(what: Counted, kind: string, times = 1): void {
    const key = `${what}: ${kind}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + times);
  }

  add({ wire, taken, orders, receipts, legacyReceipts }: Visitor): void {
    this.requests += wire.requests;
    for (const [kind, times] of wire.happened) this.count('fault', kind, times);
    for (const kind of taken) this.count('step', kind);
    this.count('ended', 'order', orders.size);
    this.count('ended', 'settlement', receipts.length);
    this.count('ended', 'legacy settlement', legacyReceipts.length);
  }

  merge(other: Tally): void {
    this.requests += other.requests;
    for (const [key, times] of other.#counts) this.#counts.set(key, (this.#counts.get(key) ?? 0) + times);
  }

  total(what: Counted): number {
    return this.#keys(what).reduce((sum, key) => sum + (this.#counts.get(key) ?? 0), 0);
  }

  /** What could have happened and never did. */
  missing(): string[] {
    return (Object.keys(KINDS) as Counted[]).flatMap((what) => this.#keys(what)).filter((key) => (this.#counts.get(key) ?? 0) === 0);
  }

  toString(): string {
    return [...this.#counts].map(([key, times]) => `${key} ${times}`).join(', ');
  }

  #keys(what: Counted): string[] {
    return KINDS[what].map((kind) => `${what}: ${kind}`);
  }
}
