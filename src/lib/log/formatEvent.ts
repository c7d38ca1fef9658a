import type { LogEvent } from './log';

/** An event as one line: "2026-11-28T14:25:04.123Z warn call [3f2a91c0] canister=options method=settle outcome=unreachable". */
export function formatEvent({ atMs, level, event, correlationId, fields }: LogEvent): string {
  const named = Object.entries(fields).map(([name, value]) => `${name}=${String(value)}`);
  const id = correlationId === undefined ? [] : [`[${correlationId}]`];
  return [new Date(atMs).toISOString(), level, event, ...id, ...named].join(' ');
}
