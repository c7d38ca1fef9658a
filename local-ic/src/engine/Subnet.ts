import { Principal } from '@dfinity/principal';
import type { CanisterState } from '../canister/CanisterState.ts';
import type { InstructionLimits } from '../canister/instructionLimits.ts';
import type { ApiNetwork } from '../canister/systemApi/apiFunction.ts';
import { NO_FAULTS, type CanisterFaults } from './canisterFaults.ts';
import { CanisterRegistry } from './CanisterRegistry.ts';
import type { Clock } from './Clock.ts';
import { HeldMessages } from './HeldMessages.ts';
import type { Randomness } from './Randomness.ts';

/** What all parts of the engine share: the canisters, the clock, and what the System API asks of the network. */
export class Subnet implements ApiNetwork {
  readonly canisters = new CanisterRegistry();
  /** Messages that faults hold back. */
  readonly held = new HeldMessages();
  /** Decides what goes wrong with messages. */
  faults: CanisterFaults = NO_FAULTS;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly instructionLimits: InstructionLimits;
  rootKey: Uint8Array = new Uint8Array(0);
  subnetId: Uint8Array = new Uint8Array(0);
  #certifier: ((canisterId: Principal) => Uint8Array) | undefined;
  #log: (line: string) => void;

  constructor(clock: Clock, randomness: Randomness, instructionLimits: InstructionLimits, log: (line: string) => void) {
    this.clock = clock;
    this.randomness = randomness;
    this.instructionLimits = instructionLimits;
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
}
