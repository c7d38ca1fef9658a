import { describe, expect, test } from 'vitest';
import { mutants, quickMutants } from './mutants.ts';
import { hunt, mutated } from './plant.ts';

describe('planted bugs', () => {
  test.each(mutants)('still fit the sources: $name', async (mutant) => {
    expect((await mutated(mutant)).size).toBeGreaterThan(0);
  });

  test.each(quickMutants)('are caught: %s', async (name) => {
    const mutant = mutants.find((row) => row.name === name);
    if (mutant === undefined) throw new Error(`There is no mutant "${name}"`);
    const { failed, report } = await hunt(mutant, { runs: 40, seed: 20_261_102 });
    expect(failed).toBe(true);
    expect(report).toMatch(/^Violation: /u);
  });

  test('a text that does not stand in its file once is an error', async () => {
    const gone = { name: 'gone', replacements: [{ file: 'Positions.mo', find: 'no such text', replace: '' }] };
    await expect(mutated(gone)).rejects.toThrow('stands 0 times in Positions.mo');
  });
});
