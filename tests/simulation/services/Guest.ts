import { get } from 'svelte/store';
import { MINUTE, SECOND } from '../../services/support/network.ts';
import { broken } from './invariants.ts';
import type { Visitor } from './Visitor.ts';

/** No visit takes longer than this; then its faults end. */
const LONGEST = 12 * MINUTE;
/** How long the page has, after the faults, to bring everything to its end. Some things may not be touched for 10 minutes. */
const PATIENCE = 20 * MINUTE;
/** After this long nothing of a faulty wire can still arrive. */
const ALL_ARRIVED = 15 * SECOND;
/**
 * Within this a page shows the canister's balance again: a request that hung is given up after 30 s, the next period is another 30, the fallback is left with a
 * second answer 5 s later, and it is looked at every 5 s.
 */
const RECOVERY = 70 * SECOND;
/** What a page may take to show what has changed: one period, and the second look. */
const PERIOD = 45 * SECOND;
/** When a legacy position that was placed at the beginning has a price for certain: it expires in seconds, a minute's price comes half a minute late. */
export const PRICED = 130 * SECOND;

/** A visitor on the way out: first their faults end, then everything they have begun, then what they leave behind is looked at. */
export class Guest {
  readonly visitor: Visitor;
  readonly #legacySatsBefore: bigint;
  /** In milliseconds since the visits began, as all that follow. */
  #healedAt: number | undefined;
  #liveAt: number | undefined;
  #settledAt: number | undefined;
  /** What the page's clock said then. */
  #settledClock = 0;
  #errorThen = '';

  constructor(visitor: Visitor, legacySatsBefore: bigint) {
    this.visitor = visitor;
    this.#legacySatsBefore = legacySatsBefore;
  }

  /** Whether nothing is open any more and the page has shown so, or patience has ended. */
  async isThrough(now: number, troubleIsOver: boolean): Promise<boolean> {
    const { visitor } = this;
    if (!troubleIsOver || (!visitor.done && now < LONGEST)) return false;
    const { phase, updatedAt = 0, error } = get(visitor.services.balance);
    if (this.#healedAt === undefined) {
      visitor.wire.heal();
      this.#errorThen = error?.code ?? 'none';
    }
    this.#healedAt ??= now;
    if (phase === 'live') this.#liveAt ??= now;
    if ((visitor.visit.early && now < PRICED) || !(await visitor.isSettled())) {
      this.#settledAt = undefined;
      return now - this.#healedAt >= PATIENCE;
    }
    if (this.#settledAt === undefined) this.#settledClock = Date.now();
    this.#settledAt ??= now;
    return now - this.#settledAt >= PERIOD || (updatedAt > this.#settledClock && now - this.#healedAt >= ALL_ARRIVED);
  }

  /** What doesn't hold of them, one sentence each. */
  async broken(): Promise<string[]> {
    const took = (this.#liveAt ?? Number.POSITIVE_INFINITY) - (this.#healedAt ?? 0);
    const late =
      took > RECOVERY ? [`${this.visitor.name}: the balance was live again after ${took / SECOND} s (error then: ${this.#errorThen})`] : [];
    return [...late, ...(await broken(this.visitor, this.#legacySatsBefore))];
  }
}
