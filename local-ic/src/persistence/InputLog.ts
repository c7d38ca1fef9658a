import { closeSync, fdatasyncSync, ftruncateSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Input, Round } from '../engine/inputTypes.ts';
import { decodePlain, encodePlain } from './plainData.ts';

export type LogEntry = { kind: 'input'; input: Input } | { kind: 'round'; round: Round };

const FILE_NAME = /^(\d+)\.log$/;
/** Before each entry: its length and its CRC-32, 4 bytes each. */
const HEADER_BYTES = 8;

/**
 * What happened since the last checkpoint: every input before it takes effect, every round before anybody learns what came of it. Entries are handed
 * to the system at once, so a process that is killed loses none; a machine that loses power can lose those since the last `sync`.
 *
 * A checkpoint begins a new file, and the files before it go once it is on the disk. The caller holds the lock of the directory.
 */
export class InputLog {
  readonly #directory: string;
  #number: number;
  #file: number | undefined;
  #bytes = 0;
  #broken = false;

  /** @param from the file in which what happened after the checkpoint begins; there may be none of that number yet */
  constructor(stateDirectory: string, from = 1) {
    this.#directory = join(stateDirectory, 'log');
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    this.#number = Math.max(from, ...this.#numbers().map((number) => number + 1));
  }

  /** Bytes written since the last checkpoint. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @throws Error when the disk refuses; nothing is written any more then, until the next checkpoint */
  append(entry: LogEntry): void {
    if (this.#broken) throw new Error('an earlier entry could not be written');
    const content = Buffer.from(encodePlain(entry));
    const record = Buffer.alloc(HEADER_BYTES + content.length);
    record.writeUInt32LE(content.length, 0);
    record.writeUInt32LE(crc32(content), 4);
    record.set(content, HEADER_BYTES);
    try {
      this.#file ??= openSync(this.#path(this.#number), 'wx', 0o600);
      for (let written = 0; written < record.length;) written += writeSync(this.#file, record, written);
    } catch (error) {
      this.#broken = true;
      this.#dropHalf();
      throw error;
    }
    this.#bytes += record.length;
  }

  /** Takes away what there is of an entry that could not be written: a file that more files follow must be whole. */
  #dropHalf(): void {
    try {
      if (this.#file !== undefined) ftruncateSync(this.#file, this.#bytes);
    } catch {
      // Then a start from here on is refused, unless a checkpoint comes first.
    }
  }

  /** Everything written so far would survive a loss of power afterwards. */
  sync(): void {
    if (this.#file !== undefined) fdatasyncSync(this.#file);
  }

  /** Begins a new file, for what happens after a checkpoint that is taken at this moment. @returns its number */
  rotate(): number {
    this.close();
    this.#bytes = 0;
    this.#broken = false;
    return ++this.#number;
  }

  /** Removes the files before `number`. */
  removeBefore(number: number): void {
    for (const old of this.#numbers()) if (old < number) rmSync(this.#path(old), { force: true });
  }

  /**
   * The entries of the files from `number` on, in order; one that was cut off by the end of its process is none.
   *
   * @throws Error when one is missing before others: what comes after it would be run on another state than it was
   */
  *read(number: number): Generator<LogEntry> {
    const files = this.#numbers().filter((one) => one >= number);
    for (const one of files) {
      const isWhole = yield* readEntries(readFileSync(this.#path(one)));
      if (!isWhole && one !== files.at(-1)) throw new Error(`The saved state is damaged: an entry of the log's file ${one} can't be read`);
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #path(number: number): string {
    return join(this.#directory, `${number}.log`);
  }

  #numbers(): number[] {
    const numbers = readdirSync(this.#directory).flatMap((name) => Number(FILE_NAME.exec(name)?.[1] ?? []));
    return numbers.sort((a, b) => a - b);
  }
}

/** @returns whether there is nothing else in the file */
function* readEntries(bytes: Buffer): Generator<LogEntry, boolean> {
  let position = 0;
  while (position + HEADER_BYTES <= bytes.length) {
    const end = position + HEADER_BYTES + bytes.readUInt32LE(position);
    const content = bytes.subarray(position + HEADER_BYTES, end);
    if (end > bytes.length || crc32(content) !== bytes.readUInt32LE(position + 4)) return false;
    yield decodePlain(content.toString()) as LogEntry;
    position = end;
  }
  return position === bytes.length;
}
