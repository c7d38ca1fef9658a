import { toMs } from './clock';

const date = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' });
const longDate = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' });
const minute = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const second = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23'
});

/** "13:05 UTC" for a canister time in ns. Prices, fills and expiries are whole UTC minutes. */
export function formatMinute(ns: bigint): string {
  return `${minute.format(toMs(ns))} UTC`;
}

/** "1 Mar 2023, 13:05 UTC" for a canister time in ns. */
export function formatDateMinute(ns: bigint): string {
  return `${date.format(toMs(ns))}, ${formatMinute(ns)}`;
}

/** "1 March 2023, 13:05 UTC" for a canister time in ns. */
export function formatLongDateMinute(ns: bigint): string {
  return `${longDate.format(toMs(ns))}, ${formatMinute(ns)}`;
}

/** "1 Mar 2023, 13:05:07 UTC" for a canister time in ns. */
export function formatDateTime(ns: bigint): string {
  return `${date.format(toMs(ns))}, ${second.format(toMs(ns))} UTC`;
}

/** How long ago or how long still, in words: "12 s", "3 min", "2 h 5 min", "4 d 2 h". Never negative. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return hours % 24 ? `${Math.floor(hours / 24)} d ${hours % 24} h` : `${Math.floor(hours / 24)} d`;
}

/** A countdown to the second, rounded up so that it reaches 0:00 when the moment comes: "0:34", "12:05", "3:00:00". */
export function formatCountdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}
