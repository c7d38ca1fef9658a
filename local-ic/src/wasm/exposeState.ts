import { ByteReader } from './ByteReader.ts';
import { ByteWriter } from './ByteWriter.ts';
import { ExternalKind, HEADER, SectionId } from './format.ts';
import type { ParsedModule } from './parseModule.ts';
import { WasmFormatError } from './WasmFormatError.ts';

/** Names of the exports that are added; the prefix can't collide with what compilers emit, and is checked anyway. */
const PREFIX = 'local-ic:';
export const MEMORY_EXPORT = `${PREFIX}memory`;
export const TABLE_EXPORT = `${PREFIX}table`;
export const START_EXPORT = `${PREFIX}start`;
export const globalExport = (index: number): string => `${PREFIX}global${index}`;

/**
 * Rewrites a module so that everything a message can change is reachable from outside: memory, table and every mutable global are
 * exported. The start function becomes an export and its section goes: run at instantiation, as V8 would, it is too early (an upgrade
 * must bring the old memory back first) and too often (an instance is also made to roll a message back).
 *
 * @throws WasmFormatError when the module keeps state that can't be saved from outside
 */
export function exposeState(wasm: Uint8Array, module: ParsedModule): Uint8Array<ArrayBuffer> {
  if (module.memories.length > 1) throw new WasmFormatError('modules with several memories are not supported');
  if (module.exports.some(({ name }) => name.startsWith(PREFIX))) throw new WasmFormatError(`an export starts with "${PREFIX}"`);
  const writer = new ByteWriter().bytes(HEADER);
  const exports = exportSection(wasm, module);
  let written = false;
  for (const { id, start, end } of module.sections) {
    // Sections come in a fixed order: a module without an export section gets it before the first one that follows.
    if (!written && id !== SectionId.custom && id >= SectionId.export) {
      writer.section(SectionId.export, exports);
      written = true;
    }
    if (id !== SectionId.export && id !== SectionId.start) writer.section(id, wasm.subarray(start, end));
  }
  if (!written) writer.section(SectionId.export, exports);
  return writer.finish();
}

function exportSection(wasm: Uint8Array, module: ParsedModule): Uint8Array {
  const added: { name: string; kind: number; index: number }[] = [];
  module.globals.forEach(({ type, mutable }, index) => {
    if (!mutable) return;
    if (!['i32', 'i64', 'f32', 'f64'].includes(type)) throw new WasmFormatError(`a mutable global of type ${type} is not supported`);
    added.push({ name: globalExport(index), kind: ExternalKind.global, index });
  });
  if (module.memories.length > 0) added.push({ name: MEMORY_EXPORT, kind: ExternalKind.memory, index: 0 });
  if (module.tables.length > 0) added.push({ name: TABLE_EXPORT, kind: ExternalKind.table, index: 0 });
  if (module.start !== undefined) added.push({ name: START_EXPORT, kind: ExternalKind.function, index: module.start });

  const writer = new ByteWriter().u32(module.exports.length + added.length);
  const own = module.sections.find(({ id }) => id === SectionId.export);
  if (own !== undefined) {
    const reader = new ByteReader(wasm, own.start, own.end);
    reader.u32();
    writer.bytes(wasm.subarray(reader.position, own.end));
  }
  for (const { name, kind, index } of added) writer.name(name).u8(kind).u32(index);
  return writer.finish();
}
