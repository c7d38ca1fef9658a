import { ByteReader } from './ByteReader.ts';
import { ExternalKind, HEADER, SectionId, VALUE_TYPES } from './format.ts';
import { WasmFormatError } from './WasmFormatError.ts';

/** A section's place in the module: content from `start` to `end`. */
export interface Section {
  id: number;
  start: number;
  end: number;
}

export interface FunctionType {
  params: string[];
  results: string[];
}

/** A memory or table: whether its addresses are 64-bit. */
interface Addressed {
  is64: boolean;
  minimum: bigint;
}

interface GlobalType {
  type: string;
  mutable: boolean;
}

export interface ParsedModule {
  sections: Section[];
  typeCount: number;
  imports: { module: string; name: string; type: FunctionType }[];
  /** Types of all functions, imported ones first. */
  functions: FunctionType[];
  memories: Addressed[];
  tables: Addressed[];
  globals: GlobalType[];
  exports: { name: string; kind: number; index: number }[];
  start: number | undefined;
  customSections: { name: string; content: Uint8Array }[];
}

/**
 * Reads what the network has to know of a canister module. Code and data stay unread.
 *
 * @throws WasmFormatError when the bytes are no module, or one that can't be a canister (an import that isn't a function)
 */
export function parseModule(wasm: Uint8Array): ParsedModule {
  const sections = readSections(wasm);
  const module: ParsedModule = {
    sections,
    typeCount: 0,
    imports: [],
    functions: [],
    memories: [],
    tables: [],
    globals: [],
    exports: [],
    start: undefined,
    customSections: []
  };
  let types: FunctionType[] = [];
  for (const section of sections) {
    const reader = new ByteReader(wasm, section.start, section.end);
    switch (section.id) {
      case SectionId.custom:
        module.customSections.push({ name: reader.name(), content: wasm.slice(reader.position, section.end) });
        break;
      case SectionId.type:
        types = reader.vector(() => readFunctionType(reader));
        module.typeCount = types.length;
        break;
      case SectionId.import:
        module.imports = reader.vector(() => readImport(reader, types));
        module.functions.push(...module.imports.map(({ type }) => type));
        break;
      case SectionId.function:
        module.functions.push(...reader.vector(() => typeAt(types, reader.u32())));
        break;
      case SectionId.table:
        module.tables = reader.vector(() => readTable(reader));
        break;
      case SectionId.memory:
        module.memories = reader.vector(() => readLimits(reader));
        break;
      case SectionId.global:
        module.globals = reader.vector(() => readGlobal(reader));
        break;
      case SectionId.export:
        module.exports = reader.vector(() => ({ name: reader.name(), kind: reader.u8(), index: reader.u32() }));
        break;
      case SectionId.start:
        module.start = reader.u32();
        break;
    }
  }
  return module;
}

function readSections(wasm: Uint8Array): Section[] {
  if (wasm.length < HEADER.length || HEADER.some((byte, i) => wasm[i] !== byte))
    throw new WasmFormatError('the bytes are not a Wasm module');
  const sections: Section[] = [];
  const reader = new ByteReader(wasm, HEADER.length);
  while (!reader.done) {
    const id = reader.u8();
    const size = reader.u32();
    const start = reader.position;
    reader.bytes(size);
    sections.push({ id, start, end: start + size });
  }
  return sections;
}

function valueType(byte: number): string {
  const type = VALUE_TYPES[byte];
  if (type === undefined) throw new WasmFormatError(`value type 0x${byte.toString(16)} is not supported`);
  return type;
}

function typeAt(types: FunctionType[], index: number): FunctionType {
  const type = types[index];
  if (type === undefined) throw new WasmFormatError(`there is no type ${index}`);
  return type;
}

function readFunctionType(reader: ByteReader): FunctionType {
  if (reader.u8() !== 0x60) throw new WasmFormatError('only function types are supported');
  return { params: reader.vector(() => valueType(reader.u8())), results: reader.vector(() => valueType(reader.u8())) };
}

function readImport(reader: ByteReader, types: FunctionType[]): ParsedModule['imports'][number] {
  const module = reader.name();
  const name = reader.name();
  const kind = reader.u8();
  if (kind !== ExternalKind.function) throw new WasmFormatError(`import ${module}.${name} is not a function`);
  return { module, name, type: typeAt(types, reader.u32()) };
}

function readLimits(reader: ByteReader): Addressed {
  const flags = reader.u8();
  if ((flags & ~0x05) !== 0) throw new WasmFormatError('shared memory and memory pages of another size are not supported');
  const minimum = reader.u64();
  if ((flags & 0x01) !== 0) reader.u64();
  return { is64: (flags & 0x04) !== 0, minimum };
}

function readTable(reader: ByteReader): Addressed {
  const first = reader.u8();
  if (first === 0x40) throw new WasmFormatError('tables with an initial value are not supported');
  return readLimits(reader);
}

function readGlobal(reader: ByteReader): GlobalType {
  const type = valueType(reader.u8());
  const mutable = reader.u8() === 1;
  skipConstantExpression(reader);
  return { type, mutable };
}

/** Passes over an initialiser: constants, global.get, ref.null, ref.func and the extended-const additions. */
function skipConstantExpression(reader: ByteReader): void {
  for (let opcode = reader.u8(); opcode !== 0x0b; opcode = reader.u8()) {
    if (opcode === 0x41 || opcode === 0x42 || opcode === 0x23 || opcode === 0xd2) reader.skipLeb();
    else if (opcode === 0x43) reader.bytes(4);
    else if (opcode === 0x44) reader.bytes(8);
    else if (opcode === 0xd0) reader.u8();
    else if (opcode === 0xfd) {
      reader.skipLeb();
      reader.bytes(16);
    } else if (!((opcode >= 0x6a && opcode <= 0x6c) || (opcode >= 0x7c && opcode <= 0x7e))) {
      throw new WasmFormatError(`opcode 0x${opcode.toString(16)} in an initialiser is not supported`);
    }
  }
}
