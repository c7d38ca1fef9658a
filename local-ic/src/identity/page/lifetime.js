const UNITS = [
  { name: 'day', seconds: 86_400 },
  { name: 'hour', seconds: 3_600 },
  { name: 'minute', seconds: 60 },
  { name: 'second', seconds: 1 }
];

/**
 * A lifetime in words, in its two largest units: "30 minutes", "1 hour 30 minutes", "29 days 23 hours".
 *
 * @param {bigint} ns
 */
export function formatLifetime(ns) {
  let rest = Number(ns / 1_000_000_000n);
  if (rest === 0) return 'less than a second';
  const parts = [];
  for (const { name, seconds } of UNITS) {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    if (count > 0) parts.push(`${count} ${name}${count === 1 ? '' : 's'}`);
    // Units are only skipped before the first one that counts: "1 day 5 seconds" would look more precise than it is.
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(' ');
}
