import { expect, test } from 'vitest';

const { formatLifetime } = (await import(new URL('./page/lifetime.js', import.meta.url).href)) as {
  formatLifetime: (ns: bigint) => string;
};
const NS = 1_000_000_000n;

test.each([
  [1_800n * NS, '30 minutes'],
  [3_600n * NS, '1 hour'],
  [5_400n * NS, '1 hour 30 minutes'],
  [5_430n * NS, '1 hour 30 minutes'],
  [2_592_000n * NS, '30 days'],
  [86_405n * NS, '1 day'],
  [172_800n * NS + 3_600n * NS, '2 days 1 hour'],
  [61n * NS, '1 minute 1 second'],
  [1n * NS, '1 second'],
  [1n, 'less than a second']
])('%s ns are %s', (ns, words) => {
  expect(formatLifetime(ns)).toBe(words);
});
