import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { appWith, testServices } from '../testing/exchange';
import OpenSettlements from './OpenSettlements.svelte';

describe('what a trader sees of settlements that have not ended', () => {
  it('is nothing while there are none', () => {
    render(OpenSettlements, { context: appWith(testServices()).context });
    expect(screen.queryByRole('status')).toBeNull();
  });

  it('is how many, that they go on by themselves, and a way to try now', async () => {
    const services = testServices();
    services.settlementMetrics.queued(2);
    services.retryFailedSettlements.mockResolvedValue({ settled: 1, stillOpen: 1, refused: 0 });
    render(OpenSettlements, { context: appWith(services).context });
    expect(screen.getByText('2 settlements are not finished')).toBeInTheDocument();
    expect(screen.queryByText(/leave the page open/u)).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Try open ones again' }));
    expect(screen.getByText('1 settled, 1 still open, 0 refused')).toBeInTheDocument();
  });

  it('says when the browser does not keep them', () => {
    const services = testServices();
    services.settlementMetrics.queued(1);
    services.settlementMetrics.stored('memory');
    render(OpenSettlements, { context: appWith(services).context });
    expect(screen.getByText('One settlement is not finished')).toBeInTheDocument();
    expect(screen.getByText(/leave the page open/u)).toBeInTheDocument();
  });
});
