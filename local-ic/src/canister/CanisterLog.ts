/** One line of a canister's log, in the names of the management canister's interface. */
export interface LogRecord {
  /** Counts all lines there ever were. */
  idx: bigint;
  timestamp_nanos: bigint;
  content: Uint8Array;
}

/** The IC's limit of what is kept; the oldest lines make room. */
const MAX_BYTES = 4_096;
/** Index and time of a line count, too. */
const RECORD_BYTES = 16;

/**
 * What a canister printed and why it trapped, in replicated executions. It belongs to the canister, yet not to its state: a message that is
 * undone has printed all the same, and stays in the log.
 */
export class CanisterLog {
  records: LogRecord[] = [];
  nextIdx = 0n;

  /** Adds a line, cut to what fits at all. */
  add(timestampNs: bigint, content: Uint8Array): void {
    this.records.push({ idx: this.nextIdx++, timestamp_nanos: timestampNs, content: content.slice(0, MAX_BYTES - RECORD_BYTES) });
    let bytes = this.records.reduce((sum, record) => sum + RECORD_BYTES + record.content.length, 0);
    while (bytes > MAX_BYTES) bytes -= RECORD_BYTES + (this.records.shift()?.content.length ?? 0);
  }

  /** Forgets the lines before the one with this index. */
  clear(before = this.nextIdx): void {
    this.records = this.records.filter(({ idx }) => idx >= before);
  }
}
