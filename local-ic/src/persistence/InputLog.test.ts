import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputLog, type LogEntry } from './InputLog.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'local-ic-log-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const entry = (messages: number): LogEntry => ({ kind: 'round', round: { timeNs: 1n, offsetNs: 0n, messages, answers: 0 } });
const messagesOf = (log: InputLog, from = 1): number[] =>
  [...log.read(from)].map((one) => (one.kind === 'round' ? one.round.messages : Number.NaN));
const path = (number: number): string => join(directory, 'log', `${number}.log`);

/** Two files, as a checkpoint leaves them that didn't get to its end. */
function twoFiles(): InputLog {
  const log = new InputLog(directory);
  for (const messages of [1, 2]) log.append(entry(messages));
  log.rotate();
  log.append(entry(3));
  log.close();
  return log;
}

describe('the log', () => {
  it('has the entries of all files from one on, in order', () => {
    const log = twoFiles();
    expect(messagesOf(log)).toEqual([1, 2, 3]);
    expect(messagesOf(log, 2)).toEqual([3]);
  });

  it('ends where its newest file was cut off', () => {
    const log = twoFiles();
    truncateSync(path(2), readFileSync(path(2)).length - 1);
    expect(messagesOf(log)).toEqual([1, 2]);
  });

  it.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, -1)],
    ['cut off in a head', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2 + 3)],
    ['changed', (bytes: Buffer) => bytes.fill(0x20, 20, 21)]
  ])('is refused when an entry is %s that others follow in a later file', (_, damage) => {
    const log = twoFiles();
    writeFileSync(path(1), damage(readFileSync(path(1))));
    expect(() => messagesOf(log)).toThrow("damaged: an entry of the log's file 1 can't be read");
  });
});
