import type { Principal } from '@dfinity/principal';
import { Callbacks } from './Callbacks.ts';
import type { CallContext, Origin } from './CallContext.ts';
import { CanisterLog } from './CanisterLog.ts';
import { ChangeHistory } from './ChangeHistory.ts';
import type { LowMemoryStatus } from './lowMemory.ts';
import type { Runtime } from './Runtime.ts';
import type { Snapshot } from './Snapshot.ts';
import { StableMemory } from './StableMemory.ts';

/** What a canister may use. Of the allocations and the freezing threshold only the price has an effect here. */
export interface ResourceSettings {
  computeAllocation: bigint;
  memoryAllocation: bigint;
  freezingThreshold: bigint;
  reservedCyclesLimit: bigint;
  wasmMemoryLimit: bigint;
  wasmMemoryThreshold: bigint;
}

/** The IC's own defaults: 30 days, 5 T cycles, 3 GiB. */
const DEFAULT_SETTINGS: ResourceSettings = {
  computeAllocation: 0n,
  memoryAllocation: 0n,
  freezingThreshold: 2_592_000n,
  reservedCyclesLimit: 5_000_000_000_000n,
  wasmMemoryLimit: 3n * 2n ** 30n,
  wasmMemoryThreshold: 0n
};

/** Who may read a canister's log, as a Candid value. */
export type LogVisibility = { controllers: null } | { public: null } | { allowed_viewers: Principal[] };

export interface EnvironmentVariable {
  name: string;
  value: string;
}

/** Somebody who waits for a canister to stop. */
export interface StopRequest {
  origin: Origin;
  /** Attached cycles, which go back with the answer. */
  cycles: bigint;
  deadlineNs: bigint;
}

export type CanisterStatus = 'running' | 'stopping' | 'stopped';

/** How canisters are keyed everywhere: principals are compared by bytes, and hexadecimal is cheap to make. */
export function canisterKey(id: Uint8Array): string {
  return Buffer.from(id.buffer, id.byteOffset, id.length).toString('hex');
}

/** Everything the network knows of one canister. */
export class CanisterState {
  readonly id: Principal;
  readonly idBytes: Uint8Array;
  readonly key: string;
  /** Text form of the id. */
  readonly name: string;
  controllers: Principal[];
  settings: ResourceSettings = { ...DEFAULT_SETTINGS };
  logVisibility: LogVisibility = { controllers: null };
  /** Ordered by name. */
  environmentVariables: EnvironmentVariable[] = [];
  status: CanisterStatus = 'running';
  /** In the order they came. */
  stopRequests: StopRequest[] = [];
  /** Undefined while no code is installed. */
  runtime: Runtime | undefined;
  stableMemory = new StableMemory();
  certifiedData: Uint8Array = new Uint8Array(0);
  cycles: bigint;
  /** Cycles that went to nobody: fees, and what the canister has burned. */
  consumedCycles = 0n;
  /** Until when memory and allocations are paid for; 0 while nothing was charged. */
  idlePaidUntilNs = 0n;
  /** 0 when no timer is set. */
  globalTimerNs = 0n;
  version = 0n;
  readonly log = new CanisterLog();
  readonly history = new ChangeHistory();
  /** Parts of modules to be installed, by their SHA-256 in hexadecimal. */
  chunks: ReadonlyMap<string, Uint8Array> = new Map();
  /** By their ids in hexadecimal, oldest first. */
  readonly snapshots = new Map<string, Snapshot>();
  /** Numbers of deleted snapshots are not given again. */
  nextSnapshotNumber = 0n;
  readonly contexts = new Set<CallContext>();
  readonly callbacks = new Callbacks();
  nextCallbackId = 0;
  nextContextId = 0;
  /** Instructions of the last execution, and of all since this process began. */
  readonly instructions = { last: 0n, total: 0n };
  /** Rises with every change that has to reach the disk. */
  revision = 0;
  /** Tasks that wait in the queue already, so that none is queued twice. */
  readonly queuedTasks = new Set<string>();
  lastHeartbeatNs = 0n;
  lowMemory: LowMemoryStatus = 'condition_not_satisfied';

  constructor(id: Principal, controllers: Principal[], cycles: bigint) {
    this.id = id;
    this.idBytes = id.toUint8Array();
    this.key = canisterKey(this.idBytes);
    this.name = id.toText();
    this.controllers = controllers;
    this.cycles = cycles;
  }

  isController(principal: Uint8Array): boolean {
    const key = canisterKey(principal);
    return this.controllers.some((controller) => canisterKey(controller.toUint8Array()) === key);
  }

  /** Whether the installed module exports a function. */
  exports(name: string): boolean {
    return this.runtime?.heap.exported(name) !== undefined;
  }

  /** Adds a line to the log, which has to reach the disk whatever becomes of the message. */
  addLog(timestampNs: bigint, content: Uint8Array): void {
    this.log.add(timestampNs, content);
    this.revision++;
  }

  /** Takes cycles that come back or are given. */
  receiveCycles(cycles: bigint): void {
    this.cycles += cycles;
    this.revision++;
  }

  /** Notes a change of code, settings or state. */
  touch(): void {
    this.version++;
    this.revision++;
  }
}
