import { expect, test } from 'vitest';
import { parseCount } from './parseCount.ts';

test('takes whole numbers within the bounds', () => {
  expect(parseCount('--runs', '1', 1, 10)).toBe(1);
  expect(parseCount('--runs', '10', 1, 10)).toBe(10);
});

test.each(['0', '11', '-1', '1.5', '1e1', '', ' 1', 'ten', '9'.repeat(40)])('refuses "%s" and says what would be right', (value) => {
  expect(() => parseCount('--runs', value, 1, 10)).toThrow('--runs is a whole number from 1 to 10');
});
