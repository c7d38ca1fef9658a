import { setImmediate as immediate } from 'node:timers/promises';
import { Alarm } from './Alarm.ts';
import type { Clock } from './Clock.ts';
import type { TimeEvents } from './TimeEvents.ts';

/** How long a jump in time may keep the process from anything else. */
const ADVANCE_SLICE_MS = 20;

/** Has what time sets off run when its time has come: the clock's own, or one that is moved. */
export class Timekeeper {
  readonly #clock: Clock;
  readonly #events: TimeEvents;
  readonly #wake: () => void;
  readonly #alarm: Alarm;
  #advancing: Promise<void> = Promise.resolve();
  #closed = false;

  /** @param wake has a round run soon */
  constructor(clock: Clock, events: TimeEvents, wake: () => void) {
    this.#clock = clock;
    this.#events = events;
    this.#wake = wake;
    this.#alarm = new Alarm(wake);
  }

  /** With a clock that stands still nothing rings, so what is due at this very moment has to run now. */
  isDue(): boolean {
    const next = this.#events.nextNs();
    return !this.#closed && next !== undefined && next <= this.#clock.now();
  }

  /** Wakes the network up when the next event is due. */
  setAlarm(): void {
    if (this.#clock.isVirtual || this.#closed) return;
    this.#alarm.set(this.#events.nextNs(), this.#clock.now());
  }

  /**
   * Moves time forward, stopping at every event on the way.
   *
   * @param ns how far
   * @param idle resolves when everything that is due has run
   */
  async advance(ns: bigint, idle: () => Promise<void>): Promise<void> {
    if (ns < 0n) throw new RangeError('Time only moves forward');
    // One after the other: two at once would both aim at a time that the other moves.
    this.#advancing = this.#advancing.then(() => this.#advance(ns, idle));
    await this.#advancing;
  }

  close(): void {
    this.#closed = true;
    this.#alarm.set(undefined, 0n);
  }

  async #advance(ns: bigint, idle: () => Promise<void>): Promise<void> {
    const targetNs = this.#clock.now() + ns;
    const targetOffset = this.#clock.offsetNs + ns;
    for (let turn = performance.now(); ;) {
      // Time stands still while the world outside answers: an HTTP request takes none of it.
      await idle();
      if (performance.now() - turn > ADVANCE_SLICE_MS) {
        await immediate();
        turn = performance.now();
      }
      const next = this.#events.nextNs();
      if (next === undefined || next > targetNs) break;
      this.#clock.moveTo(next, targetOffset);
      this.#wake();
    }
    this.#clock.setOffset(targetOffset);
    this.#wake();
    await idle();
  }
}
