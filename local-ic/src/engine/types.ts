import type { Principal } from '@dfinity/principal';
import type { CallReport } from './CallRecording.ts';

/** The IC's reject codes: 1 SYS_FATAL, 2 SYS_TRANSIENT, 3 DESTINATION_INVALID, 4 CANISTER_REJECT, 5 CANISTER_ERROR, 6 SYS_UNKNOWN. */
export type RejectCode = 1 | 2 | 3 | 4 | 5 | 6;

/** What a call came to. `errorCode` is the replica's, such as "IC0503". */
export type CallResult = { kind: 'reply'; reply: Uint8Array } | { kind: 'reject'; code: RejectCode; message: string; errorCode: string };

/** A call from outside the network, already authenticated. */
export interface Call {
  canisterId: Principal;
  method: string;
  arg: Uint8Array;
  sender: Principal;
}

/** What the state tree and read_state need to know of a canister. */
export interface CanisterRecord {
  id: Principal;
  controllers: Principal[];
  certifiedData: Uint8Array;
  /** SHA-256 of the module as it was installed (gzipped, if it was sent so); undefined while the canister is empty. */
  moduleHash: Uint8Array | undefined;
  /** The module's custom sections "icp:public x" and "icp:private x". */
  metadata: { name: string; isPublic: boolean; content: Uint8Array }[];
  status: 'running' | 'stopping' | 'stopped';
}

/** The part of the network that executes canisters, without HTTP and signatures. */
export interface Engine {
  /** Network time, nanoseconds since 1970. */
  now(): bigint;
  /** Runs an ingress update; the management canister aaaaa-aa included. The caller has checked the effective canister id. */
  update(call: Call): Promise<CallResult>;
  /**
   * As `update`, for a call that `refuse` was asked about.
   * @param requestId names it, so that whoever waits for its answer can find it again after a restart
   */
  submit(call: Call, requestId?: string): Promise<CallResult>;
  /** Why a call isn't taken in at all: no such canister, not running, empty, or its inspect_message says no. Undefined: it is. */
  refuse(call: Call): CallResult | undefined;
  /** Runs a query or a composite query; it never changes state. */
  query(call: Call): Promise<CallResult>;
  /** Runs an update or a query, and tells what it took. A reject is a result, too. */
  report(call: Call, kind?: 'update' | 'query'): Promise<CallReport>;
  canister(id: Principal): CanisterRecord | undefined;
  canisters(): CanisterRecord[];
  /**
   * Wasm instructions a canister has used: in its last execution (a message, a callback, a timer; undone ones too), and in all since the
   * network was started or the canister created. A call that awaits is several executions: take the difference of two totals.
   */
  instructions(id: Principal): { last: bigint; total: bigint };
  /** Size of a canister's Wasm memory; 0 without code. */
  memoryBytes(id: Principal): number;
  /** SHA-256 over all that the network's future depends on, hexadecimal: equal for two networks that did the same. */
  stateHash(): string;
  /** A canister's cycles: what it has, and what it has paid and burned so far. */
  cycles(id: Principal): { balance: bigint; consumed: bigint };
  /** A copy of a canister's stable memory. @throws CanisterReject when there is no such canister, RangeError for more than 2 GiB */
  stableMemory(id: Principal): Uint8Array;
  /**
   * Replaces a canister's stable memory, as if it had always been so: no code runs, whoever controls the canister. The size is rounded up to whole pages of
   * 64 KiB. @throws CanisterReject when there is no such canister, RangeError for more than 2 GiB
   */
  setStableMemory(id: Principal, bytes: Uint8Array): Promise<void>;
  /** Gives the function that makes a data certificate, for ic0.data_certificate_copy in queries. */
  setCertifier(f: (canisterId: Principal) => Uint8Array): void;
  setRootKey(der: Uint8Array): void;
  /** Resolves when no message is queued or awaited. */
  idle(): Promise<void>;
  /** Moves time forward by `ns`, running every timer at its own time, in order, until idle. */
  advance(ns: bigint): Promise<void>;
  /** Takes debug_print lines and traps. */
  setLog(f: (line: string) => void): void;
  close(): Promise<void>;
}
