import type { FaultDecisions } from './FaultDecisions.ts';
import type { IngressLedger } from './IngressLedger.ts';
import type { Input, Round } from './inputTypes.ts';
import { NetworkHalted } from './NetworkHalted.ts';
import type { StateKeeper } from './StateKeeper.ts';
import type { Subnet } from './Subnet.ts';
import type { TimeEvents } from './TimeEvents.ts';

interface RoundParts {
  subnet: Subnet;
  ingress: IngressLedger;
  decisions: FaultDecisions;
  timeEvents: TimeEvents;
  /** A round is over and kept: what it asks of the world outside may be done. */
  kept(): void;
  /** Nothing may run any more. */
  halted(): void;
}

/** What every round begins and ends with: time that stands still, and that nobody learns of anything before it is kept. */
export class Rounds {
  readonly #parts: RoundParts;
  #keeper: StateKeeper | undefined;
  /** The round of an earlier run that is being run again. */
  #replayed: Round | undefined;
  /** Whether canisters have paid in the running round for the time that went by. */
  #hasCharged = false;
  /** The offset of the clock that was kept last. */
  #keptOffsetNs: bigint;
  #halted: string | undefined;

  constructor(parts: RoundParts) {
    this.#parts = parts;
    this.#keptOffsetNs = parts.subnet.clock.offsetNs;
  }

  /** Why nothing runs any more; undefined while it does. */
  get halted(): string | undefined {
    return this.#halted;
  }

  /** Has everything kept from now on. */
  keepBy(keeper: StateKeeper | undefined): void {
    this.#keeper = keeper;
  }

  /** Keeps an input before it takes effect. @throws Error when it can't be kept: then it must not take effect */
  keepInput(input: Input): void {
    this.#keeper?.input(input);
  }

  begin(): void {
    const { subnet, decisions, timeEvents } = this.#parts;
    if (this.#replayed === undefined) subnet.clock.stop();
    else subnet.clock.stopAt(this.#replayed.timeNs, this.#replayed.offsetNs);
    decisions.beginRound(this.#replayed);
    this.#hasCharged = timeEvents.fireDue();
  }

  /** Keeps the round that is over, then hands its answers out. @param messages how many were executed */
  end(messages: number): void {
    const { subnet, ingress, decisions, kept } = this.#parts;
    const { clock } = subnet;
    const round = { timeNs: clock.now(), offsetNs: clock.offsetNs, messages, answers: ingress.checksum(), ...decisions.taken };
    if (this.#replayed !== undefined && this.#replayed.answers !== round.answers) {
      throw new Error('Running the kept rounds again came to other answers than they gave');
    }
    const halted = this.#replayed === undefined ? this.#keep(round) : undefined;
    clock.go();
    ingress.release(halted);
    // Only now: what a request does in the world can't be undone, so the round that makes it has to be kept.
    if (this.#replayed === undefined && this.#halted === undefined) kept();
  }

  /** Has a round of an earlier run come to what it came to then. @throws Error when it doesn't */
  replay(round: Round, run: (messages: number) => void): void {
    this.#replayed = round;
    try {
      run(round.messages);
    } finally {
      this.#replayed = undefined;
    }
  }

  async save(): Promise<void> {
    await this.#keeper?.save();
  }

  async close(): Promise<void> {
    await this.#keeper?.close();
  }

  /** Keeps the round, if anything happened in it. @returns why nobody gets an answer, when that failed */
  #keep(round: Round): NetworkHalted | undefined {
    const isEmpty = round.messages === 0 && round.answers === 0 && !this.#hasCharged && round.offsetNs === this.#keptOffsetNs;
    if (this.#keeper === undefined || isEmpty) return;
    try {
      this.#keeper.round(round);
      this.#keptOffsetNs = round.offsetNs;
      return;
    } catch (error) {
      // What can't be kept must not be told, and nothing may be built on it: the next start is one after a kill, and runs these calls again.
      this.#halted = `The network has stopped, because its state can't be written: ${error instanceof Error ? error.message : String(error)}`;
      this.#parts.halted();
      this.#parts.subnet.log(`[local-ic] ${this.#halted}`);
      return new NetworkHalted(this.#halted);
    }
  }
}
