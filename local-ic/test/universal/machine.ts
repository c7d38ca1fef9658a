import { op } from '../support/wasm.ts';
import { Address, CORE_OPERATIONS, type CoreOperation } from './layout.ts';

type Code = number[];

/** Globals of the machine, all i64. */
export const MachineGlobal = {
  /** Address of the next operation. */
  next: 0,
  /** Address behind the topmost operand. */
  stack: 1,
  /** How many bytes of programs there are. */
  programBytes: 2,
  /** Whether the running program has to stay, because something refers to a part of it. */
  keep: 3,
  /** Belongs to the programs. */
  user: 4
} as const;
export const GLOBAL_COUNT = Object.keys(MachineGlobal).length;

const WORD_BYTES = 8;
const I32_WRAP = 0xa7;
const I64_EXTEND_SIGNED = 0xac;
const I64_EXTEND = 0xad;

/**
 * Pieces of Wasm for a memory of either width. All values of the machine are i64: what is an address or a size becomes one, if the
 * memory is 32-bit, only where an instruction takes it.
 */
export class Machine {
  readonly is64: boolean;

  constructor(is64: boolean) {
    this.is64 = is64;
  }

  /** Makes an address of an i64. */
  get toAddress(): Code {
    return this.is64 ? [] : [I32_WRAP];
  }

  /** Makes an i64 of an address. */
  get fromAddress(): Code {
    return this.is64 ? [] : [I64_EXTEND];
  }

  load64(address: Code, offset = 0): Code {
    return [...address, ...this.toAddress, 0x29, 0, ...leb(offset)];
  }

  load8(address: Code): Code {
    return [...address, ...this.toAddress, 0x31, 0, 0];
  }

  load32(address: Code): Code {
    return [...address, ...this.toAddress, 0x34, 0, 0];
  }

  store64(address: Code, value: Code, offset = 0): Code {
    return [...address, ...this.toAddress, ...value, 0x37, 0, ...leb(offset)];
  }

  store8(address: Code, value: Code): Code {
    return [...address, ...this.toAddress, ...value, 0x3c, 0, 0];
  }

  /** Moves the stack pointer by so many operands. */
  move(operands: number): Code {
    return this.addTo(MachineGlobal.stack, op.i64(BigInt(operands * WORD_BYTES)));
  }

  addTo(global: number, amount: Code): Code {
    return [...op.globalGet(global), ...amount, 0x7c, ...op.globalSet(global)];
  }

  /** The operand at the stack pointer, or so many above it. */
  operand(index: number): Code {
    return this.load64(op.globalGet(MachineGlobal.stack), index * WORD_BYTES);
  }

  setOperand(index: number, value: Code): Code {
    return this.store64(op.globalGet(MachineGlobal.stack), value, index * WORD_BYTES);
  }

  get memorySize(): Code {
    return [...op.memorySize, ...this.fromAddress];
  }

  memoryGrow(pages: Code): Code {
    return [...pages, ...this.toAddress, ...op.memoryGrow, ...(this.is64 ? [] : [I64_EXTEND_SIGNED])];
  }

  /** Calls an imported function with the topmost operands, and puts its result in their place. */
  apiOperation(index: number, params: string, result: string): Code {
    const typed = (letter: string): Code => (letter === 'i' || (letter === 'p' && !this.is64) ? [I32_WRAP] : []);
    const call = [...[...params].flatMap((letter, at) => [...this.operand(at), ...typed(letter)]), ...op.call(index)];
    if (result === '') return [...this.move(-params.length), ...call];
    const widen = result === 'i' || (result === 'p' && !this.is64) ? [I64_EXTEND] : [];
    return [...this.move(-params.length), ...this.setOperand(0, [...call, ...widen]), ...this.move(1)];
  }

  /** The machine's own operations, in the order of their codes. */
  coreOperations(): Code[] {
    const next = op.globalGet(MachineGlobal.next);
    const skip = (bytes: Code): Code => this.addTo(MachineGlobal.next, bytes);
    const behindLength = [...next, ...op.i64(4n), 0x7c];
    const withLength = [...this.load32(next), ...op.i64(4n), 0x7c];
    const binary = (...instruction: Code): Code => [
      ...this.move(-2),
      ...this.setOperand(0, [...this.operand(0), ...this.operand(1), ...instruction]),
      ...this.move(1)
    ];
    const unary = (value: Code): Code => [...this.move(-1), ...this.setOperand(0, value), ...this.move(1)];
    const push = (value: Code): Code => [...this.setOperand(0, value), ...this.move(1)];
    // i64 * -8 + the stack pointer: the operand that many below the top.
    const picked = [...this.load8(next), ...op.i64(-8n), 0x7e, ...op.globalGet(MachineGlobal.stack), 0x7c, ...op.i64(-8n), 0x7c];
    const address = (index: number): Code => [...this.operand(index), ...this.toAddress];
    const operations: Record<CoreOperation, Code> = {
      constant: [...push(this.load64(next)), ...skip(op.i64(8n))],
      bytes: [...push(behindLength), ...push(this.load32(next)), ...skip(withLength)],
      program: [...push(behindLength), ...op.i64(1n), ...op.globalSet(MachineGlobal.keep), ...skip(withLength)],
      drop: this.move(-1),
      pick: [...push(this.load64(picked)), ...skip(op.i64(1n))],
      add: binary(0x7c),
      subtract: binary(0x7d),
      multiply: binary(0x7e),
      remainder: binary(0x82),
      and: binary(0x83),
      equal: binary(0x51, I64_EXTEND),
      less: binary(0x54, I64_EXTEND),
      load8: unary(this.load8(this.operand(0))),
      load64: unary(this.load64(this.operand(0))),
      store8: [...this.move(-2), ...this.store8(this.operand(0), this.operand(1))],
      store64: [...this.move(-2), ...this.store64(this.operand(0), this.operand(1))],
      fill: [...this.move(-3), ...address(0), ...this.operand(1), I32_WRAP, ...address(2), ...op.memoryFill],
      copy: [...this.move(-3), ...address(0), ...address(1), ...address(2), ...op.memoryCopy],
      memorySize: push(this.memorySize),
      memoryGrow: unary(this.memoryGrow(this.operand(0))),
      jump: skip(withLength),
      jumpIfZero: [...this.move(-1), ...this.operand(0), 0x50, ...op.if, ...skip(this.load32(next)), ...op.end, ...skip(op.i64(4n))],
      getGlobal: push(op.globalGet(MachineGlobal.user)),
      setGlobal: [...this.move(-1), ...this.operand(0), ...op.globalSet(MachineGlobal.user)],
      unreachable: op.unreachable
    };
    return CORE_OPERATIONS.map((name) => operations[name]);
  }

  /** `run(program)`: performs operations until the program ends. */
  run(): Code {
    const { next } = MachineGlobal;
    return [
      ...[...op.localGet(0), ...op.globalSet(next), ...op.i64(BigInt(Address.stack)), ...op.globalSet(MachineGlobal.stack)],
      ...op.loop,
      ...[...this.load8(op.globalGet(next)), I32_WRAP, ...op.localSet(1), ...this.addTo(next, op.i64(1n))],
      ...[...op.localGet(1), ...op.if],
      ...[...op.localGet(1), ...callOperation],
      ...op.br(1),
      ...op.end,
      ...op.end
    ];
  }

  /** `allocate(size)`: room for a program. */
  allocate(): Code {
    const { programBytes } = MachineGlobal;
    const end = [...op.globalGet(programBytes), ...op.i64(BigInt(Address.programs)), 0x7c];
    const missing = [...end, ...op.i64(65_535n), 0x7c, ...op.i64(16n), 0x88, ...this.memorySize, 0x7d];
    return [
      ...[...end, ...op.localSet(1)],
      ...this.addTo(programBytes, op.localGet(0)),
      ...[...missing, ...op.localSet(2), ...op.localGet(2), ...op.i64(0n), 0x55, ...op.if],
      ...[...this.memoryGrow(op.localGet(2)), ...op.i64(-1n), 0x51, ...op.if, ...op.unreachable, ...op.end],
      ...op.end,
      ...op.localGet(1)
    ];
  }
}

/** call_indirect of the type `() -> ()`, which is the first. */
const callOperation = [0x11, 0, 0];

function leb(value: number): Code {
  const low = value & 0x7f;
  return value < 0x80 ? [low] : [low | 0x80, ...leb(value >>> 7)];
}
