import type { ByteReader } from './ByteReader.ts';
import { ByteWriter } from './ByteWriter.ts';
import { CodeWriter } from './CodeWriter.ts';
import { instructionCost } from './costs.ts';
import { checkLimit, readFlag, type Indices } from './helperFunctions.ts';
import { InstructionReader } from './InstructionReader.ts';
import { PAGE_SHIFT } from './layout.ts';
import { Op, storeOf } from './opcodes.ts';
import { WasmFormatError } from './WasmFormatError.ts';

const TYPE_BYTES = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;
type ScratchType = keyof typeof TYPE_BYTES;

/** Instructions behind which code goes on elsewhere or somebody can look at the counter: a counting segment ends there. */
const SEGMENT_ENDS: ReadonlySet<number> = new Set([
  Op.unreachable,
  Op.loop,
  Op.if,
  Op.else,
  Op.end,
  Op.br,
  Op.brIf,
  Op.brTable,
  Op.return,
  Op.call,
  Op.callIndirect,
  Op.returnCall,
  Op.returnCallIndirect
]);

export interface FunctionContext extends Indices {
  /** Fixed prices of the imported functions, by index. */
  importCosts: number[];
}

/**
 * Rewrites one function body. In front of every straight piece of code stands one subtraction for all of its instructions, so that the
 * counter is exact wherever code branches, calls or is called, and never counts what isn't executed (but for the rest of a piece that
 * traps). Where code can repeat - at the head of a loop and at the beginning of a function - it is checked. In front of every write to
 * memory the pages it touches are marked.
 */
export class FunctionInstrumenter {
  readonly #reader: ByteReader;
  readonly #wasm: Uint8Array;
  readonly #context: FunctionContext;
  readonly #instructions: InstructionReader;
  readonly #code = new CodeWriter();
  readonly #segment = new CodeWriter();
  #cost = 0;
  #checkFirst = true;
  /** Added locals: name to index, in order. */
  readonly #scratch = new Map<string, { index: number; type: ScratchType }>();
  #nextLocal: number;

  constructor(wasm: Uint8Array, reader: ByteReader, context: FunctionContext, functionIndex: number, parameterCount: number) {
    this.#wasm = wasm;
    this.#reader = reader;
    this.#context = context;
    this.#instructions = new InstructionReader(reader, functionIndex);
    this.#nextLocal = parameterCount;
  }

  /** The new body, without its size. @throws WasmFormatError on an instruction that is not supported */
  run(): Uint8Array {
    const locals = this.#readLocals();
    while (this.#instructions.next()) this.#instruction();
    this.#flush();
    const body = new ByteWriter().u32(locals.groups + this.#scratch.size).bytes(locals.bytes);
    for (const { type } of this.#scratch.values()) body.u32(1).u8(TYPE_BYTES[type]);
    return body.bytes(this.#code.written).finish();
  }

  #readLocals(): { groups: number; bytes: Uint8Array } {
    const reader = this.#reader;
    const groups = reader.u32();
    const start = reader.position;
    for (let group = 0; group < groups; group++) {
      this.#nextLocal += reader.u32();
      const type = reader.u8();
      if (type === 0x63 || type === 0x64) throw new WasmFormatError('typed references are not supported');
    }
    return { groups, bytes: this.#wasm.subarray(start, reader.position) };
  }

  #instruction(): void {
    const { opcode, index } = this.#instructions;
    const { importCosts, hasMemory } = this.#context;
    this.#cost += instructionCost(opcode);
    if (opcode === Op.call || opcode === Op.returnCall) this.#cost += importCosts[index] ?? 0;
    if (hasMemory) this.#memoryInstruction(opcode);
    else this.#copy();
    if (!SEGMENT_ENDS.has(opcode)) return;
    this.#flush();
    if (opcode === Op.loop) this.#checkFirst = true;
  }

  #memoryInstruction(opcode: number): void {
    const { is64, global, function: functions } = this.#context;
    const store = storeOf(opcode);
    if (store !== undefined) return this.#store(store);
    switch (opcode) {
      case Op.memorySize:
        this.#segment.globalGet(global.size);
        if (is64) this.#segment.op('i64ExtendI32U');
        return;
      case Op.memoryGrow:
        this.#segment.call(functions.grow);
        return;
      case Op.memoryFill:
        return this.#bulk('i32', is64 ? 'i64' : 'i32');
      case Op.memoryCopy:
        return this.#bulk(is64 ? 'i64' : 'i32', is64 ? 'i64' : 'i32');
      case Op.memoryInit:
        return this.#bulk('i32', 'i32');
      default:
        this.#copy();
    }
  }

  /** Takes the instruction over as it is. */
  #copy(): void {
    const { opcode, start, end } = this.#instructions;
    // On the IC every message begins with all segments in place, so within an instance none may be lost.
    if (opcode === Op.dataDrop || opcode === Op.elemDrop) return;
    this.#segment.bytes(this.#wasm.subarray(start, end));
  }

  /** On the stack: address, value. */
  #store({ bytes, value }: NonNullable<ReturnType<typeof storeOf>>): void {
    const { is64 } = this.#context;
    const { offset } = this.#instructions;
    const code = this.#segment;
    const word = is64 ? 'i64' : 'i32';
    const valueLocal = this.#local(`value ${value}`, value);
    const address = this.#local('address', word);
    const add = (amount: bigint): void => {
      if (amount === 0n) return;
      if (is64) code.i64Const(BigInt.asIntN(64, amount)).op('i64Add');
      else code.i32Const(Number(BigInt.asIntN(32, amount))).op('i32Add');
    };
    const flagOfPage = (): void => {
      if (is64) code.i64Const(PAGE_SHIFT).op('i64ShrU', 'i32WrapI64');
      else code.i32Const(PAGE_SHIFT).op('i32ShrU');
      readFlag(code);
    };
    code.localSet(valueLocal).localTee(address).localGet(address);
    add(offset);
    let first = address;
    if (offset !== 0n) {
      first = this.#local('first byte', word);
      code.localTee(first);
    }
    flagOfPage();
    if (bytes > 1) {
      // It may reach into a second page.
      code.localGet(first);
      add(BigInt(bytes - 1));
      flagOfPage();
      code.op('i32And');
    }
    code.op('i32Eqz', 'if').localGet(first);
    if (is64) code.i64Const(bytes);
    else code.i32Const(bytes);
    code.call(this.#context.function.mark).op('end').localGet(valueLocal);
    this.#copy();
  }

  /** On the stack: address, something, length. */
  #bulk(middle: ScratchType, lengthType: ScratchType): void {
    const { is64 } = this.#context;
    const address = this.#local('address', is64 ? 'i64' : 'i32');
    const source = this.#local(`value ${middle}`, middle);
    const length = this.#local(`length ${lengthType}`, lengthType);
    const code = this.#segment.localSet(length).localSet(source).localTee(address).localGet(address).localGet(length);
    if (is64 && lengthType === 'i32') code.op('i64ExtendI32U');
    code.call(this.#context.function.bulkWrite).localGet(source).localGet(length);
    this.#copy();
  }

  #local(name: string, type: ScratchType): number {
    const known = this.#scratch.get(name);
    if (known !== undefined) return known.index;
    const index = this.#nextLocal++;
    this.#scratch.set(name, { index, type });
    return index;
  }

  /** Writes the segment, its price and a due check first. */
  #flush(): void {
    const code = this.#code;
    const { left } = this.#context.global;
    if (this.#cost > 0) code.globalGet(left).i64Const(this.#cost).op('i64Sub').globalSet(left);
    if (this.#checkFirst) checkLimit(code, this.#context);
    code.bytes(this.#segment.written);
    this.#segment.clear();
    this.#cost = 0;
    this.#checkFirst = false;
  }
}
