import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Input, Round } from '../engine/inputTypes.ts';
import { AutoSave } from './AutoSave.ts';
import type { CapturedState } from './captureState.ts';
import { InputLog } from './InputLog.ts';
import { StateDirectory } from './StateDirectory.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'local-ic-save-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const ROUND: Round = { timeNs: 1n, offsetNs: 0n, messages: 1, answers: 0 };
const LARGE: Input = { kind: 'stable-memory', canisterId: Uint8Array.of(1), bytes: new Uint8Array(30 * 2 ** 20) };
const NOTHING = { manifest: {}, newBlobs: new Map(), blobs: new Set() } as unknown as CapturedState;

const fail = (line: string): void => expect.unreachable(line);

describe('checkpoints', () => {
  it('are taken soon when the log is long, and not put off by what happens meanwhile', async () => {
    const capture = vi.fn(() => NOTHING);
    const log = new InputLog(directory);
    const files = new StateDirectory(directory);
    const keeper = new AutoSave({ capture, confirm: () => undefined }, files, log, fail, () => undefined);
    const timer = vi.spyOn(globalThis, 'setTimeout');
    keeper.input(LARGE);
    // Each of these would put it off by a millisecond, and on a fast machine they come without end.
    for (let i = 0; i < 100; i++) keeper.round(ROUND);
    expect(timer).toHaveBeenCalledTimes(1);
    timer.mockRestore();
    await expect.poll(() => capture.mock.calls.length).toBe(1);
    // The next change is kept as well, in its time.
    keeper.round(ROUND);
    await expect.poll(() => capture.mock.calls.length, { timeout: 5_000 }).toBe(2);
    await keeper.close();
  });
});
