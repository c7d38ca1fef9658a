import { Trap } from './Trap.ts';
import { WASM_PAGE_BYTES } from '../wasm/layout.ts';

/** Size of the units that are copied on write; small, because most messages touch a few bytes. */
export const STABLE_CHUNK_BYTES = 16_384;
/** The IC's limit: 500 GiB. */
const MAX_PAGES = (500 * 2 ** 30) / WASM_PAGE_BYTES;

/** A state of the stable memory. Chunks never change once they are in an image; absent ones are all zero. */
export interface StableImage {
  readonly pages: number;
  readonly chunks: readonly (Uint8Array | undefined)[];
}

const EMPTY: StableImage = { pages: 0, chunks: [] };

/**
 * A canister's stable memory: the committed image and the live one, which share all chunks the running message hasn't written. So
 * committing, rolling back and keeping a copy cost nothing but a list of references.
 */
export class StableMemory {
  #committed: StableImage;
  #pages: number;
  #chunks: (Uint8Array | undefined)[];
  /** Chunks that belong to the live image alone and may be written in place. */
  readonly #owned = new Set<number>();
  #changed = false;

  constructor(image: StableImage = EMPTY) {
    this.#committed = image;
    this.#pages = image.pages;
    this.#chunks = [...image.chunks];
  }

  /** Size in Wasm pages of 64 KiB. */
  get pages(): number {
    return this.#pages;
  }

  get committed(): StableImage {
    return this.#committed;
  }

  /** @returns the size before, or -1 when it can't grow so far */
  grow(pages: number): number {
    const before = this.#pages;
    if (before + pages > MAX_PAGES) return -1;
    this.#pages += pages;
    if (pages > 0) this.#changed = true;
    return before;
  }

  read(offset: number, target: Uint8Array): void {
    this.#check(offset, target.length);
    this.#eachChunk(offset, target.length, (index, from, size, done) => {
      const chunk = this.#chunks[index];
      if (chunk === undefined) target.fill(0, done, done + size);
      else target.set(chunk.subarray(from, from + size), done);
    });
  }

  write(offset: number, data: Uint8Array): void {
    this.#check(offset, data.length);
    if (data.length > 0) this.#changed = true;
    this.#eachChunk(offset, data.length, (index, from, size, done) => {
      this.#ownedChunk(index).set(data.subarray(done, done + size), from);
    });
  }

  commit(): void {
    if (this.#changed) this.#committed = this.capture();
    this.#changed = false;
  }

  rollback(): void {
    if (this.#changed) this.load(this.#committed);
    this.#changed = false;
  }

  /** The live state, which from now on is copied before it is written. */
  capture(): StableImage {
    this.#owned.clear();
    return { pages: this.#pages, chunks: [...this.#chunks] };
  }

  /** Makes another image the live one, without committing it. */
  load(image: StableImage): void {
    this.#owned.clear();
    this.#pages = image.pages;
    this.#chunks = [...image.chunks];
    this.#changed = true;
  }

  #check(offset: number, size: number): void {
    if (offset + size > this.#pages * WASM_PAGE_BYTES) throw Trap.wasm('stable memory out of bounds');
  }

  #ownedChunk(index: number): Uint8Array {
    const existing = this.#chunks[index];
    if (existing !== undefined && this.#owned.has(index)) return existing;
    const copy = existing?.slice() ?? new Uint8Array(STABLE_CHUNK_BYTES);
    while (this.#chunks.length < index) this.#chunks.push(undefined);
    this.#chunks[index] = copy;
    this.#owned.add(index);
    return copy;
  }

  #eachChunk(offset: number, size: number, visit: (index: number, from: number, size: number, done: number) => void): void {
    for (let done = 0; done < size;) {
      const position = offset + done;
      const from = position % STABLE_CHUNK_BYTES;
      const part = Math.min(STABLE_CHUNK_BYTES - from, size - done);
      visit(Math.floor(position / STABLE_CHUNK_BYTES), from, part, done);
      done += part;
    }
  }
}
