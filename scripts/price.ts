// Prices a CSV file with the options canister itself: the Wasm that is deployed, installed on a network inside this process, asked for its fair values. The
// table goes to standard output, everything else to standard error. Leaves with 2 when the file is not what it should be.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { priceRows } from './lib/priceRows.ts';
import { parsePriceFile, PriceFileError, priceTable } from './lib/priceFile.ts';

function refuse(message: string): never {
  console.error(message);
  process.exit(2);
}

const [file, ...more] = process.argv.slice(2);
if (file === undefined || more.length > 0)
  refuse('Usage: npm run price -- FILE, a CSV file with the header spot_e8,strike_e8,cap_e8,seconds,sigma_ppm.');
// A relative name is relative to where the caller is.
const path = resolve(process.env['INIT_CWD'] ?? process.cwd(), file);
const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) =>
  refuse(error.code === 'ENOENT' ? `There is no file ${path}.` : `${path} can't be read: ${error.message}`)
);
try {
  const rows = parsePriceFile(text);
  process.stdout.write(priceTable(rows, await priceRows(rows)));
} catch (error) {
  if (error instanceof PriceFileError) refuse(`${path}, ${error.message}`);
  throw error;
}
