import type { StateKeeper } from '../engine/EmbeddedEngine.ts';
import type { Subnet } from '../engine/Subnet.ts';
import { StateCapture } from './captureState.ts';
import type { StateDirectory } from './StateDirectory.ts';

/** Saves once nothing happened for this long ... */
const QUIET_MS = 500;
/** ... but at the latest this long after the first change that isn't saved. */
const LONGEST_MS = 2_000;

/**
 * Keeps the state directory close behind the network's state. What it saves is always a moment between messages with no call half done,
 * over all canisters at once; a process that is killed loses at most the last seconds, never consistency.
 */
export class AutoSave implements StateKeeper {
  readonly #subnet: Subnet;
  readonly #directory: StateDirectory;
  readonly #settle: () => boolean;
  readonly #release: () => void;
  readonly #capture = new StateCapture();
  #timer: NodeJS.Timeout | undefined;
  #firstChangeMs: number | undefined;
  #saving: Promise<void> = Promise.resolve();

  /**
   * @param settle brings the network to a moment without half-done calls, and says whether it could
   * @param release gives the directory free
   */
  constructor(subnet: Subnet, directory: StateDirectory, settle: () => boolean, release: () => void) {
    this.#subnet = subnet;
    this.#directory = directory;
    this.#settle = settle;
    this.#release = release;
  }

  onProgress(): void {
    if (!this.#capture.isChanged(this.#subnet)) return;
    const now = performance.now();
    this.#firstChangeMs ??= now;
    const wait = Math.max(0, Math.min(QUIET_MS, this.#firstChangeMs + LONGEST_MS - now));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#saveInBackground(), wait);
  }

  /** Saves now. @throws Error when the disk refuses */
  save(): Promise<void> {
    clearTimeout(this.#timer);
    // One after the other, and a failed one doesn't spoil the next.
    this.#saving = this.#saving.catch(() => undefined).then(() => this.#save());
    return this.#saving;
  }

  async close(): Promise<void> {
    try {
      await this.save();
    } finally {
      this.#release();
    }
  }

  #saveInBackground(): void {
    if (!this.#settle()) {
      // A call waits for something that takes time, such as a stop that waits for another canister: look again later.
      this.#timer = setTimeout(() => this.#saveInBackground(), QUIET_MS);
      return;
    }
    this.save().catch((error: unknown) => {
      this.#subnet.log(`[local-ic] the state could not be saved: ${error instanceof Error ? error.message : String(error)}`);
    });
  }

  async #save(): Promise<void> {
    if (!this.#settle()) {
      this.#subnet.log('[local-ic] the state is saved while a call waits for its answer; after a restart that answer never comes');
    }
    this.#firstChangeMs = undefined;
    if (!this.#capture.isChanged(this.#subnet)) return;
    const { manifest, newBlobs, blobs } = this.#capture.capture(this.#subnet);
    for (const [name, content] of newBlobs) await this.#directory.writeBlob(name, content);
    await this.#directory.replaceManifest(manifest, blobs);
    this.#capture.confirm();
  }
}
