import { appWith, testServices } from '$lib/components/testing/exchange';
import type { JournalEntry } from '$lib/settlement/journal';
import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import Settlements from './Settlements.svelte';

const row = { key: 'options/7', owner: 'alice', home: 'options', positionId: 7n, attempts: 1, startedAt: 0, updatedAt: 60_000 } as const;
const done: JournalEntry = { ...row, state: 'done', result: { route: 'options', outcome: 'win', payout: 100_000n }, latencyMs: 2_340 };
const open: JournalEntry = { ...row, key: 'legacy/3', home: 'legacy', positionId: 3n, state: 'pending', lastError: 'unreachable' };

function show(entries: JournalEntry[]) {
  const services = testServices();
  services.settlementHistory.mockResolvedValue(entries);
  services.settlementMetrics.succeeded({ at: 60_000, home: 'options', positionId: 7n, route: 'options', outcome: 'win' }, 2_340);
  render(Settlements, { context: appWith(services).context });
  return services;
}

describe('the console’s settlements', () => {
  it('are figures and every line of the journal, for export', async () => {
    show([done, open]);
    const table = await screen.findByRole('table');
    const [, first, second] = within(table).getAllByRole('row');
    for (const text of ['no. 7', 'Settled', '0.00100000 BTC', '2.3 s']) expect(first).toHaveTextContent(text);
    for (const text of ['legacy no. 3', 'Open', 'unreachable']) expect(second).toHaveTextContent(text);
    expect(screen.getByText('100.0 %')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: /CSV of what is shown/u })).toBeEnabled();
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('are tried again by a press, and read again after it', async () => {
    const services = show([open]);
    const button = screen.getByRole('button', { name: 'Try open ones again' });
    expect(button).toBeDisabled();
    services.settlementMetrics.queued(1);
    services.retryFailedSettlements.mockResolvedValue({ settled: 1, stillOpen: 0, refused: 0 });
    services.settlementHistory.mockResolvedValue([done]);
    await screen.findByText('legacy no. 3');
    await userEvent.click(button);
    expect(await screen.findByText('1 settled, 0 still open, 0 refused')).toBeInTheDocument();
    expect(await screen.findByText('no. 7')).toBeInTheDocument();
  });

  it('are loud about a receipt that did not agree', async () => {
    const services = show([{ ...done, lastError: 'settlement_mismatch' }]);
    services.settlementMetrics.failed('settlement_mismatch');
    expect(await screen.findByRole('alert')).toHaveTextContent('did not agree with this page’s own calculation');
    expect(await screen.findByText('settlement_mismatch')).toBeInTheDocument();
  });
});
