import type { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import type { InstructionLimits } from './canister/instructionLimits.ts';
import type { Call, Engine } from './engine/types.ts';
import type { FaultPlan, Faults } from './faults/types.ts';
import type { Site } from './gateway/site.ts';
import type { IdentityStore } from './identity/store.ts';

export interface LocalIcOptions {
  /** Where everything is kept from one start to the next; undefined: in memory only. */
  stateDir?: string;
  /** 'system' (default): real time plus what was advanced. Otherwise the time, ns since 1970, stands still until `advance` moves it. */
  clock?: 'system' | { startNs: bigint };
  /** Makes the network's keys predictable. A state directory that has keys already keeps those. Default: random. */
  seed?: string;
  /** How many instructions one execution may use, to find out early what is near the limit; what isn't given is as on the IC. */
  instructionLimits?: Partial<InstructionLimits>;
  /** What goes wrong from the start, between clients and this network and in canisters; `faults` switches it later. Default: nothing. */
  faults?: FaultPlan;
  /** Takes what canisters print, traps, and internal errors. Default: nowhere. */
  log?: (line: string) => void;
}

export interface InstallCodeOptions {
  canisterId: Principal;
  wasm: Uint8Array;
  /** The Candid encoded init or upgrade argument. */
  arg: Uint8Array;
  mode: 'install' | 'reinstall' | 'upgrade';
  /** For an upgrade: keep the Wasm memory (enhanced orthogonal persistence needs it; without it such an upgrade is refused). */
  keepMemory?: boolean;
  /** Default: the network's admin. */
  sender?: Principal;
}

export interface ListenOptions {
  /** Default 4943; 0: any free port. */
  port?: number;
  /** A loopback address. Default 127.0.0.1. */
  host?: string;
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

/** An Internet Computer in this process. A `sender` that is left out is the network's admin. */
export interface LocalIc {
  readonly engine: Engine;
  /** DER. */
  readonly rootKey: Uint8Array;
  /** Network time, nanoseconds since 1970. */
  now(): bigint;
  /** Moves the network's time forward, running every timer at its own time, until idle. */
  advance(ns: bigint): Promise<void>;
  /** Resolves when no message is queued or awaited. */
  idle(): Promise<void>;
  /** Ids are deterministic: 1st, 2nd, ... canister. Without `controllers` the network's admin controls it. */
  createCanister(options?: { controllers?: Principal[]; canisterId?: Principal }): Promise<Principal>;
  /** @throws CanisterReject */
  installCode(options: InstallCodeOptions): Promise<void>;
  /** @throws CanisterReject */
  stopCanister(id: Principal, sender?: Principal): Promise<void>;
  /** @throws CanisterReject */
  startCanister(id: Principal, sender?: Principal): Promise<void>;
  /** The reply's Candid. @throws CanisterReject */
  update(call: Omit<Call, 'sender'> & { sender?: Principal }): Promise<Uint8Array>;
  /** The reply's Candid. @throws CanisterReject */
  query(call: Omit<Call, 'sender'> & { sender?: Principal }): Promise<Uint8Array>;
  /** A typed actor without HTTP and signatures; its methods reject with CanisterReject. */
  actor<T>(idlFactory: IDL.InterfaceFactory, canisterId: Principal, sender?: Principal): T;
  /** Serves the network over HTTP. */
  listen(options?: ListenOptions): Promise<Listening>;
  /** What goes wrong: on the way between clients and this network's HTTP interface (in-process calls are spared), and in canisters. */
  readonly faults: Faults;
  /** The local identity provider's people. */
  readonly identities: IdentityStore;
  /** Writes everything to the state directory. */
  save(): Promise<void>;
  /** Stops serving, saves (with a state directory) and stops. */
  close(): Promise<void>;
}
