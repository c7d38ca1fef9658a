import { describe, expect, it } from 'vitest';
import { networkTime } from './clock';
import { formatCountdown, formatDateMinute, formatDateTime, formatDuration, formatLongDateMinute, formatMinute } from './time';
import { market, MINUTE, NOW_MS, reading } from './testing/exchange';

describe('times on the screen', () => {
  it('are UTC and say so', () => {
    expect(formatMinute(MINUTE)).toBe('12:00 UTC');
    expect(formatDateMinute(MINUTE)).toBe('1 Mar 2024, 12:00 UTC');
    expect(formatLongDateMinute(MINUTE)).toBe('1 March 2024, 12:00 UTC');
    expect(formatDateTime(MINUTE + 7_000_000_000n)).toBe('1 Mar 2024, 12:00:07 UTC');
    expect(formatMinute(0n)).toBe('00:00 UTC');
  });

  it.each([
    [-5, '0 s'],
    [12_999, '12 s'],
    [60_000, '1 min'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
    [86_400_000, '1 d'],
    [100 * 3_600_000, '4 d 4 h']
  ])('an age of %i ms is %s', (ms, words) => expect(formatDuration(ms)).toBe(words));

  it.each([
    [-1, '0:00'],
    [0, '0:00'],
    [1, '0:01'],
    [34_000, '0:34'],
    [725_000, '12:05'],
    [10_800_000, '3:00:00']
  ])('a countdown of %i ms is %s', (ms, words) => expect(formatCountdown(ms)).toBe(words));
});

describe('network time', () => {
  it('is the canister’s plus what passed here, whatever this device believes', () => {
    const wrongClock = NOW_MS - 3_600_000;
    const read = reading(market, { updatedAt: wrongClock });
    expect(networkTime(read, wrongClock + 5_000)).toBe(NOW_MS + 5_000);
  });

  it('is the page’s own before the first answer', () => {
    expect(networkTime(reading<typeof market>(undefined), 1234)).toBe(1234);
  });
});
