/**
 * A whole number from the command line.
 *
 * @throws Error that says what would be right
 */
export function parseCount(name: string, value: string, least: number, most: number): number {
  const count = /^\d{1,15}$/u.test(value) ? Number(value) : NaN;
  if (count >= least && count <= most) return count;
  throw new Error(`${name} is a whole number from ${least} to ${most}, not "${value}".`);
}
