// `npm run bench`: measures, prints a table, writes bench/results.json. Never a pass or fail test: goals stand beside the figures.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/lib/paths.ts';
import { localIcBench } from './localIc.ts';
import { pageWeight } from './pageWeight.ts';
import { startTimes } from './startTimes.ts';
import { throughput } from './throughput.ts';

/** One line of the table: a figure of this project and what it is compared with, in the same unit. */
export interface Row {
  what: string;
  value: number;
  unit: string;
  comparedWith: string;
  other: number;
}

async function testDuration(): Promise<Row[]> {
  const report = await readFile(join(root, '.cache/reports/duration.json'), 'utf8').catch(() => undefined);
  if (report === undefined) {
    console.log('npm test: not measured, it has not run here yet');
    return [];
  }
  const { minutes } = JSON.parse(report) as { minutes: number };
  return [{ what: 'npm test, last whole run', value: minutes, unit: 'min', comparedWith: 'goal', other: 10 }];
}

const rows: Row[] = [];
for (const [name, measure] of Object.entries({ startTimes, pageWeight, localIcBench, throughput, testDuration })) {
  console.log(`measuring: ${name} ...`);
  rows.push(...(await measure()));
}

const machine = `${cpus().length} cores, ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.versions.node}`;
const shown = rows.map(({ what, value, unit, comparedWith, other }) => ({
  what,
  satstrike: `${value.toPrecision(3)} ${unit}`,
  'compared with': `${comparedWith}: ${other.toPrecision(3)} ${unit}`,
  ratio: (value / other).toPrecision(2)
}));
console.table(shown);
await mkdir(join(root, 'bench'), { recursive: true });
await writeFile(join(root, 'bench/results.json'), `${JSON.stringify({ date: new Date().toISOString(), machine, rows }, null, 2)}\n`);
console.log(`${machine}\nwritten to bench/results.json`);
