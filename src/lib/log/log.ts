import type { Fields, KnownFields } from './redact';

type Level = 'debug' | 'info' | 'warn' | 'error';

/** Something that happened, as it is kept: already redacted. */
export interface LogEvent {
  /** This device's clock, milliseconds since 1970. */
  readonly atMs: number;
  readonly level: Level;
  /** What happened: "call", "action", "session", "page.error" ... */
  readonly event: string;
  /** The same for everything that one action of a person led to. */
  readonly correlationId: string | undefined;
  readonly fields: Fields;
}

/** Where the parts of the app write down what they do. Writing never fails and prints nothing. */
export interface Log {
  readonly correlationId: string | undefined;
  write(level: Level, event: string, fields?: KnownFields): void;
  /** The same log; what is written through this one carries the id. */
  correlated(correlationId: string): Log;
}

/** A page's log, which can be read. */
export interface PageLog extends Log {
  /** Oldest first. */
  events(): readonly LogEvent[];
}
