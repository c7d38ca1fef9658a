import type { CanisterEffect, CanisterFaults, CanisterFiring, MessageFacts } from '../engine/canisterFaults.ts';
import { effectOf, endsMessage, isAbout } from './canisterEffects.ts';
import { draw } from './decide.ts';
import type { RuleBook } from './RuleBook.ts';

/** Decides for each message to a canister which faults happen to it; the engine has them happen. */
export class MessageFaults implements CanisterFaults {
  readonly #book: RuleBook;

  /** @param release lets go what a rule holds back; undefined: what all of them do */
  constructor(book: RuleBook, release: (rule?: number) => void) {
    this.#book = book;
    book.tell({ removed: release, cleared: () => release() });
  }

  get isActive(): boolean {
    return this.#book.canister.length > 0;
  }

  decide(facts: MessageFacts): CanisterFiring[] {
    const { canisterId, method, message, from } = facts;
    const firings = this.#book.decide(this.#book.canister, {
      concerns: ({ rule }) => isAbout(rule, facts),
      ends: (rule) => endsMessage(rule),
      about: { canisterId, method, message, from }
    });
    return firings.map(({ state: { number, rule }, seen }) => {
      const effect: CanisterEffect = effectOf(rule, facts, (purpose) => draw(this.#book.seed, number, seen, purpose));
      return { rule: number, effect };
    });
  }
}
