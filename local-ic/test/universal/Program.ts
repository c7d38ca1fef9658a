import { ByteWriter } from '../../src/wasm/ByteWriter.ts';
import { apiCode, CALLBACK_INDEX, coreCode, END, slotAddress, type CoreOperation, type Slot } from './layout.ts';
import { SYSTEM_API, type ApiName } from './systemApi.ts';
import {
  add,
  api,
  argument,
  bytes,
  isBlob,
  little32,
  load64,
  pushArguments,
  pushValue,
  rejectMessage,
  text,
  u64,
  type Blob,
  type Value
} from './values.ts';

/** A call of another canister's method. */
export interface OutgoingCall {
  callee: Uint8Array | Blob;
  method?: string | Blob;
  arg?: Program | Blob;
  onReply?: Program;
  onReject?: Program;
  onCleanup?: Program;
  /** Cycles to attach. */
  cycles?: bigint;
  /** Makes it a bounded-wait call. */
  timeoutSeconds?: number;
}

/**
 * A program of the universal canister, written step by step. Every step appends code, and returns the program:
 *
 *     program().write(Address.heap, text('x')).reply(text('done'))
 */
export class Program {
  readonly #code = new ByteWriter();

  bytes(): Uint8Array {
    return Uint8Array.from([...this.#code.written, END]);
  }

  /** Calls any function of the System API with any arguments, a blob standing for an address and a size; a result is dropped. */
  call(name: ApiName, ...args: (Value | Blob)[]): this {
    const [params, result] = SYSTEM_API[name];
    const given = args.reduce<number>((sum, arg) => sum + (isBlob(arg) ? 2 : 1), 0);
    if (given !== params.length) throw new RangeError(`ic0.${name} takes ${params.length} arguments, not ${given}`);
    pushArguments(this.#code, args);
    this.#code.u8(apiCode(name));
    return result === '' ? this : this.#core('drop');
  }

  append(content: Blob | Value): this {
    return this.call('msg_reply_data_append', toBlob(content));
  }

  /** Appends the content, if there is one, and replies. A number becomes 8 bytes. */
  reply(content?: Blob | Value): this {
    if (content !== undefined) this.append(content);
    return this.call('msg_reply');
  }

  reject(message: string): this {
    return this.call('msg_reject', text(message));
  }

  /** Replies with reject code and message, in a reject callback. */
  replyWithRejection(): this {
    return this.append(api('msg_reject_code')).append(rejectMessage).reply();
  }

  trap(message = 'trap'): this {
    return this.call('trap', text(message));
  }

  unreachable(): this {
    return this.#core('unreachable');
  }

  print(message: string): this {
    return this.call('debug_print', text(message));
  }

  /** Begins a call and gives it everything but call_perform. */
  callNew({ callee, method = 'update', arg, onReply, onReject, onCleanup, cycles, timeoutSeconds }: OutgoingCall): this {
    const calleeBlob = callee instanceof Uint8Array ? bytes(callee) : callee;
    const name = typeof method === 'string' ? text(method) : method;
    const closures = [...closure(onReply ?? program()), ...closure(onReject ?? program())];
    this.call('call_new', calleeBlob, name, ...closures);
    if (onCleanup !== undefined) this.call('call_on_cleanup', ...closure(onCleanup));
    if (arg !== undefined) this.call('call_data_append', arg instanceof Program ? bytes(arg.bytes()) : arg);
    if (cycles !== undefined) this.call('call_cycles_add128', cycles >> 64n, BigInt.asUintN(64, cycles));
    if (timeoutSeconds !== undefined) this.call('call_with_best_effort_response', timeoutSeconds);
    return this;
  }

  /** Makes a call. Without `onReply` and `onReject` this message answers by itself. */
  callTo(call: OutgoingCall): this {
    return this.callNew(call).call('call_perform');
  }

  /** Makes a call and answers with what comes of it: the reply, or reject code and message. */
  forward(call: Omit<OutgoingCall, 'onReply' | 'onReject'>): this {
    return this.callTo({ ...call, onReply: program().reply(argument), onReject: program().replyWithRejection() });
  }

  /** Stores a program for an entry point without an argument. */
  store(slot: Slot, stored: Program): this {
    return this.store64(slotAddress(slot), pointerTo(stored));
  }

  store8(address: Value, value: Value): this {
    return this.#core('store8', address, value);
  }

  store64(address: Value, value: Value): this {
    return this.#core('store64', address, value);
  }

  /** Adds to the number at an address. */
  increase(address: Value, by: Value = 1): this {
    return this.store64(address, add(load64(address), by));
  }

  /** Copies bytes to the memory. */
  write(address: Value, content: Blob): this {
    return this.#core('copy', address, content);
  }

  fill(address: Value, value: Value, size: Value): this {
    return this.#core('fill', address, value, size);
  }

  setGlobal(value: Value): this {
    return this.#core('setGlobal', value);
  }

  growMemory(pages: Value): this {
    return this.#core('memoryGrow', pages).#core('drop');
  }

  growStable(pages: Value): this {
    return this.call('stable64_grow', pages);
  }

  writeStable(offset: Value, content: Blob): this {
    // The blob's two numbers are the last two parameters.
    return this.call('stable64_write', offset, content);
  }

  /** Computes a number for its effects. */
  evaluate(value: Value): this {
    pushValue(this.#code, value);
    return this.#core('drop');
  }

  /** Does one or the other. */
  when(condition: Value, then: Program, otherwise: Program = program()): this {
    pushValue(this.#code, condition);
    this.#jump('jumpIfZero', then.#code.length + JUMP_BYTES);
    this.#code.bytes(then.#code.written);
    this.#jump('jump', otherwise.#code.length);
    this.#code.bytes(otherwise.#code.written);
    return this;
  }

  /** Does something as long as a condition holds. */
  while(condition: Value, body: Program): this {
    const begin = this.#code.length;
    pushValue(this.#code, condition);
    this.#jump('jumpIfZero', body.#code.length + JUMP_BYTES);
    this.#code.bytes(body.#code.written);
    this.#jump('jump', begin - this.#code.length - JUMP_BYTES);
    return this;
  }

  forever(body: Program): this {
    return this.while(1, body);
  }

  repeat(times: Value, body: Program): this {
    pushValue(this.#code, times);
    const top: Value = { push: (code) => code.u8(coreCode('pick')).u8(0) };
    const decrease = program().#core('add', -1);
    return this.while(top, body.also(decrease)).#core('drop');
  }

  /** Goes on with another program's steps. */
  also(next: Program): this {
    this.#code.bytes(next.#code.written);
    return this;
  }

  #core(operation: CoreOperation, ...args: (Value | Blob)[]): this {
    pushArguments(this.#code, args);
    this.#code.u8(coreCode(operation));
    return this;
  }

  #jump(operation: 'jump' | 'jumpIfZero', offset: number): void {
    this.#code.u8(coreCode(operation)).bytes(little32(offset));
  }
}

/** Size of a jump's code. */
const JUMP_BYTES = 5;

export const program = (): Program => new Program();

const toBlob = (content: Blob | Value): Blob => (isBlob(content) ? content : u64(content));

/** The address of a program that stays in memory. */
function pointerTo(stored: Program): Value {
  return {
    push: (code) => {
      const content = stored.bytes();
      code.u8(coreCode('program')).bytes(little32(content.length)).bytes(content);
    }
  };
}

/** Table index and argument of a callback that runs a program. */
export function closure(callback: Program): [Value, Value] {
  return [CALLBACK_INDEX, pointerTo(callback)];
}
