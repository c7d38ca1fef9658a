import 'fake-indexeddb/auto';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import { MINUTE, startNetwork, type Network } from '../../services/support/network.ts';
import type { Row } from '../measure.ts';
import { Clock } from './Clock.ts';
import { idlePages } from './idlePages.ts';
import { outages } from './outages.ts';
import { settlements } from './settlements.ts';

// No test: `npm run bench -- --only services` starts this and says where the rows go.
const file = process.env['BENCH_ROWS'];

describe.skipIf(file === undefined)('measured', () => {
  const rows: Row[] = [];
  let network: Network;
  let clock: Clock;

  beforeAll(async () => {
    network = await startNetwork();
    clock = new Clock(network);
    // The agent tells on the console what it can't verify, which is what some of the faults are about.
    for (const name of ['warn', 'error', 'group', 'groupEnd', 'log'] as const) vi.spyOn(console, name).mockReturnValue(undefined);
    await network.misbehave();
    await network.pass(2 * MINUTE);
  }, 600_000);
  afterAll(async () => {
    vi.restoreAllMocks();
    clock.release();
    await network.close();
    await writeFile(file ?? '', JSON.stringify(rows));
  });

  it.each([
    ['idle pages', idlePages],
    ['outages', outages],
    ['settlements', settlements]
  ])('%s', async (_, measure) => {
    rows.push(...(await measure(network, clock)));
  });
});
