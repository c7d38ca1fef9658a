import { toCsv } from '$lib/export/toCsv';
import type { Column } from '$lib/export/toCsv';
import { describe, expect, it } from 'vitest';
import { fill, MINUTE, position, receiptOf, TRADER } from '../testing/exchange';
import { auditCsv, depositCsv, positionCsv, settlementCsv, withdrawalCsv } from './columns';

function record<Row>(columns: Column<Row>[], row: Row): Record<string, string> {
  const [titles = '', cells = ''] = toCsv(columns, [row]).split('\r\n');
  const values = cells.split(',');
  return Object.fromEntries(titles.split(',').map((title, index) => [title, values[index] ?? '']));
}

describe('exported rows', () => {
  it('a settled position has its order, its fill and its receipt, to the satoshi', () => {
    const open = position({ strike: { kind: 'offset', offsetE8: -1_000_000_000n } });
    const settled = position({
      ...open,
      state: { kind: 'settled', fill, receipt: receiptOf(open, { outcome: 'loss', payoutSats: 0n, profitSats: -51_200n }) }
    });
    expect(record(positionCsv, settled)).toMatchObject({
      id: '1',
      owner: TRADER,
      direction: 'call',
      payout_sats: '100000',
      strike_choice: 'offset',
      strike_choice_e8: '-1000000000',
      premium_sats: '51200',
      outcome: 'loss',
      settlement_payout_sats: '0',
      profit_sats: '-51200',
      settled: '2024-03-01T12:06:31.000Z'
    });
  });

  it('a capped one has its notional, its cap and the most it can pay', () => {
    const capped = position({
      instrument: { kind: 'capped', direction: 'put', notionalSats: 10_000_000n, capE8: 10_000_000_000n },
      maxPayoutSats: 50_000n
    });
    const terms = { instrument: 'capped', payout_sats: '', notional_sats: '10000000', cap_e8: '10000000000', max_payout_sats: '50000' };
    expect(record(positionCsv, capped)).toMatchObject({ ...terms, largest_payout_sats: '50000' });
    // 0.1 BTC * 100 / (23,420 - 100)
    expect(record(positionCsv, { ...capped, state: { kind: 'open', fill } })).toMatchObject({ ...terms, largest_payout_sats: '42881' });
  });

  it('a voided one has its fill and no result', () => {
    const voided = position({ state: { kind: 'voided', fill, voidedNs: MINUTE } });
    expect(record(positionCsv, voided)).toMatchObject({
      state: 'voided',
      premium_sats: '51200',
      voided: '2024-03-01T12:00:00.000Z',
      outcome: '',
      settlement_payout_sats: ''
    });
  });

  it('a pending one leaves what it doesn’t have empty', () => {
    expect(record(positionCsv, position())).toMatchObject({ state: 'pending', premium_sats: '', outcome: '', cancel_reason: '' });
  });

  it('a cancelled one has its reason', () => {
    const cancelled = position({ state: { kind: 'cancelled', reason: 'no_price', cancelledNs: MINUTE } });
    expect(record(positionCsv, cancelled)).toMatchObject({ state: 'cancelled', cancel_reason: 'no_price' });
  });

  it('transfers carry block and error', () => {
    const base = { id: 1n, owner: TRADER, requestId: 'r', amountSats: 5n, createdNs: MINUTE };
    expect(record(depositCsv, { ...base, state: { kind: 'done', block: 9n }, target: 'treasury', fromSubaccount: false })).toMatchObject({
      to: 'treasury',
      block: '9',
      state: 'done'
    });
    expect(
      record(withdrawalCsv, { ...base, feeSats: 10n, to: TRADER, state: { kind: 'returned', error: 'refused' }, fromTreasury: false })
    ).toMatchObject({ from: 'trader', to: TRADER, error: 'refused', block: '' });
  });

  it('a settlement has its route, its result in the unit of its home, and what went wrong', () => {
    const row = { key: 'k', owner: TRADER, positionId: 7n, attempts: 2, startedAt: 0, updatedAt: 1_500 };
    const result = { route: 'options', outcome: 'win', payout: 333n } as const;
    expect(record(settlementCsv, { ...row, home: 'legacy', state: 'done', result, latencyMs: 812 })).toMatchObject({
      home: 'legacy',
      position_id: '7',
      route: 'options',
      outcome: 'win',
      payout_sats: '',
      payout_cents: '333',
      latency_ms: '812',
      updated: '1970-01-01T00:00:01.500Z'
    });
    expect(record(settlementCsv, { ...row, home: 'options', state: 'done', result })).toMatchObject({
      payout_sats: '333',
      payout_cents: ''
    });
    expect(record(settlementCsv, { ...row, home: 'options', state: 'pending', lastError: 'timeout' })).toMatchObject({
      state: 'pending',
      error: 'timeout',
      outcome: ''
    });
  });

  it('text that a spreadsheet would run is made harmless', () => {
    const row = { id: 1n, atNs: MINUTE, who: TRADER, action: '=1+1', before: '', after: '', hash: 'ab' };
    expect(record(auditCsv, row)['action']).toMatch(/^"?'=1\+1"?$/);
  });
});
