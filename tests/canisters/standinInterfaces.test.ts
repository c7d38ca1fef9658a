import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compileMotoko } from 'local-ic';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

test.each([
  ['canisters/legacy', 'legacy'],
  ['canisters/local/ledger', 'ledger'],
  ['canisters/local/exchange_rate', 'exchange_rate']
])('%s: the checked-in interface is what the compiler makes of the source', async (folder, name) => {
  const { candid } = await compileMotoko({ entry: join(root, folder, 'main.mo'), cacheDir: join(root, '.cache/motoko') });
  expect(await readFile(join(root, folder, `${name}.did`), 'utf8')).toBe(candid);
});
