import { formatEvent } from './formatEvent';
import type { LogEvent } from './log';
import { redact } from './redact';

/** The most events of a report: more than a person reads, less than a message takes. */
const REPORTED_EVENTS = 200;

export interface ReportFacts {
  readonly version: string;
  /** undefined while the configuration is not there. */
  readonly network: string | undefined;
  readonly optionsCanister: string | undefined;
  /** "signedIn", "anonymous" ...; undefined while nothing has started. */
  readonly session: string | undefined;
  readonly principal: string | undefined;
  /** The path only: what follows it may be somebody's. */
  readonly page: string;
  readonly browser: string;
  readonly screen: string;
  readonly online: boolean;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly events: readonly LogEvent[];
}

/** What a person can copy and give to whoever helps them. Holds no amounts and nothing that was typed. */
export function problemReport(facts: ReportFacts): string {
  const shown = facts.events.slice(-REPORTED_EVENTS);
  const who = facts.principal === undefined ? {} : redact({ principal: facts.principal });
  return [
    'Satstrike problem report',
    `Time: ${new Date(facts.atMs).toISOString()}`,
    `Page: ${facts.page}, version ${facts.version}`,
    `Network: ${facts.network ?? 'not known'}, options canister ${facts.optionsCanister ?? 'not known'}`,
    `Session: ${[facts.session ?? 'not started', ...Object.values(who)].join(' ')}`,
    `Browser: ${facts.browser}, ${facts.screen}, ${facts.online ? 'online' : 'offline'}`,
    '',
    shown.length === 0 ? 'No events.' : `Last ${shown.length} events, oldest first:`,
    ...shown.map(formatEvent)
  ].join('\n');
}
