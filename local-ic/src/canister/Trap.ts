/** Why an execution failed, in the replica's words and error codes. */
export class Trap extends Error {
  override readonly name = 'Trap';
  readonly errorCode: string;
  /** What the canister's log says of it. */
  readonly reason: string;

  constructor(errorCode: string, message: string, reason = message) {
    super(message);
    this.errorCode = errorCode;
    this.reason = reason;
  }

  /** ic0.trap, called by the canister itself. */
  static called(message: string): Trap {
    return new Trap('IC0503', `Canister called \`ic0.trap\` with message: '${message}'`, message === '' ? '(no message)' : message);
  }

  static instructionLimit(limit: bigint): Trap {
    return new Trap('IC0522', `Canister exceeded the limit of ${limit} instructions for single message execution.`);
  }

  /** A trap of the Wasm machine, or of the System API on wrong addresses. */
  static wasm(reason: string): Trap {
    return new Trap('IC0502', `Canister trapped: ${reason}`, reason);
  }

  /** The canister called the System API in a way the IC forbids. */
  static contract(reason: string): Trap {
    return new Trap('IC0504', `Canister violated contract: ${reason}`);
  }
}

const V8_REASONS: [RegExp, string][] = [
  [/unreachable/, 'unreachable'],
  [/memory access out of bounds|memory index is out of bounds/, 'heap out of bounds'],
  [/divide by zero|remainder by zero/, 'integer division by zero'],
  [/divide result unrepresentable/, 'integer overflow'],
  [/float unrepresentable/, 'invalid conversion to integer'],
  [/table index is out of bounds|table access/, 'table out of bounds'],
  [/null function|signature mismatch/, 'indirect call type mismatch'],
  [/call stack/, 'stack overflow']
];

/** Turns what an execution threw into a trap; undefined when it is a fault of this program, which must not pass for the canister's. */
export function asTrap(error: unknown): Trap | undefined {
  if (error instanceof Trap) return error;
  // A stack overflow inside Wasm is a RangeError.
  const isMachine = error instanceof WebAssembly.RuntimeError || (error instanceof RangeError && /call stack/.test(error.message));
  if (!isMachine) return undefined;
  const { message } = error;
  return Trap.wasm(V8_REASONS.find(([pattern]) => pattern.test(message))?.[1] ?? message);
}
