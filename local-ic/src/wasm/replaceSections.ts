import { ByteWriter } from './ByteWriter.ts';
import { HEADER, SectionId } from './format.ts';
import type { Section } from './parseModule.ts';

/** The order in which sections stand in a module; custom ones stand anywhere. */
const ORDER: number[] = [
  SectionId.type,
  SectionId.import,
  SectionId.function,
  SectionId.table,
  SectionId.memory,
  SectionId.tag,
  SectionId.global,
  SectionId.export,
  SectionId.start,
  SectionId.element,
  SectionId.dataCount,
  SectionId.code,
  SectionId.data
];

/** A module with other contents of some sections; undefined removes one, and one the module doesn't have is added at its place. */
export function replaceSections(
  wasm: Uint8Array,
  sections: Section[],
  replacements: ReadonlyMap<number, Uint8Array | undefined>
): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter().bytes(HEADER);
  const existing = new Set(sections.map(({ id }) => id));
  const missing = ORDER.filter((id) => replacements.get(id) !== undefined && !existing.has(id));
  const write = (id: number): void => {
    const content = replacements.get(id);
    if (content !== undefined) writer.section(id, content);
  };
  for (const { id, start, end } of sections) {
    const place = ORDER.indexOf(id);
    while (place >= 0 && missing[0] !== undefined && ORDER.indexOf(missing[0]) < place) write(missing.shift() ?? 0);
    if (replacements.has(id)) write(id);
    else writer.section(id, wasm.subarray(start, end));
  }
  missing.forEach(write);
  return writer.finish();
}
