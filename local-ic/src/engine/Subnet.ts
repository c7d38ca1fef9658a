import { Principal } from '@dfinity/principal';
import type { CanisterState } from '../canister/CanisterState.ts';
import type { Execution } from '../canister/Execution.ts';
import type { ApiNetwork } from '../canister/systemApi/apiFunction.ts';
import { CanisterRegistry } from './CanisterRegistry.ts';
import type { Clock } from './Clock.ts';
import type { Randomness } from './Randomness.ts';

/** With a clock that stands still the estimate of instructions must not depend on the machine: so many per System API call. */
const VIRTUAL_INSTRUCTIONS_PER_API_CALL = 1_000n;
/** On real time one nanosecond counts as one instruction, about what a node executes. */
const NS_PER_MS = 1e6;

/** What all parts of the engine share: the canisters, the clock, and what the System API asks of the network. */
export class Subnet implements ApiNetwork {
  readonly canisters = new CanisterRegistry();
  readonly clock: Clock;
  readonly randomness: Randomness;
  rootKey: Uint8Array = new Uint8Array(0);
  subnetId: Uint8Array = new Uint8Array(0);
  #certifier: ((canisterId: Principal) => Uint8Array) | undefined;
  #log: (line: string) => void;

  constructor(clock: Clock, randomness: Randomness, log: (line: string) => void) {
    this.clock = clock;
    this.randomness = randomness;
    this.#log = log;
  }

  setRootKey(der: Uint8Array): void {
    this.rootKey = der.slice();
    this.subnetId = Principal.selfAuthenticating(this.rootKey).toUint8Array();
  }

  setCertifier(certifier: (canisterId: Principal) => Uint8Array): void {
    this.#certifier = certifier;
  }

  setLog(log: (line: string) => void): void {
    this.#log = log;
  }

  log(line: string): void {
    this.#log(line);
  }

  /** The function a query of this canister gets its certificate from; undefined while nobody makes certificates. */
  certificateFor({ id }: CanisterState): (() => Uint8Array) | undefined {
    const certifier = this.#certifier;
    return certifier && (() => certifier(id));
  }

  instructionCount(execution: Execution): bigint {
    if (this.clock.isVirtual) return BigInt(execution.apiCalls) * VIRTUAL_INSTRUCTIONS_PER_API_CALL;
    return BigInt(Math.round((performance.now() - execution.startedAtMs) * NS_PER_MS));
  }
}
