import { appWith, MINUTE, MINUTE_NS, NOW_MS, testServices, TRADER, type TestServices } from '$lib/components/testing/exchange';
import { AppError } from '$lib/errors/AppError';
import type { LegacyPosition } from '$lib/options/legacy';
import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import LegacyRow from './LegacyRow.svelte';

let services: TestServices;

beforeEach(() => {
  vi.setSystemTime(NOW_MS);
  services = testServices();
});

function legacy(parts: Partial<LegacyPosition> = {}): LegacyPosition {
  return {
    id: 7n,
    owner: TRADER,
    direction: 'call',
    strikeCents: 2_342_367n,
    entryPriceCents: 2_342_117n,
    expiry: '10s',
    contracts: 3n,
    premiumCents: 300n,
    openedNs: MINUTE - 3n * MINUTE_NS,
    state: { kind: 'active' },
    ...parts
  };
}

const show = (position: LegacyPosition) => render(LegacyRow, { props: { position }, context: appWith(services).context });
const settlement = {
  positionId: 7n,
  outcome: 'win',
  payoutCents: 858n,
  profitCents: 558n,
  priceE8: 2_343_000_000_000n,
  priceMinuteNs: MINUTE - 2n * MINUTE_NS,
  alreadySettled: false
} as const;

describe('a position on the legacy platform', () => {
  it.each([
    ['options', /by the options canister/],
    ['legacy', /over the old route, directly on the legacy platform, with a certified price/]
  ] as const)('says which route settled it: %s', async (route, words) => {
    services.settleLegacy.mockResolvedValueOnce({ ...settlement, route });
    show(legacy());
    await userEvent.click(screen.getByRole('button', { name: 'Settle legacy position 7' }));
    expect(services.settleLegacy).toHaveBeenCalledExactlyOnceWith(7n);
    const result = screen.getByRole('status');
    expect(result).toHaveTextContent('Payout $8.58, after a premium of $3.00, at $23,430.00 of 1 Mar 2024, 11:58 UTC');
    expect(result).toHaveTextContent(words);
    expect(screen.queryByRole('button', { name: /^Settle/ })).toBeNull();
  });

  it('says why it could not be settled and can be tried again', async () => {
    services.settleLegacy.mockRejectedValueOnce(
      new AppError({ kind: 'temporary', code: 'no_certified_price', message: 'It waits for a certified price.' })
    );
    show(legacy());
    await userEvent.click(screen.getByRole('button', { name: 'Settle legacy position 7' }));
    expect(screen.getByText('It waits for a certified price.')).toBeInTheDocument();
    expect(screen.getByText('Not settled yet'), 'what is tried again by itself is no error').toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Settle legacy position 7' })).toBeEnabled();
  });

  it('can’t be settled before its price minute', () => {
    show(legacy({ openedNs: MINUTE + 1_000_000_000n }));
    expect(screen.getByRole('article')).toHaveTextContent('settles at the 12:01 UTC price, in 0:30');
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('with an unknown expiry is shown, never settled', () => {
    show(legacy({ expiry: '1h' }));
    expect(screen.getByRole('article')).toHaveTextContent('unknown expiry “1h”');
    expect(screen.queryByRole('button')).toBeNull();
  });
});
