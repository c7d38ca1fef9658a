import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ballastWasm } from './ballast.ts';
import { goal, median, type Row } from './measure.ts';

const PROGRAM = new URL('coldStartProgram.ts', import.meta.url).pathname;
const RUNS = 7;

async function secondsToFirstUpdate(): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, [PROGRAM], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  const answered = await Promise.race([once(child.stdout, 'data').then(() => performance.now()), exit.then(() => undefined)]);
  await exit;
  if (answered === undefined) throw new Error('The network ended before its first update was answered');
  return (answered - started) / 1_000;
}

/** From the start of a process to the answer of a canister's first update: load, make keys, create, install, run. The Wasm is compiled already. */
export async function coldStart(): Promise<Row[]> {
  await ballastWasm();
  const seconds: number[] = [];
  for (let run = 0; run < RUNS; run++) seconds.push(await secondsToFirstUpdate());
  return [{ what: 'new process to the first update answered', value: median(seconds), unit: 's', ...goal(1) }];
}
