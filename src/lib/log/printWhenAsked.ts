import { formatEvent } from './formatEvent';
import type { LogEvent } from './log';

/** For developers: `localStorage['satstrike.log'] = 'console'`, then reload. Nobody else's console hears anything. */
export function printWhenAsked(): ((event: LogEvent) => void) | undefined {
  return isAsked() ? (event) => console[event.level](formatEvent(event)) : undefined;
}

function isAsked(): boolean {
  try {
    return globalThis.localStorage?.getItem('satstrike.log') === 'console';
  } catch {
    // The browser blocks storage: even asking for it may throw.
    return false;
  }
}
