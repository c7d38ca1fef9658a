import { Principal } from '@dfinity/principal';
import type { CanisterState } from '../canister/CanisterState.ts';
import type { ExecutionObserver } from '../canister/ExecutionObserver.ts';
import type { Prices } from '../canister/cycles/prices.ts';
import type { InstructionLimits } from '../canister/instructionLimits.ts';
import type { ApiNetwork } from '../canister/systemApi/apiFunction.ts';
import { Outcalls } from '../outcalls/Outcalls.ts';
import { NO_FAULTS, type CanisterFaults } from './canisterFaults.ts';
import { CanisterRegistry } from './CanisterRegistry.ts';
import type { Clock } from './Clock.ts';
import { HeldMessages } from './HeldMessages.ts';
import type { Randomness } from './Randomness.ts';

/** What all parts of the engine share: the canisters, the clock, and what the System API asks of the network. */
export class Subnet implements ApiNetwork {
  readonly canisters = new CanisterRegistry();
  /** Canisters' HTTP requests that wait for their answers. */
  readonly outcalls = new Outcalls();
  /** Messages that faults hold back. */
  readonly held = new HeldMessages();
  /** Canisters that are to be told that their memory runs out, and that no message is queued for yet. Follows from their states. */
  readonly lowOnMemory = new Set<CanisterState>();
  /** Decides what goes wrong with messages. */
  faults: CanisterFaults = NO_FAULTS;
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** What executions may use and what they cost; they change only between a network's life and its next. */
  instructionLimits: InstructionLimits;
  prices: Prices | undefined;
  rootKey: Uint8Array = new Uint8Array(0);
  subnetId: Uint8Array = new Uint8Array(0);
  observer: ExecutionObserver | undefined;
  #certifier: ((canisterId: Principal) => Uint8Array) | undefined;
  #log: (line: string) => void;
  #muted = false;

  constructor(
    clock: Clock,
    randomness: Randomness,
    instructionLimits: InstructionLimits,
    prices: Prices | undefined,
    log: (line: string) => void
  ) {
    this.clock = clock;
    this.randomness = randomness;
    this.instructionLimits = instructionLimits;
    this.prices = prices;
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
    if (this.#muted) return;
    this.#log(line);
    this.observer?.logged(line);
  }

  /** Logs what happened to a canister, such as a trap. @param what it was doing */
  logOf({ name }: CanisterState, what: string, message: string): void {
    this.log(`[Canister ${name}] ${what}: ${message}`);
  }

  /** While on, nothing is logged: for what was logged before. */
  mute(on: boolean): void {
    this.#muted = on;
  }

  /** The function a query of this canister gets its certificate from; undefined while nobody makes certificates. */
  certificateFor({ id }: CanisterState): (() => Uint8Array) | undefined {
    const certifier = this.#certifier;
    return certifier && (() => certifier(id));
  }
}
