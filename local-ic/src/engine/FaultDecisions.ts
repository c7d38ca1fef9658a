import { NO_FAULTS, type CanisterFaults, type CanisterFiring, type MessageFacts } from './canisterFaults.ts';
import type { Round } from './inputTypes.ts';

/**
 * What is decided about the messages of a round: noted, so that the round can be run again without the rules, and taken from the notes when it is.
 * A message is decided about once at most.
 */
export class FaultDecisions implements CanisterFaults {
  source: CanisterFaults = NO_FAULTS;
  #message = -1;
  #taken: [number, readonly CanisterFiring[]][] = [];
  /** While a round is run again. */
  #noted: ReadonlyMap<number, readonly CanisterFiring[]> | undefined;

  get isActive(): boolean {
    return this.#noted === undefined ? this.source.isActive : this.#noted.size > 0;
  }

  /** What the round has come to; nothing when nothing was decided. */
  get taken(): Pick<Round, 'faults'> {
    return this.#taken.length === 0 ? {} : { faults: this.#taken };
  }

  /** @param replayed the round, if it is one of an earlier run */
  beginRound(replayed: Round | undefined): void {
    this.#message = -1;
    this.#taken = [];
    this.#noted = replayed && new Map(replayed.faults);
  }

  nextMessage(): void {
    this.#message++;
  }

  decide(facts: MessageFacts): readonly CanisterFiring[] {
    if (this.#noted !== undefined) return this.#noted.get(this.#message) ?? [];
    const firings = this.source.decide(facts);
    if (firings.length > 0) this.#taken.push([this.#message, firings]);
    return firings;
  }
}
