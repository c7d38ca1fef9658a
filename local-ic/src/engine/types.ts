import type { Principal } from '@dfinity/principal';

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
  /** Runs a query or a composite query; it never changes state. */
  query(call: Call): Promise<CallResult>;
  canister(id: Principal): CanisterRecord | undefined;
  canisters(): CanisterRecord[];
  /**
   * Wasm instructions a canister has used: in its last execution (a message, a callback, a timer; undone ones too), and in all since the
   * network was started or the canister created. A call that awaits is several executions: take the difference of two totals.
   */
  instructions(id: Principal): { last: bigint; total: bigint };
  /** A canister's cycles: its balance, and what it has paid and burned so far. */
  cycles(id: Principal): { balance: bigint; consumed: bigint };
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
