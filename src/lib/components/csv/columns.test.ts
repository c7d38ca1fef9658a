import { toCsv } from '$lib/export/toCsv';
import type { Column } from '$lib/export/toCsv';
import { describe, expect, it } from 'vitest';
import { fill, MINUTE, position, receiptOf, TRADER } from '../testing/exchange';
import { auditCsv, depositCsv, positionCsv, withdrawalCsv } from './columns';

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

  it('a pending one leaves what it doesn’t have empty', () => {
    expect(record(positionCsv, position())).toMatchObject({ state: 'pending', premium_sats: '', outcome: '', cancel_reason: '' });
  });

  it('a cancelled one has its reason', () => {
    const cancelled = position({ state: { kind: 'cancelled', reason: 'no_price', cancelledNs: MINUTE } });
    expect(record(positionCsv, cancelled)).toMatchObject({ state: 'cancelled', cancel_reason: 'no_price' });
  });

  it('transfers carry block and error', () => {
    const base = { id: 1n, owner: TRADER, requestId: 'r', amountSats: 5n, createdNs: MINUTE };
    expect(record(depositCsv, { ...base, state: { kind: 'done', block: 9n }, toTreasury: true })).toMatchObject({
      to: 'treasury',
      block: '9',
      state: 'done'
    });
    expect(
      record(withdrawalCsv, { ...base, feeSats: 10n, to: TRADER, state: { kind: 'returned', error: 'refused' }, fromTreasury: false })
    ).toMatchObject({ from: 'trader', to: TRADER, error: 'refused', block: '' });
  });

  it('text that a spreadsheet would run is made harmless', () => {
    const row = { id: 1n, atNs: MINUTE, who: TRADER, action: '=1+1', before: '', after: '', hash: 'ab' };
    expect(record(auditCsv, row)['action']).toMatch(/^"?'=1\+1"?$/);
  });
});
