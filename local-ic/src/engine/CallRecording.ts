import type { Principal } from '@dfinity/principal';
import type { CanisterState } from '../canister/CanisterState.ts';
import type { CallContext } from '../canister/CallContext.ts';
import { EntryPoint } from '../canister/EntryPoint.ts';
import type { Execution } from '../canister/Execution.ts';
import type { ExecutionObserver } from '../canister/ExecutionObserver.ts';
import type { CallResult } from './types.ts';

/** A canister may print as much as its instructions allow; a report keeps no more than this. */
const MAX_LOG_LINES = 10_000;

/** What one canister did for a call. */
export interface CanisterShare {
  canisterId: Principal;
  /** Updates, queries, callbacks, cleanups, and the steps of an installation. */
  executions: number;
  /** Wasm instructions of these executions, undone ones too. */
  instructions: bigint;
  /**
   * By how much its balance rose (+) or fell (-) with the messages it handled, and with calls of the management canister about it: what it was
   * charged, sent, accepted and got back.
   */
  cycles: bigint;
}

/**
 * What a call came to and what it took: all executions of its call tree, that is of the called canister and of every canister called on its
 * behalf, in their own messages and callbacks, until the call was answered. Calls that run at the same time don't count in each other's.
 */
export interface CallReport {
  result: CallResult;
  /** Wasm instructions of the whole call tree; the sum over `canisters`. */
  instructions: bigint;
  /** In the order in which they were first called. */
  canisters: CanisterShare[];
  /** What these executions printed, and their traps; the lines as `log` gets them. At most 10,000. */
  logs: string[];
  /** Network time when the call was made, nanoseconds since 1970. */
  startNs: bigint;
  /** Network time when it was answered. */
  endNs: bigint;
}

/** Takes notes of a call while it runs. */
export class CallRecording implements ExecutionObserver {
  readonly #startNs: bigint;
  readonly #enter: (context: CallContext) => void;
  readonly #shares = new Map<CanisterState, CanisterShare>();
  readonly #logs: string[] = [];
  #leftOut = 0;
  /** Undefined until the call is answered. */
  endNs: bigint | undefined;

  /** @param enter told of the contexts of the call tree */
  constructor(startNs: bigint, enter: (context: CallContext) => void = () => undefined) {
    this.#startNs = startNs;
    this.#enter = enter;
  }

  executed(canister: CanisterState, { kind, context, instructions }: Execution): void {
    // Asked before the call begins, and by one node alone.
    if (kind === EntryPoint.inspect) return;
    if (context !== undefined) this.#enter(context);
    const share = this.#shareOf(canister);
    share.executions++;
    share.instructions += instructions;
  }

  logged(line: string): void {
    if (this.#logs.length < MAX_LOG_LINES) this.#logs.push(line);
    else this.#leftOut++;
  }

  /** A canister's balance changed while it handled a message of the call tree. */
  balanceChanged(canister: CanisterState, by: bigint): void {
    if (by !== 0n) this.#shareOf(canister).cycles += by;
  }

  report(result: CallResult): CallReport {
    const canisters = [...this.#shares.values()];
    return {
      result,
      instructions: canisters.reduce((sum, { instructions }) => sum + instructions, 0n),
      canisters,
      logs: this.#leftOut === 0 ? this.#logs : [...this.#logs, `[local-ic] ${this.#leftOut} more lines are not kept`],
      startNs: this.#startNs,
      endNs: this.endNs ?? this.#startNs
    };
  }

  #shareOf(canister: CanisterState): CanisterShare {
    const existing = this.#shares.get(canister);
    if (existing !== undefined) return existing;
    const share = { canisterId: canister.id, executions: 0, instructions: 0n, cycles: 0n };
    this.#shares.set(canister, share);
    return share;
  }
}
