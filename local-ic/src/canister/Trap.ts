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

  static stackOverflow(): Trap {
    return new StackOverflow('IC0502', 'Canister trapped: stack overflow');
  }

  /** The canister called the System API in a way the IC forbids. */
  static contract(reason: string): Trap {
    return new Trap('IC0504', `Canister violated contract: ${reason}`);
  }
}

/** The one trap that depends on more than the canister and the message: how large the stack is, and how V8 has compiled the code by now. */
export class StackOverflow extends Trap {}

const V8_REASONS: [RegExp, string][] = [
  [/unreachable/, 'unreachable'],
  [/memory access out of bounds|memory index is out of bounds/, 'heap out of bounds'],
  [/divide by zero|remainder by zero/, 'integer division by zero'],
  [/divide result unrepresentable/, 'integer overflow'],
  [/float unrepresentable/, 'invalid conversion to integer'],
  [/table index is out of bounds|table access/, 'table out of bounds'],
  [/null function|signature mismatch/, 'indirect call type mismatch']
];

/** Turns what an execution threw into a trap; undefined when it is a fault of this program, which must not pass for the canister's. */
export function asTrap(error: unknown): Trap | undefined {
  if (error instanceof Trap) return error;
  // Inside Wasm, too, this is a RangeError.
  if (error instanceof RangeError && /call stack/.test(error.message)) return Trap.stackOverflow();
  if (!(error instanceof WebAssembly.RuntimeError)) return undefined;
  const { message } = error;
  return Trap.wasm(V8_REASONS.find(([pattern]) => pattern.test(message))?.[1] ?? message);
}
