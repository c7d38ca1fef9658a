import type { Fact } from '$lib/components/facts';
import { formatMicroSats } from '$lib/money/formatMicroSats';
import type { Greeks } from '$lib/options/types';

const tone = (change: bigint): Fact['tone'] => (change > 0n ? 'up' : change < 0n ? 'down' : undefined);

/** Delta, gamma, vega and theta as changes of the fair value in satoshis that a trader can hold against the premium. */
export function greeksFacts({ delta, gamma, vega, theta }: Greeks): Fact[] {
  const fact = (label: string, change: bigint, note?: string): Fact => ({
    label,
    value: `${formatMicroSats(change, 'always')} sats`,
    note,
    tone: tone(change)
  });
  return [
    fact('Price 0.01% higher (delta)', delta),
    fact('So much more for the next 0.01% (gamma)', gamma),
    fact('Volatility 1 point higher (vega)', vega),
    fact('One minute later (theta)', theta)
  ];
}
