// `npm run bench`: measures, prints a table, writes bench/results.json. Never a pass or fail test: goals stand beside the figures.
// `npm run bench -- --only http --only inProcess`: these parts alone.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../../scripts/lib/paths.ts';
import { coldStart } from './coldStart.ts';
import { engine } from './engine.ts';
import { http } from './http.ts';
import { inProcess } from './inProcess.ts';
import { lifecycle } from './lifecycle.ts';
import type { Row } from './measure.ts';
import { pageWeight } from './pageWeight.ts';
import { services } from './services.ts';
import { signatures } from './signatures.ts';
import { startTimes } from './startTimes.ts';

async function testDuration(): Promise<Row[]> {
  const report = await readFile(join(root, '.cache/reports/duration.json'), 'utf8').catch(() => undefined);
  if (report === undefined) {
    console.log('npm test: not measured, it has not run here yet');
    return [];
  }
  const { minutes } = JSON.parse(report) as { minutes: number };
  return [{ what: 'npm test, last whole run', value: minutes, unit: 'min', comparedWith: 'goal', other: 10 }];
}

const PARTS: Record<string, () => Promise<Row[]>> = {
  startTimes,
  pageWeight,
  coldStart,
  inProcess,
  lifecycle,
  signatures,
  http,
  engine,
  services,
  testDuration
};

/** The parts to measure: all, or those named by `--only`. */
function chosenParts(): string[] {
  const { only } = parseArgs({ options: { only: { type: 'string', multiple: true } } }).values;
  const unknown = only?.find((name) => !Object.hasOwn(PARTS, name));
  if (unknown !== undefined) throw new Error(`There is no part "${unknown}" of the bench, only ${Object.keys(PARTS).join(', ')}`);
  return only ?? Object.keys(PARTS);
}

const parts = chosenParts();
const rows: Row[] = [];
for (const name of parts) {
  console.log(`measuring: ${name} ...`);
  rows.push(...((await PARTS[name]?.()) ?? []));
}

const machine = `${cpus().length} cores, ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.versions.node}`;
const shown = rows.map(({ what, value, unit, comparedWith, other }) => ({
  what,
  satstrike: `${value.toPrecision(3)} ${unit}`,
  'compared with': `${comparedWith}: ${other.toPrecision(3)} ${unit}`,
  ratio: other === 0 ? '-' : (value / other).toPrecision(2)
}));
console.table(shown);
console.log(machine);
// What is written is always of one machine and one moment: a part alone is only shown.
if (parts.length === Object.keys(PARTS).length) {
  await mkdir(join(root, 'bench'), { recursive: true });
  await writeFile(join(root, 'bench/results.json'), `${JSON.stringify({ date: new Date().toISOString(), machine, rows }, null, 2)}\n`);
  console.log('written to bench/results.json');
}
