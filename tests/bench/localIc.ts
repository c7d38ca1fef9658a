import { join } from 'node:path';
import type { Principal } from '@dfinity/principal';
import { IDL } from '@dfinity/candid';
import { compileMotoko, createLocalIc, type LocalIc } from 'local-ic';
import { root } from '../../scripts/lib/paths.ts';
import type { Row } from './bench.ts';

const NOTHING = new Uint8Array(IDL.encode([], []));
const SECONDS = 2;
const SAMPLES = 400;
/** What `grow` of the fixture adds. */
const STEP_MB = 8;

/** Median of the milliseconds a call takes; a collection of garbage that happens to land on some of them doesn't count. */
async function medianMs(call: () => Promise<unknown>): Promise<number> {
  for (let index = 0; index < SAMPLES / 4; index++) await call();
  const times: number[] = [];
  for (let index = 0; index < SAMPLES; index++) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[SAMPLES / 2] ?? 0;
}

async function perSecond(call: () => Promise<unknown>): Promise<number> {
  let done = 0;
  const start = performance.now();
  while (performance.now() - start < SECONDS * 1_000) {
    await call();
    done++;
  }
  return (done * 1_000) / (performance.now() - start);
}

/** Grows the heap to about this size. */
async function growTo(ic: LocalIc, canisterId: Principal, megabytes: number): Promise<void> {
  for (let size = STEP_MB; size < megabytes; size += STEP_MB) await ic.update({ canisterId, method: 'grow', arg: NOTHING });
}

/** What a message costs in process, without HTTP and cryptography, on canisters of different sizes. */
export async function localIcBench(): Promise<Row[]> {
  const { wasm } = await compileMotoko({ entry: join(root, 'tests/bench/Ballast.mo'), cacheDir: join(root, '.cache/motoko') });
  const ic = await createLocalIc({ clock: { startNs: 1_767_225_600_000_000_000n } });
  const rows: Row[] = [];
  try {
    for (const [name, megabytes] of [
      ['5 MB', 5],
      ['100 MB', 100],
      ['1 GB', 1_000]
    ] as const) {
      const canisterId = await ic.createCanister();
      await ic.installCode({ canisterId, wasm, arg: NOTHING, mode: 'install' });
      await growTo(ic, canisterId, megabytes);
      const update = () => ic.update({ canisterId, method: 'increment', arg: NOTHING });
      const query = () => ic.query({ canisterId, method: 'getAfterWriting', arg: NOTHING });
      const goal = { unit: 'ms', comparedWith: 'goal', other: 0.05 };
      rows.push({ what: `small update in process, ${name} heap`, value: await medianMs(update), ...goal });
      rows.push({ what: `small query that writes, ${name} heap`, value: await medianMs(query), ...goal });
      if (megabytes > 5) continue;
      rows.push({ what: 'updates in process', value: await perSecond(update), unit: '/s', comparedWith: 'goal', other: 20_000 });
      rows.push({ what: 'queries in process', value: await perSecond(query), unit: '/s', comparedWith: 'goal', other: 30_000 });
    }
  } finally {
    await ic.close();
  }
  return rows;
}
