import { BrokenCircuitError, circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhen, type CircuitBreakerPolicy } from 'cockatiel';
import { AppError } from '../errors/AppError';
import { isUnreachable } from '../errors/reachability';

export type CanisterAsked = 'options' | 'legacy';
export type BreakerState = 'closed' | 'open' | 'half_open';

/** So many attempts in a row that didn't reach the canister open the circuit. */
const THRESHOLD = 5;
/** So long nothing is sent then; after it one attempt probes. */
const OPEN_MS = 30_000;

const TITLES: Record<CanisterAsked, string> = { options: 'The exchange', legacy: 'The legacy platform' };
const STATES = { [CircuitState.Closed]: 'closed', [CircuitState.Open]: 'open', [CircuitState.HalfOpen]: 'half_open' } as const;

/** Whether a canister couldn't be asked or didn't answer. A refusal, a trap or a bad certificate comes from one that is there. */
export function isAway(error: unknown, canister: CanisterAsked): error is AppError {
  return isUnreachable(error, canister) || (error instanceof AppError && error.code === 'timeout' && error.canister === canister);
}

/**
 * Spares a canister that doesn't answer, and whoever waits for it: after a row of such failures attempts fail at once with `circuit_open`,
 * until a probe gets through. Only what starts something goes through here; reading back never does, and a person's own press is let
 * through in any case.
 */
export class Breaker {
  readonly #canister: CanisterAsked;
  readonly #onChange: (state: BreakerState) => void;
  #policy: CircuitBreakerPolicy;
  #openedAt = 0;

  constructor(canister: CanisterAsked, onChange: (state: BreakerState) => void) {
    this.#canister = canister;
    this.#onChange = onChange;
    this.#policy = this.#closed();
  }

  get isOpen(): boolean {
    return this.#policy.state === CircuitState.Open;
  }

  /** @param pressed makes a real attempt even when the circuit is open; one that gets through closes it */
  async run<T>(attempt: () => Promise<T>, pressed = false): Promise<T> {
    try {
      // A refusal says that the canister is there, so for the circuit it is a success.
      const ended = await this.#policy.execute(() => attempt().then(succeeded, (error: unknown) => this.#failed(error)));
      if ('error' in ended) throw ended.error;
      return ended.value;
    } catch (error) {
      if (!(error instanceof BrokenCircuitError)) throw error;
      if (!pressed) throw this.#circuitOpen();
    }
    try {
      const value = await attempt();
      this.#close();
      return value;
    } catch (error) {
      if (!isAway(error, this.#canister)) this.#close();
      throw error;
    }
  }

  #failed(error: unknown): { readonly error: unknown } {
    if (isAway(error, this.#canister)) throw error;
    return { error };
  }

  #close(): void {
    this.#policy = this.#closed();
    this.#onChange('closed');
  }

  #closed(): CircuitBreakerPolicy {
    const policy = circuitBreaker(
      handleWhen((error) => isAway(error, this.#canister)),
      { breaker: new ConsecutiveBreaker(THRESHOLD), halfOpenAfter: OPEN_MS }
    );
    policy.onStateChange((state) => {
      if (state === CircuitState.Open) this.#openedAt = Date.now();
      if (policy === this.#policy && state !== CircuitState.Isolated) this.#onChange(STATES[state]);
    });
    return policy;
  }

  #circuitOpen(): AppError {
    return new AppError({
      kind: 'temporary',
      code: 'circuit_open',
      message: `${TITLES[this.#canister]} has not answered for a while. It is asked again by itself in a moment.`,
      canister: this.#canister,
      retryAfterMs: Math.max(0, this.#openedAt + OPEN_MS - Date.now())
    });
  }
}

function succeeded<T>(value: T): { readonly value: T } {
  return { value };
}
