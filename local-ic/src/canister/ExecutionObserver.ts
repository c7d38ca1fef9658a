import type { CanisterState } from './CanisterState.ts';
import type { Execution } from './Execution.ts';

/** Watches what canisters do while one message is handled. It must not change anything. */
export interface ExecutionObserver {
  /** An execution is over; undone or not. */
  executed(canister: CanisterState, execution: Execution): void;
  logged(line: string): void;
}
