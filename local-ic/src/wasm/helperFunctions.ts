import { CodeWriter } from './CodeWriter.ts';
import {
  listOffset,
  Memory,
  memoryLimit,
  PAGE_SHIFT,
  PAGES_PER_WASM_PAGE,
  UNDO_STEP,
  type AddedFunction,
  type AddedGlobal
} from './layout.ts';

/** What the added code refers to, by its index in the rewritten module. */
export interface Indices {
  is64: boolean;
  /** Whether the module has a memory: without one nothing is marked. */
  hasMemory: boolean;
  global: Record<AddedGlobal, number>;
  function: Record<AddedFunction, number>;
}

const LOG2_WASM_PAGE = 16;

/** Pushes whether a page was written already (i32); the page number is on the stack (i32). */
export function readFlag(code: CodeWriter): CodeWriter {
  return code.i32Load8(Memory.dirty);
}

/** Ends the message when its instructions are used up. */
export function checkLimit(code: CodeWriter, { global }: Indices): CodeWriter {
  return code.globalGet(global.left).i64Const(0).op('i64LtS', 'if', 'unreachable', 'end');
}

/** Bodies of the added functions, without their size. */
export function helperBodies(indices: Indices): Record<AddedFunction, Uint8Array> {
  return { mark: markBody(indices), bulkWrite: bulkWriteBody(indices), grow: growBody(indices) };
}

const withLocals = (...groups: [count: number, type: number][]): CodeWriter => {
  const code = new CodeWriter().u32(groups.length);
  for (const [count, type] of groups) code.u32(count).u8(type);
  return code;
};
const I32 = 0x7f;
const I64 = 0x7e;

/**
 * mark(address, length): before bytes are written, keeps the old content of those pages of them that this message hasn't written yet.
 * Traps beyond the end of the canister's memory, which can lie before the end of the machine's (see grow).
 */
function markBody({ is64, global }: Indices): Uint8Array {
  const [address, length, page, last, number, slot] = [0, 1, 2, 3, 4, 5];
  const code = withLocals([2, I64], [2, I32]);
  const widen = (): CodeWriter => (is64 ? code : code.op('i64ExtendI32U'));
  /** Pushes the address of the page as the type of this memory's addresses, or as i64. */
  const pushPageAddress = (as64: boolean): void => {
    code.localGet(page).i64Const(PAGE_SHIFT).op('i64Shl');
    if (!as64) code.op('i32WrapI64');
  };
  // last = (address + length - 1) >> 12; return if length is 0, trap if last is beyond the end
  code.localGet(length);
  widen().op('i64Eqz', 'if', 'return', 'end');
  code.localGet(address);
  widen().localTee(page).localGet(length);
  widen().op('i64Add').i64Const(1).op('i64Sub').i64Const(PAGE_SHIFT).op('i64ShrU').localTee(last);
  code.globalGet(global.size).op('i64ExtendI32U').i64Const(PAGES_PER_WASM_PAGE).op('i64Mul', 'i64GeU', 'if');
  // A load that no memory of this size can satisfy: the trap a write beyond the end gives.
  code.i32Const(-1).i32Load8(Memory.dirty).op('drop', 'end');
  code.localGet(page).i64Const(PAGE_SHIFT).op('i64ShrU').localSet(page);
  // for (; page <= last; page++)
  code.op('block', 'loop').localGet(page).localGet(last).op('i64GtU').brIf(1);
  code.localGet(page).op('i32WrapI64').localTee(number);
  readFlag(code).op('i32Eqz', 'if');
  // flag[number] = 1; list[dirtyCount++] = number
  code.localGet(number).i32Const(1).i32Store8(Memory.dirty);
  code.globalGet(global.dirtyCount).i32Const(2).op('i32Shl').localGet(number);
  code.i32Store(Memory.dirty, listOffset(is64));
  code.globalGet(global.dirtyCount).i32Const(1).op('i32Add').globalSet(global.dirtyCount);
  // A page that is new in this message needs no copy: undone, it is empty again.
  code.localGet(number).globalGet(global.committed).op('i32LtU', 'if');
  code.globalGet(global.undoCount).localSet(slot);
  growUndo(code, slot);
  code.localGet(slot).op('i64ExtendI32U').i64Const(PAGE_SHIFT).op('i64Shl');
  pushPageAddress(is64);
  if (is64) code.i64Const(2 ** PAGE_SHIFT);
  else code.i32Const(2 ** PAGE_SHIFT);
  code.memoryCopy(Memory.undo, Memory.own);
  code.localGet(slot).i32Const(1).op('i32Add').globalSet(global.undoCount);
  code.op('end', 'end');
  code.localGet(page).i64Const(1).op('i64Add').localSet(page).br(0);
  return code.op('end', 'end', 'end').finish();
}

/** Makes room in the undo memory for a page at `slot`. A machine without memory for it ends the message. */
function growUndo(code: CodeWriter, slot: number): void {
  code.localGet(slot).op('i64ExtendI32U').i64Const(1).op('i64Add').i64Const(PAGE_SHIFT).op('i64Shl');
  code.memorySize(Memory.undo).i64Const(LOG2_WASM_PAGE).op('i64Shl', 'i64GtU', 'if');
  code.i64Const(UNDO_STEP).memoryGrow(Memory.undo).i64Const(-1).op('i64Eq', 'if', 'unreachable', 'end', 'end');
}

/** bulkWrite(address, length): charges for the bytes of a memory.copy, fill or init and marks their pages. */
function bulkWriteBody(indices: Indices): Uint8Array {
  const [address, length, bytes] = [0, 1, 2];
  const { is64, global, function: functions } = indices;
  const code = withLocals([1, I64]).localGet(length);
  if (!is64) code.op('i64ExtendI32U');
  // So long that it counts as negative, it is beyond every memory and traps.
  code.localTee(bytes).i64Const(0).op('i64LtS', 'if', 'return', 'end');
  code.globalGet(global.left).localGet(bytes).op('i64Sub').globalSet(global.left);
  checkLimit(code, indices);
  return code.localGet(address).localGet(length).call(functions.mark).op('end').finish();
}

/**
 * grow(pages): memory.grow up to the network's limit. The memory of the machine can be larger than what the canister has, after a message
 * that grew it was undone (a Wasm memory can't shrink); that rest is empty and is used first.
 */
function growBody({ is64, global }: Indices): Uint8Array {
  const [pages, needed, old] = [0, 1, 2];
  const code = withLocals([1, I64], [1, I32]);
  const fail = (): CodeWriter => (is64 ? code.i64Const(-1) : code.i32Const(-1)).op('return');
  const wide = (): CodeWriter => (is64 ? code : code.op('i64ExtendI32U'));
  code.localGet(pages);
  wide().localTee(needed).i64Const(memoryLimit(is64)).op('i64GtU', 'if');
  fail().op('end');
  code.globalGet(global.size).localTee(old).op('i64ExtendI32U').localGet(needed).op('i64Add').localTee(needed);
  code.i64Const(memoryLimit(is64)).op('i64GtU', 'if');
  fail().op('end');
  code.localGet(needed).memorySize(Memory.own);
  wide().op('i64GtU', 'if').localGet(needed).memorySize(Memory.own);
  wide().op('i64Sub');
  if (!is64) code.op('i32WrapI64');
  code.memoryGrow(Memory.own);
  if (is64) code.i64Const(-1).op('i64Eq');
  else code.i32Const(-1).op('i32Eq');
  code.op('if');
  fail().op('end', 'end');
  code.localGet(needed).op('i32WrapI64').globalSet(global.size).localGet(old);
  return (is64 ? code.op('i64ExtendI32U') : code).op('end').finish();
}
