import type { CyclesOption } from './canister/cycles/prices.ts';
import type { InstructionLimits } from './canister/instructionLimits.ts';
import type { Engine } from './engine/types.ts';
import type { FaultPlan, Faults } from './faults/types.ts';
import type { Site } from './gateway/site.ts';
import type { IdentityStore } from './identity/store.ts';
import type { CanisterControl } from './testing/CanisterControl.ts';

export interface LocalIcOptions {
  /** Where everything is kept from one start to the next; undefined: in memory only. */
  stateDir?: string | undefined;
  /** 'system' (default): real time plus what was advanced. Otherwise the time, ns since 1970, stands still until `advance` moves it. */
  clock?: 'system' | { startNs: bigint };
  /**
   * Makes the network's keys predictable, and with them what `raw_rand` gives and what faults draw. A state directory that has keys and a random tape already
   * keeps those. Default: random; `raw_rand` is the same in every run all the same when the clock stands still.
   */
  seed?: string;
  /** How many instructions one execution may use, to find out early what is near the limit; what isn't given is as on the IC. */
  instructionLimits?: Partial<InstructionLimits>;
  /**
   * 'charged': canisters pay for everything by the IC's price table, freeze and run out. 'free' (default): nothing costs anything, so that a test or a
   * development network never stops for want of cycles; those that canisters send each other move all the same.
   */
  cycles?: CyclesOption;
  /** What goes wrong from the start, between clients and this network and in canisters; `faults` switches it later. Default: nothing. */
  faults?: FaultPlan | undefined;
  /** Takes what canisters print, traps, and internal errors. Default: nowhere. */
  log?: (line: string) => void;
}

export interface ListenOptions {
  /** Default 4943; 0: any free port. */
  port?: number;
  /** Where the network's interface and the sites listen: a loopback address, unless `otherMachines` is set. Default 127.0.0.1. */
  host?: string;
  /**
   * Allows another `host`, such as 0.0.0.0, for the interface of the network and the sites. Whoever reaches it can use the network, which gives cycles and
   * canisters to everybody; the identity provider and the switches for faults stay on this machine. Default false.
   */
  otherMachines?: boolean;
  /** Also serve the identity provider, on a port of its own (default 4944; 0: any free port), so that it is an origin of its own. */
  provider?: { port?: number };
  /**
   * Also serve a page with switches for faults, on a port of its own (default 4945; 0: any free port). Whoever can open it can disturb
   * this network, so it is there only when asked for.
   */
  controls?: { port?: number };
  /** What to serve beside the interface of the network, which is everything under /api/. */
  sites?: Site[];
}

export interface Listening {
  /** Origin of the network's interface and of the sites. */
  url: string;
  /** Origin of the identity provider, if one was asked for. */
  providerUrl: string | undefined;
  /** Origin of the page with the switches for faults, if it was asked for. */
  controlsUrl: string | undefined;
  close(): Promise<void>;
}

/** A state of a network. Nothing that happens later reaches it. */
export interface NetworkSnapshot {
  /** When it was taken, network time. */
  readonly timeNs: bigint;
  /**
   * A network that goes on from here: in memory, with the keys and the options of the one it was taken of, but without its faults and servers. The
   * identity provider's people they share. Whoever waits for a call under way waits for the original's answer.
   */
  fork(): Promise<LocalIc>;
}

/** An Internet Computer in this process. A `sender` that is left out is the network's admin. */
export interface LocalIc extends CanisterControl {
  readonly engine: Engine;
  /** DER. */
  readonly rootKey: Uint8Array;
  /** Network time, nanoseconds since 1970. */
  now(): bigint;
  /** Moves the network's time forward, running every timer at its own time, until idle. */
  advance(ns: bigint): Promise<void>;
  /** The same, to a time in nanoseconds since 1970. @throws RangeError for one that is past */
  advanceTo(timeNs: bigint): Promise<void>;
  /** Resolves when no message is queued or awaited, and whoever waits for an answer has it. */
  idle(): Promise<void>;
  /** Serves the network over HTTP. @throws Error when a port is in use, or other machines would reach it without that being asked for; then nothing listens */
  listen(options?: ListenOptions): Promise<Listening>;
  /** What goes wrong: on the way between clients and this network's HTTP interface (in-process calls are spared), and in canisters. */
  readonly faults: Faults;
  /** The local identity provider's people. */
  readonly identities: IdentityStore;
  /**
   * SHA-256, hexadecimal, over all that this network's future depends on: two networks with the same seed and a clock that stands still, which did
   * the same, have the same hash.
   */
  stateHash(): string;
  /** The state of this moment, calls under way included, for any number of forks. */
  snapshot(): NetworkSnapshot;
  /** A network of its own, in memory, that goes on from the state of this moment. Same as `snapshot().fork()`. */
  fork(): Promise<LocalIc>;
  /** Writes everything to the state directory, if there is one. @throws Error when the disk refuses */
  save(): Promise<void>;
  /** Removes all faults, stops serving, saves (with a state directory) and stops; the memory of the canisters is given back. */
  close(): Promise<void>;
}
