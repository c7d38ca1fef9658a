/** A byte string without its empty parts: most of a canister's memory is zero. */
export interface SparseBytes {
  /** Size of a part; the last one may be shorter. */
  partBytes: number;
  /** Indices of the parts that are kept, ascending. */
  parts: number[];
  /** The kept parts, one after the other. */
  content: Uint8Array;
  /** Length of the whole. */
  length: number;
}

const PART_BYTES = 65_536;
const ZEROS = new Uint8Array(PART_BYTES);

/** Copies what isn't zero. */
export function packBytes(bytes: Uint8Array): SparseBytes {
  const kept: { index: number; part: Uint8Array }[] = [];
  for (let index = 0; index * PART_BYTES < bytes.length; index++) {
    const part = bytes.subarray(index * PART_BYTES, (index + 1) * PART_BYTES);
    if (Buffer.compare(part, ZEROS.subarray(0, part.length)) !== 0) kept.push({ index, part });
  }
  return concatenate(kept, PART_BYTES, bytes.length);
}

/** Copies the chunks that exist. */
export function packChunks(chunks: readonly (Uint8Array | undefined)[], chunkBytes: number): SparseBytes {
  const kept = chunks.flatMap((part, index) => (part === undefined ? [] : [{ index, part }]));
  return concatenate(kept, chunkBytes, chunks.length * chunkBytes);
}

/** The whole byte string again. @throws Error when the content isn't as long as its parts */
export function unpackBytes(sparse: SparseBytes): Uint8Array {
  const bytes = new Uint8Array(sparse.length);
  eachPart(sparse, (index, part) => bytes.set(part, index * sparse.partBytes));
  return bytes;
}

/** The chunks again, undefined where there was none. @throws Error when the content isn't as long as its parts */
export function unpackChunks(sparse: SparseBytes): (Uint8Array | undefined)[] {
  const chunks = Array.from<Uint8Array | undefined>({ length: sparse.length / sparse.partBytes });
  eachPart(sparse, (index, part) => {
    chunks[index] = part.slice();
  });
  return chunks;
}

function concatenate(kept: { index: number; part: Uint8Array }[], partBytes: number, length: number): SparseBytes {
  const content = new Uint8Array(kept.reduce((sum, { part }) => sum + part.length, 0));
  let position = 0;
  for (const { part } of kept) {
    content.set(part, position);
    position += part.length;
  }
  return { partBytes, parts: kept.map(({ index }) => index), content, length };
}

function eachPart({ partBytes, parts, content, length }: SparseBytes, visit: (index: number, part: Uint8Array) => void): void {
  let position = 0;
  for (const index of parts) {
    const size = Math.min(partBytes, length - index * partBytes);
    visit(index, content.subarray(position, position + size));
    position += size;
  }
  if (position !== content.length) throw new Error(`The saved state is damaged: ${content.length} bytes where ${position} were expected`);
}
