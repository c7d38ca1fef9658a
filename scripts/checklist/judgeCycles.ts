/** Less is too little time for somebody to notice and top up. */
const FEWEST_DAYS = 14n;

/** Whether the cycles suffice. daysLeft: until the alert threshold at the last day's burn; undefined while no burn is known. */
export function judgeCycles(balance: bigint, burned24h: bigint, alertCycles: bigint): { faults: string[]; daysLeft: bigint | undefined } {
  if (balance < alertCycles)
    return { faults: ['the balance is below the alert threshold: top up'], daysLeft: burned24h > 0n ? 0n : undefined };
  if (burned24h <= 0n) return { faults: [], daysLeft: undefined };
  const daysLeft = (balance - alertCycles) / burned24h;
  return {
    faults: daysLeft < FEWEST_DAYS ? [`the alert threshold is ${daysLeft} days away, fewer than ${FEWEST_DAYS}: top up`] : [],
    daysLeft
  };
}
