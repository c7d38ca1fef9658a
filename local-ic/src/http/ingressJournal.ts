import { closeSync, fdatasyncSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { toHex } from './bytes.ts';
import { decodeEntry, encodeEntry, relevantUntil, type JournaledRequest } from './journalEntry.ts';

/** A new file is begun when the last one covers this much network time ... */
const FILE_NS = 60_000_000_000n;
/** ... or has grown to this size. */
const FILE_BYTES = 16 * 1024 * 1024;
const FILE_NAME = /^(\d+)\.ndjson$/;

/** Remembers accepted requests beyond the life of the process. */
export interface IngressJournal {
  /** Before the request runs. @throws Error when that can't be written: then it must not run */
  accept(request: JournaledRequest, nowNs: bigint): void;
  /** Before anybody learns the answer. */
  answer(request: JournaledRequest, nowNs: bigint): void;
}

/**
 * The ingress journal of a state directory: files with a line for each acceptance and each answer.
 *
 * A line is handed to the system before the request runs, so a process that is killed, at any moment, leaves no envelope that could run a
 * second time; only a machine that loses power can forget the latest ones, since the last `sync`. Lines are never rewritten: a
 * whole file goes when nothing in it can matter any more, which bounds them all by the traffic of some ten minutes.
 */
export class FileIngressJournal implements IngressJournal {
  private readonly directory: string;
  /** Older files, and until when (network time, ns) one of their lines matters. */
  private older: { path: string; untilNs: bigint }[] = [];
  private current: { path: string; file: number; startNs: bigint; untilNs: bigint; bytes: number } | undefined;
  private nextNumber = 1;

  private isClosed = false;
  private readonly log: (line: string) => void;

  private constructor(directory: string, log: (line: string) => void) {
    this.directory = directory;
    this.log = log;
  }

  /** Opens the journal and reads what still matters at `nowNs`. The caller holds the lock of the state directory. */
  static open(stateDir: string, nowNs: bigint, log: (line: string) => void): { journal: FileIngressJournal; requests: JournaledRequest[] } {
    const directory = join(stateDir, 'ingress');
    const journal = new FileIngressJournal(directory, log);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const requests = new Map<string, JournaledRequest>();
    for (const number of fileNumbers(directory)) journal.read(number, nowNs, requests);
    journal.removeOldFiles(nowNs);
    return { journal, requests: [...requests.values()] };
  }

  accept(request: JournaledRequest, nowNs: bigint): void {
    this.rotate(nowNs);
    this.append(request, nowNs);
  }

  answer(request: JournaledRequest, nowNs: bigint): void {
    this.tryAppend(request, nowNs);
  }

  /** Everything written so far would survive a loss of power afterwards. */
  sync(): void {
    if (this.current !== undefined) fdatasyncSync(this.current.file);
  }

  close(): void {
    this.isClosed = true;
    this.closeCurrent();
  }

  private closeCurrent(): void {
    if (this.current === undefined) return;
    this.sync();
    closeSync(this.current.file);
    this.older.push(this.current);
    this.current = undefined;
  }

  /** What is lost here is an answer, not that the request ran: that was written before. */
  private tryAppend(request: JournaledRequest, nowNs: bigint): void {
    try {
      this.append(request, nowNs);
    } catch (error) {
      this.log(`the journal of requests can't be written: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private append(request: JournaledRequest, nowNs: bigint): void {
    // The directory belongs to whoever opens it next.
    if (this.isClosed) return;
    const current = (this.current ??= this.begin(nowNs));
    const line = Buffer.from(encodeEntry(request));
    try {
      for (let written = 0; written < line.length;) written += writeSync(current.file, line, written);
    } catch (error) {
      // Half a line may be there: the next one must not be appended to it.
      this.closeCurrent();
      throw error;
    }
    current.bytes += line.length;
    current.untilNs = later(current.untilNs, relevantUntil(request));
  }

  private begin(nowNs: bigint): NonNullable<FileIngressJournal['current']> {
    const path = join(this.directory, `${this.nextNumber}.ndjson`);
    this.nextNumber += 1;
    return { path, file: openSync(path, 'wx', 0o600), startNs: nowNs, untilNs: 0n, bytes: 0 };
  }

  private rotate(nowNs: bigint): void {
    const { current } = this;
    if (current === undefined || (nowNs - current.startNs < FILE_NS && current.bytes < FILE_BYTES)) return;
    this.closeCurrent();
    this.removeOldFiles(nowNs);
  }

  /** The oldest first, and none before an older one: an answer must not go before the acceptance it belongs to. */
  private removeOldFiles(nowNs: bigint): void {
    for (let oldest = this.older[0]; oldest !== undefined && oldest.untilNs < nowNs; oldest = this.older[0]) {
      rmSync(oldest.path, { force: true });
      this.older.shift();
    }
  }

  private read(number: number, nowNs: bigint, requests: Map<string, JournaledRequest>): void {
    const path = join(this.directory, `${number}.ndjson`);
    let untilNs = 0n;
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      // A process that is killed in the middle of a line leaves half of one, as the last of its file: what it would have said did not
      // happen yet, neither the run of a request nor the sending of its answer.
      const request = line === '' ? undefined : decodeEntry(line);
      if (request === undefined) continue;
      untilNs = later(untilNs, relevantUntil(request));
      if (relevantUntil(request) >= nowNs) requests.set(toHex(request.id), request);
    }
    this.older.push({ path, untilNs });
    this.nextNumber = number + 1;
  }
}

function fileNumbers(directory: string): number[] {
  return readdirSync(directory)
    .flatMap((name) => FILE_NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

function later(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
