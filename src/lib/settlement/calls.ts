import { TaskCancelledError, timeout, TimeoutStrategy } from 'cockatiel';
import { AppError } from '../errors/AppError';
import { Breaker, type BreakerState, type CanisterAsked } from './breaker';
import { throwIfAborted, withRetry, type RetryOptions } from './retryPolicy';

/** How long one attempt may take, milliseconds. An update goes through consensus and may call other canisters, each with a bounded wait. */
const READ_MS = 20_000;
const UPDATE_MS = 45_000;

/** How a settlement talks to a canister: repeated, timed, and spared while the canister doesn't answer. */
export interface Calls {
  /** Something without effect. */
  ask<T>(canister: CanisterAsked, run: () => Promise<T>, retry?: RetryOptions): Promise<T>;
  /** Something with an effect, which the caller knows to be safe to repeat as often as `retry` says. */
  send<T>(canister: CanisterAsked, run: () => Promise<T>, retry?: RetryOptions): Promise<T>;
  /** Learns how something ended: never held back by the breaker. undefined: can't be learnt now. */
  readBack<T>(canister: CanisterAsked, run: () => Promise<T>): Promise<T | undefined>;
}

export interface CallsOptions {
  readonly signal: AbortSignal;
  /** Somebody waits for this: it makes at least one real attempt. */
  readonly pressed: boolean;
  readonly retry?: RetryOptions | undefined;
}

/** One breaker a canister, shared by all settlements. */
export class Line {
  readonly #breakers: Readonly<Record<CanisterAsked, Breaker>>;

  constructor(onBreaker: (canister: CanisterAsked, state: BreakerState) => void = () => undefined) {
    const breaker = (canister: CanisterAsked): Breaker => new Breaker(canister, (state) => onBreaker(canister, state));
    this.#breakers = { options: breaker('options'), legacy: breaker('legacy') };
  }

  calls({ signal, pressed, retry: usual }: CallsOptions): Calls {
    const call = <T>(canister: CanisterAsked, update: boolean, run: () => Promise<T>, retry?: RetryOptions): Promise<T> => {
      const breaker = this.#breakers[canister];
      let first = true;
      const attempt = (): Promise<T> => {
        const real = pressed && first;
        first = false;
        return breaker.run(() => timed(canister, update, run, signal), real);
      };
      // With the circuit open the next attempt would fail at once: whoever waits is told now.
      return withRetry(attempt, { ...usual, ...retry, signal, shouldRetry: () => !breaker.isOpen });
    };
    return {
      ask: (canister, run, retry) => call(canister, false, run, retry),
      send: (canister, run, retry) => call(canister, true, run, retry),
      readBack: (canister, run) => withRetry(() => timed(canister, false, run, signal), { ...usual, signal }).catch(() => undefined)
    };
  }
}

async function timed<T>(canister: CanisterAsked, update: boolean, run: () => Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await timeout(update ? UPDATE_MS : READ_MS, TimeoutStrategy.Aggressive).execute(run, signal);
  } catch (error) {
    if (!(error instanceof TaskCancelledError)) throw error;
    throwIfAborted(signal);
    throw new AppError({
      kind: 'temporary',
      code: 'timeout',
      message: `${canister === 'options' ? 'The exchange' : 'The legacy platform'} takes too long to answer. Check before trying again.`,
      canister,
      unclear: update,
      cause: error
    });
  }
}
