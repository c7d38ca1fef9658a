import type { CallContext } from './CallContext.ts';
import type { PrepaidResponse } from './cycles/callFees.ts';
import type { EntryPointKind } from './EntryPoint.ts';

/** A call a canister makes, complete once call_perform was called. */
export interface OutgoingCall {
  callee: Uint8Array;
  calleeKey: string;
  method: string;
  /** Bytes of the method's name. */
  methodBytes: number;
  arg: Uint8Array[];
  argBytes: number;
  cycles: bigint;
  onReply: Closure;
  onReject: Closure;
  onCleanup: Closure | undefined;
  /** Seconds the caller is ready to wait; undefined for a call with guaranteed response. */
  timeoutSeconds: number | undefined;
  prepaid: PrepaidResponse;
}

/** A callback of a canister: an index in its table and one argument. */
export interface Closure {
  index: number | bigint;
  environment: number | bigint;
}

/** What a canister answers by itself. */
export type Response = { kind: 'reply'; reply: Uint8Array } | { kind: 'reject'; message: string };

export interface ExecutionInput {
  kind: EntryPointKind;
  timeNs: bigint;
  arg?: Uint8Array;
  caller?: Uint8Array;
  context?: CallContext;
  /** For callbacks: 0 after a reply. */
  rejectCode?: number;
  rejectMessage?: string;
  refundedCycles?: bigint;
  /** For inspect_message. */
  methodName?: string;
  /** Whether calls can't be made, as when the cycles for them are missing. */
  failsCalls?: boolean;
  /** Makes the certificate that a query may read; absent outside of queries. */
  certificate?: () => Uint8Array;
}

const NOTHING = new Uint8Array(0);
const encoder = new TextEncoder();

/** One execution of a canister's function: what it is given, and the effects it has besides those on the canister's state. */
export class Execution {
  readonly kind: EntryPointKind;
  readonly timeNs: bigint;
  readonly arg: Uint8Array;
  readonly caller: Uint8Array;
  readonly context: CallContext | undefined;
  readonly rejectCode: number;
  readonly rejectMessage: Uint8Array;
  readonly refundedCycles: bigint;
  readonly methodName: Uint8Array;
  readonly failsCalls: boolean;

  /** Effects, which count only when the execution succeeds. */
  response: Response | undefined;
  readonly calls: OutgoingCall[] = [];
  /** How many of them go to each callee. */
  readonly callsTo = new Map<string, number>();
  accepted = false;

  replyParts: Uint8Array[] = [];
  replyBytes = 0;
  pendingCall: OutgoingCall | undefined;
  /** How many it used, once it is over. */
  instructions = 0n;

  readonly #makeCertificate: (() => Uint8Array) | undefined;
  #certificate: Uint8Array | undefined;

  constructor(input: ExecutionInput) {
    this.kind = input.kind;
    this.timeNs = input.timeNs;
    this.arg = input.arg ?? NOTHING;
    this.caller = input.caller ?? NOTHING;
    this.context = input.context;
    this.rejectCode = input.rejectCode ?? 0;
    this.rejectMessage = encoder.encode(input.rejectMessage ?? '');
    this.refundedCycles = input.refundedCycles ?? 0n;
    this.methodName = encoder.encode(input.methodName ?? '');
    this.failsCalls = input.failsCalls === true;
    this.#makeCertificate = input.certificate;
  }

  get hasCertificate(): boolean {
    return this.#makeCertificate !== undefined;
  }

  /** Made on first use: most queries don't read it. */
  get certificate(): Uint8Array | undefined {
    return (this.#certificate ??= this.#makeCertificate?.());
  }
}
