import 'fake-indexeddb/auto';
import { randomUUID } from 'node:crypto';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it, vi } from 'vitest';
import { createLog } from '../../../src/lib/log/createLog';
import { createEnhancedServices } from '../../../src/lib/services/createEnhancedServices';
import { MINUTE, SECOND, startNetwork } from '../../services/support/network.ts';
import { identityOf, sessionOf, watch } from '../../services/support/people.ts';
import { Traffic } from './Traffic.ts';

const HOUR = 60 * MINUTE;
const KIB = 2 ** 10;
/** What the page may have gathered between noon and midnight: fifty bytes for each time it has read something. */
const MOST_KIB = 512;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What this thread holds; the network lives in another one, with a heap of its own. */
function heapKiB(): number {
  collectGarbage();
  return getHeapStatistics().used_heap_size / KIB;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

it('a page that stays open for a day holds no more timers and no more memory than in the morning', async () => {
  const network = await startNetwork();
  const traffic = new Traffic();
  try {
    await network.pass(2 * MINUTE);
    const identity = identityOf('watcher');
    const services = createEnhancedServices({
      config: network.config,
      session: sessionOf(identity),
      fetch: traffic.fetch,
      log: createLog(),
      tabs: null
    });
    await network.openLegacyAccount(identity.getPrincipal().toText(), 0.01);
    await services.getTestBitcoin(1_000_000n);
    await services.deposit(randomUUID(), 500_000n);
    const { market, balance, positions, movements, legacyAccount, legacyPositions } = services;
    const stores = [market, balance, positions, movements, legacyAccount, legacyPositions];
    const views = stores.map((store) => watch<unknown>(store));
    const timers: number[] = [];
    const heaps: number[] = [];
    for (let hour = 0; hour < 24; hour += 1) {
      // Requests are given up after half a minute: the steps must be shorter than that.
      await network.pass(HOUR, { stepMs: 29 * SECOND, settled: () => traffic.settled() });
      expect(views.map(({ shown }) => shown.phase)).toEqual(stores.map(() => 'live'));
      timers.push(vi.getTimerCount());
      heaps.push(heapKiB());
    }
    process.stdout.write(`${traffic.requests} requests; timers ${timers.join(' ')}; KiB ${heaps.map((kib) => kib.toFixed(0)).join(' ')}\n`);
    // It has asked all day: six readings, each once a minute at least.
    expect(traffic.requests).toBeGreaterThan(24 * 60 * stores.length);
    // Of each reading: when it is read again, when it is late and, in its first seconds, when it is no longer fresh.
    expect(Math.max(...timers)).toBeLessThanOrEqual(3 * stores.length);
    // The morning fills caches and the page's log, and the engine compiles what is used most; from noon on nothing may be gathered.
    expect(mean(heaps.slice(-3)) - mean(heaps.slice(10, 13))).toBeLessThan(MOST_KIB);
    services.cleanup();
    await network.pass(MINUTE);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    traffic.close();
    await network.close();
  }
});
