import { get } from 'svelte/store';
import { describe, expect, it } from 'vitest';
import { createSettlementMetrics } from './metrics';

const last = { at: 5, home: 'legacy', positionId: 3n, route: 'options', outcome: 'win' } as const;

describe('settlement metrics', () => {
  it('promise nothing before anything has ended', () => {
    expect(get(createSettlementMetrics())).toMatchObject({ successRate: undefined, latencyMs: undefined, last: undefined, queued: 0 });
  });

  it('count by route and outcome, with the share that succeeded', () => {
    const metrics = createSettlementMetrics();
    for (let index = 0; index < 4; index += 1) metrics.attempted();
    metrics.succeeded(last, 100);
    metrics.succeeded({ ...last, route: 'legacy', outcome: 'loss' }, 300);
    metrics.failed('settlement_mismatch');
    metrics.failed('unreachable');
    expect(get(metrics)).toMatchObject({
      attempts: 4,
      failures: 2,
      mismatches: 1,
      successRate: 0.5,
      settled: { options: { win: 1, tie: 0, loss: 0 }, legacy: { win: 0, tie: 0, loss: 1 } },
      last: { route: 'legacy', outcome: 'loss' }
    });
  });

  it('tell how long the last two hundred took', () => {
    const metrics = createSettlementMetrics();
    for (let ms = 1; ms <= 300; ms += 1) metrics.succeeded(last, ms);
    // 101 to 300.
    expect(get(metrics).latencyMs).toEqual({ p50: 200, p95: 290, p99: 298 });
  });

  it('show queue, circuits and storage as they are', () => {
    const metrics = createSettlementMetrics();
    metrics.queued(3);
    metrics.breaker('legacy', 'open');
    metrics.stored('memory');
    expect(get(metrics)).toMatchObject({ queued: 3, breakers: { options: 'closed', legacy: 'open' }, storage: 'memory' });
  });
});
