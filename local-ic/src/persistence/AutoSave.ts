import type { Input, Round } from '../engine/inputTypes.ts';
import type { StateKeeper } from '../engine/StateKeeper.ts';
import type { CapturedState } from './captureState.ts';
import type { InputLog } from './InputLog.ts';
import type { StateDirectory } from './StateDirectory.ts';

/** A checkpoint is taken once nothing happened for this long ... */
const QUIET_MS = 2_000;
/** ... but at the latest this long after the first thing that happened ... */
const LONGEST_MS = 30_000;
/** ... or when so much is in the log. Running it again at the next start takes less time than it took. */
const LOG_BYTES = 32 * 2 ** 20;

export interface Checkpoints {
  capture(): CapturedState;
  /** The last capture is on the disk. */
  confirm(): void;
}

/**
 * Keeps the state directory level with the network: what happens is in the log before anybody learns of it, and from time to time a checkpoint
 * makes the log short again.
 */
export class AutoSave implements StateKeeper {
  readonly #checkpoints: Checkpoints;
  readonly #directory: StateDirectory;
  readonly #log: InputLog;
  readonly #report: (line: string) => void;
  readonly #release: () => void;
  #timer: NodeJS.Timeout | undefined;
  /** When it goes off. */
  #dueMs = Infinity;
  #firstChangeMs: number | undefined;
  #saving: Promise<void> = Promise.resolve();
  /** Set when a round could not be written: the state has it, and must not reach the disk, for nobody was told of it. */
  #lost: unknown;

  /**
   * @param report takes what went wrong in the background
   * @param release gives the directory free
   */
  constructor(checkpoints: Checkpoints, directory: StateDirectory, log: InputLog, report: (line: string) => void, release: () => void) {
    this.#checkpoints = checkpoints;
    this.#directory = directory;
    this.#log = log;
    this.#report = report;
    this.#release = release;
  }

  input(input: Input): void {
    this.#log.append({ kind: 'input', input });
    this.#schedule();
  }

  round(round: Round): void {
    try {
      this.#log.append({ kind: 'round', round });
    } catch (error) {
      this.#lost = error;
      clearTimeout(this.#timer);
      throw error;
    }
    this.#schedule();
  }

  /** Takes a checkpoint now. @throws Error when the disk refuses, or has refused a round */
  save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#dueMs = Infinity;
    // One after the other, and a failed one doesn't spoil the next.
    this.#saving = this.#saving.catch(() => undefined).then(() => this.#save());
    return this.#saving;
  }

  async close(): Promise<void> {
    try {
      if (this.#lost === undefined) await this.save();
      else await this.#saving.catch(() => undefined);
    } finally {
      this.#log.close();
      this.#release();
    }
  }

  #schedule(): void {
    const now = performance.now();
    this.#firstChangeMs ??= now;
    // One that is overdue is on its way, and setting it anew would put it off: where one thing follows the other, for ever.
    if (this.#dueMs <= now) return;
    const wait = this.#log.bytes > LOG_BYTES ? 0 : Math.max(0, Math.min(QUIET_MS, this.#firstChangeMs + LONGEST_MS - now));
    clearTimeout(this.#timer);
    this.#dueMs = now + wait;
    this.#timer = setTimeout(() => {
      this.#dueMs = Infinity;
      this.save().catch((error: unknown) => {
        this.#report(`[local-ic] the state could not be saved: ${error instanceof Error ? error.message : String(error)}`);
      });
    }, wait);
  }

  async #save(): Promise<void> {
    if (this.#lost !== undefined) throw this.#lost;
    this.#firstChangeMs = undefined;
    // From here to the rotation nothing runs in between: the checkpoint and the new file of the log fit together.
    const { manifest, newBlobs, blobs } = this.#checkpoints.capture();
    const log = this.#log.rotate();
    for (const [name, content] of newBlobs) await this.#directory.writeBlob(name, content);
    await this.#directory.replaceManifest({ ...manifest, log }, blobs);
    this.#checkpoints.confirm();
    this.#log.removeBefore(log);
  }
}
