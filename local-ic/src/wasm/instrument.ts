import { ByteReader } from './ByteReader.ts';
import { ByteWriter } from './ByteWriter.ts';
import { systemCallCost } from './costs.ts';
import { addedExport, DIRTY_EXPORT, globalExport, MEMORY_EXPORT, PREFIX, START_EXPORT, TABLE_EXPORT, UNDO_EXPORT } from './exportNames.ts';
import { ExternalKind, SectionId } from './format.ts';
import { helperBodies, type Indices } from './helperFunctions.ts';
import { FunctionInstrumenter, type FunctionContext } from './instrumentFunction.ts';
import {
  ADDED_FUNCTIONS,
  ADDED_GLOBALS,
  dirtyMemoryPages,
  Memory,
  memoryLimit,
  PAGES_PER_WASM_PAGE,
  undoMemoryLimit,
  type AddedFunction,
  type AddedGlobal
} from './layout.ts';
import type { ParsedModule } from './parseModule.ts';
import { replaceSections } from './replaceSections.ts';
import { WasmFormatError } from './WasmFormatError.ts';

/** Makes a record of a number for every name, counting up. */
function numbered<Name extends string>(names: readonly Name[], first: number): Record<Name, number> {
  return Object.fromEntries(names.map((name, index) => [name, first + index])) as Record<Name, number>;
}

/**
 * Rewrites a module so that a message that runs on it can be metered, ended and undone.
 *
 * - Everything a message can change becomes reachable from outside: memory and every mutable global are exported.
 * - The start function becomes an export and its section goes: run at instantiation, as V8 would, it is too early (an upgrade must bring
 *   the old memory back first) and too often (an instance is also made to restore a state).
 * - Code counts its instructions down and ends when none are left; the first write to a page keeps what the page held.
 *
 * The module must be valid: what the rewriter adds would lend a meaning to an index that is out of range.
 *
 * @throws WasmFormatError when the module keeps state that can't be undone, or has instructions this network doesn't run
 */
export function instrument(wasm: Uint8Array, module: ParsedModule): Uint8Array<ArrayBuffer> {
  if (module.memories.length > 1) throw new WasmFormatError('modules with several memories are not supported');
  if (module.exports.some(({ name }) => name.startsWith(PREFIX))) throw new WasmFormatError(`an export starts with "${PREFIX}"`);
  const memory = module.memories[0];
  const is64 = memory?.is64 ?? false;
  if (memory !== undefined && memory.minimum > memoryLimit(is64)) {
    throw new WasmFormatError(`its memory begins with ${memory.minimum} pages, and the limit is ${memoryLimit(is64)}`);
  }
  const context: FunctionContext = {
    is64,
    hasMemory: memory !== undefined,
    global: numbered(ADDED_GLOBALS, module.globals.length),
    function: numbered(ADDED_FUNCTIONS, module.functions.length),
    importCosts: module.imports.map(({ name }) => systemCallCost(name))
  };
  const sections = new Map<number, Uint8Array | undefined>([
    [SectionId.global, append(wasm, module, SectionId.global, addedGlobals(Number(memory?.minimum ?? 0)))],
    [SectionId.export, append(wasm, module, SectionId.export, addedExports(module, context))],
    [SectionId.start, undefined]
  ]);
  const bodies = instrumentedBodies(wasm, module, context);
  if (context.hasMemory) {
    const types = addedTypes(is64);
    const helpers = helperBodies(context);
    bodies.push(...ADDED_FUNCTIONS.map((name) => helpers[name]));
    const typeOf = (name: AddedFunction): number => module.typeCount + (name === 'grow' ? 1 : 0);
    sections.set(SectionId.type, append(wasm, module, SectionId.type, types));
    const typeIndices = ADDED_FUNCTIONS.map((name) => new ByteWriter().u32(typeOf(name)).finish());
    sections.set(SectionId.function, append(wasm, module, SectionId.function, typeIndices));
    sections.set(SectionId.memory, append(wasm, module, SectionId.memory, addedMemories(is64)));
  }
  if (bodies.length > 0) {
    const code = new ByteWriter().u32(bodies.length);
    for (const body of bodies) code.u32(body.length).bytes(body);
    sections.set(SectionId.code, code.finish());
  }
  return replaceSections(wasm, module.sections, sections);
}

function instrumentedBodies(wasm: Uint8Array, module: ParsedModule, context: FunctionContext): Uint8Array[] {
  const section = module.sections.find(({ id }) => id === SectionId.code);
  if (section === undefined) return [];
  const reader = new ByteReader(wasm, section.start, section.end);
  let index = module.imports.length;
  return reader.vector(() => {
    const size = reader.u32();
    const body = new ByteReader(wasm, reader.position, reader.position + size);
    reader.bytes(size);
    const parameters = module.functions[index]?.params.length ?? 0;
    return new FunctionInstrumenter(wasm, body, context, index++, parameters).run();
  });
}

/** A section's content with items added at the end. */
function append(wasm: Uint8Array, module: ParsedModule, id: number, items: Uint8Array[]): Uint8Array {
  const own = module.sections.find((section) => section.id === id);
  const writer = new ByteWriter();
  if (own === undefined) writer.u32(items.length);
  else {
    const reader = new ByteReader(wasm, own.start, own.end);
    writer.u32(reader.u32() + items.length).bytes(wasm.subarray(reader.position, own.end));
  }
  for (const item of items) writer.bytes(item);
  return writer.finish();
}

/** (address, length) -> () and (pages) -> pages */
function addedTypes(is64: boolean): Uint8Array[] {
  const word = is64 ? 0x7e : 0x7f;
  return [Uint8Array.of(0x60, 2, word, word, 0), Uint8Array.of(0x60, 1, word, 1, word)];
}

function addedMemories(is64: boolean): Uint8Array[] {
  const dirtyPages = dirtyMemoryPages(is64);
  return [
    new ByteWriter().u8(0x01).u32(dirtyPages).u32(dirtyPages).finish(),
    // 64-bit, because it can need more room than 32 bits address.
    new ByteWriter().u8(0x05).u32(0).u32(undoMemoryLimit(is64)).finish()
  ];
}

function addedGlobals(memoryPages: number): Uint8Array[] {
  const i32 = (value: number): Uint8Array => new ByteWriter().u8(0x7f).u8(1).u8(0x41).s64(value).u8(0x0b).finish();
  const initial: Record<AddedGlobal, Uint8Array> = {
    left: new ByteWriter().u8(0x7e).u8(1).u8(0x42).s64(0).u8(0x0b).finish(),
    size: i32(memoryPages),
    committed: i32(memoryPages * PAGES_PER_WASM_PAGE),
    dirtyCount: i32(0),
    undoCount: i32(0)
  };
  return ADDED_GLOBALS.map((name) => initial[name]);
}

function addedExports(module: ParsedModule, { global, function: functions, hasMemory }: Indices): Uint8Array[] {
  const added: { name: string; kind: number; index: number }[] = [];
  module.globals.forEach(({ type, mutable }, index) => {
    if (!mutable) return;
    if (!['i32', 'i64', 'f32', 'f64'].includes(type)) throw new WasmFormatError(`a mutable global of type ${type} is not supported`);
    added.push({ name: globalExport(index), kind: ExternalKind.global, index });
  });
  for (const name of ADDED_GLOBALS) added.push({ name: addedExport(name), kind: ExternalKind.global, index: global[name] });
  if (hasMemory) {
    added.push({ name: MEMORY_EXPORT, kind: ExternalKind.memory, index: Memory.own });
    added.push({ name: DIRTY_EXPORT, kind: ExternalKind.memory, index: Memory.dirty });
    added.push({ name: UNDO_EXPORT, kind: ExternalKind.memory, index: Memory.undo });
    added.push({ name: addedExport('mark'), kind: ExternalKind.function, index: functions.mark });
  }
  if (module.tables.length > 0) added.push({ name: TABLE_EXPORT, kind: ExternalKind.table, index: 0 });
  if (module.start !== undefined) added.push({ name: START_EXPORT, kind: ExternalKind.function, index: module.start });
  return added.map(({ name, kind, index }) => new ByteWriter().name(name).u8(kind).u32(index).finish());
}
