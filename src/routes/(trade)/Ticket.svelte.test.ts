import {
  appWith,
  balance,
  market,
  NOW_MS,
  position,
  reading,
  signedIn,
  signedOut,
  testServices,
  type TestServices
} from '$lib/components/testing/exchange';
import { AppError } from '$lib/errors/AppError';
import type { Market } from '$lib/options/types';
import { render, screen } from '@testing-library/svelte';
import userEvent, { type UserEvent } from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import Ticket from './Ticket.svelte';

const lost = new AppError({ kind: 'temporary', code: 'outcome_unknown', message: 'The network did not say how it went.', unclear: true });

let services: TestServices;
let user: UserEvent;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW_MS, shouldAdvanceTime: true });
  services = testServices();
  user = userEvent.setup({ advanceTimers: (ms) => vi.advanceTimersByTime(ms) });
});

function show() {
  const { app, context } = appWith(services);
  return { app, ...render(Ticket, { context }) };
}

const payout = () => screen.getByLabelText('Payout');
const button = () => screen.getByRole('button', { name: /place order|place|quote|closed/i });

/** Types a payout and waits for the quote. */
async function fillIn(text = '0.001'): Promise<void> {
  await user.type(payout(), text);
  await vi.advanceTimersByTimeAsync(400);
}

const sentIds = () => services.placeOrder.mock.calls.map(([order]) => order.clientOrderId);

describe('an order', () => {
  it('shows the canister’s quote and says on the button what it can cost', async () => {
    show();
    await fillIn();
    const panel = screen.getByRole('group', { name: 'Quote' });
    for (const text of [
      '0.00050000 BTC',
      '+0.00001000 BTC',
      '+0.00000200 BTC',
      '0.00051200 BTC',
      'above $23,421.17',
      'expires 1 Mar 2024, 12:02 UTC'
    ]) {
      expect(panel).toHaveTextContent(text);
    }
    expect(panel).toHaveTextContent('needs a chance above 51.2%');
    expect(button()).toHaveTextContent('Place order: pays at most 0.00053760 BTC');
  });

  it('is sent as it stands and confirmed with its fill minute', async () => {
    show();
    await user.click(screen.getByRole('radio', { name: /Put/ }));
    await user.click(screen.getByRole('radio', { name: '5 min' }));
    await fillIn();
    await user.click(button());
    expect(services.placeOrder).toHaveBeenCalledExactlyOnceWith({
      clientOrderId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      instrument: { kind: 'digital', direction: 'put', payoutSats: 100_000n },
      tenor: '5m',
      strike: { kind: 'offset', offsetE8: 0n },
      maxPremiumSats: 53_760n
    });
    expect(screen.getByText('Premium 0.00051200 BTC')).toHaveRole('status');
    expect(screen.getByText(/Order 1 is accepted/)).toBeInTheDocument();
    expect(screen.getByText(/fills at the 12:01 UTC price/)).toBeInTheDocument();
  });

  it('uses the headroom that was chosen', async () => {
    show();
    await user.selectOptions(screen.getByLabelText('Highest premium you accept'), 'None: exactly the quoted premium');
    await fillIn();
    expect(button()).toHaveTextContent('0.00051200 BTC');
  });

  it('suggests an exact strike on the grid', async () => {
    show();
    await user.click(screen.getByRole('radio', { name: 'Exact price' }));
    expect(screen.getByLabelText('Strike price')).toHaveValue('23420.00');
  });
});

describe('bad input', () => {
  it('is complained about at the field, which gets the focus, and nothing is sent', async () => {
    show();
    await user.type(payout(), '1,5');
    await user.click(button());
    await vi.advanceTimersByTimeAsync(50);
    expect(payout()).toHaveAccessibleDescription(/no separators/);
    expect(payout()).toHaveFocus();
    expect(payout()).toHaveValue('1,5');
    expect(services.quote).not.toHaveBeenCalled();
    expect(services.placeOrder).not.toHaveBeenCalled();
  });

  it('is not complained about before it was left', async () => {
    show();
    await user.type(payout(), '0.0000');
    expect(payout()).not.toHaveAttribute('aria-invalid');
    await user.tab();
    expect(payout()).toBeInvalid();
  });

  it('includes a premium above the balance, with the way to the wallet', async () => {
    services.balance.set(reading({ ...balance, account: { ...balance.account, availableSats: 53_759n } }));
    show();
    await fillIn();
    expect(screen.getByText(/available balance of 0.00053759 BTC/)).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Deposit bitcoin' })).toHaveAttribute('href', '/wallet');
    expect(button()).toBeDisabled();
  });

  it('shows the canister’s refusal of a quote', async () => {
    services.quote.mockRejectedValue(
      new AppError({ kind: 'request', code: 'strike_out_of_range', message: 'The strike is too far away.' })
    );
    show();
    await fillIn();
    expect(screen.getByRole('alert')).toHaveTextContent('The strike is too far away.');
    expect(button()).toBeDisabled();
  });
});

describe('a closed ticket', () => {
  it('gives the canister’s reason and keeps the input', async () => {
    show();
    await fillIn();
    services.market.set(reading<Market>({ ...market, entry: { kind: 'closed', reason: 'Paused for an upgrade.' } }));
    await vi.advanceTimersByTimeAsync(0);
    expect(screen.getByText('Paused for an upgrade.')).toBeInTheDocument();
    expect(button()).toBeDisabled();
    expect(payout()).toHaveValue('0.001');
  });

  it('closes while the exchange can’t be reached and opens again by itself', async () => {
    show();
    await fillIn();
    const stopped = new AppError({ kind: 'temporary', code: 'canister_stopped', message: 'The exchange is stopped.' });
    services.market.set(reading(market, { phase: 'stale', error: stopped }));
    await vi.advanceTimersByTimeAsync(0);
    expect(screen.getByText(/The exchange is stopped. No new orders until it does/)).toBeInTheDocument();
    expect(button()).toBeDisabled();
    services.market.set(reading(market));
    await vi.advanceTimersByTimeAsync(400);
    expect(button()).toBeEnabled();
    expect(button()).toHaveTextContent('pays at most');
  });

  it('closes when the price grows too old', async () => {
    show();
    await fillIn();
    await vi.advanceTimersByTimeAsync(95_000);
    expect(screen.getByText(/price is more than three minutes old/)).toBeInTheDocument();
    expect(button()).toBeDisabled();
  });

  it('offers the login instead of the button, and keeps the input through it', async () => {
    services.session.set(signedOut);
    const { app } = show();
    await fillIn();
    expect(screen.queryByRole('button', { name: /Place order/ })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Log in to place an order' }));
    expect(services.login).toHaveBeenCalledOnce();
    expect(app.loginFailure).toBeUndefined();
    services.session.set(signedIn);
    await vi.advanceTimersByTimeAsync(400);
    expect(payout()).toHaveValue('0.001');
    expect(button()).toHaveTextContent('Place order: pays at most');
  });
});

describe('the order’s id', () => {
  it('stays the same when a clear failure is tried again', async () => {
    services.placeOrder.mockRejectedValueOnce(new AppError({ kind: 'temporary', code: 'busy', message: 'Busy. Try again.' }));
    show();
    await fillIn();
    await user.click(button());
    expect(screen.getByRole('alert')).toHaveTextContent('Busy. Try again.');
    await user.click(button());
    expect(sentIds()).toHaveLength(2);
    expect(new Set(sentIds()).size).toBe(1);
  });

  it('is a new one after a typed refusal and after a success', async () => {
    services.placeOrder.mockRejectedValueOnce(new AppError({ kind: 'request', code: 'limit_reached', message: 'The limit is reached.' }));
    show();
    await fillIn();
    for (let press = 0; press < 3; press += 1) await user.click(button());
    expect(new Set(sentIds()).size).toBe(3);
  });

  it('is kept with the whole order after an unclear failure, until the person decides', async () => {
    services.placeOrder.mockRejectedValueOnce(lost);
    show();
    await fillIn();
    await user.click(button());
    expect(screen.getByText(/It isn’t known whether this order was placed/)).toBeInTheDocument();
    expect(screen.queryByLabelText('Payout')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Send the same order again' }));
    expect(services.placeOrder.mock.calls[1]).toEqual(services.placeOrder.mock.calls[0]);
    expect(screen.getByText(/Order 1 is accepted/)).toBeInTheDocument();
  });

  it('survives a reload of the page', async () => {
    services.placeOrder.mockRejectedValueOnce(lost);
    const { unmount } = show();
    await fillIn();
    await user.click(button());
    unmount();
    show();
    await user.click(screen.getByRole('button', { name: 'Send the same order again' }));
    expect(services.placeOrder.mock.calls[1]).toEqual(services.placeOrder.mock.calls[0]);
  });

  it('is done with when the order is found among the positions', async () => {
    services.placeOrder.mockRejectedValueOnce(lost);
    show();
    await fillIn();
    await user.click(button());
    services.positions.set(reading([position({ id: 7n, clientOrderId: sentIds()[0] ?? '' })]));
    await vi.advanceTimersByTimeAsync(0);
    expect(screen.getByText(/Order 7 is accepted/)).toBeInTheDocument();
    expect(payout()).toHaveValue('0.001');
  });

  it('is new when the person gives the unclear order up', async () => {
    services.placeOrder.mockRejectedValueOnce(lost);
    show();
    await fillIn();
    await user.click(button());
    await user.click(screen.getByRole('button', { name: 'Start a different order' }));
    await vi.advanceTimersByTimeAsync(400);
    await user.click(button());
    expect(new Set(sentIds()).size).toBe(2);
  });

  it('sends nothing twice when the button is pressed twice', async () => {
    let answer: (value: ReturnType<typeof position>) => void = () => undefined;
    services.placeOrder.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    show();
    await fillIn();
    await user.click(button());
    await user.click(screen.getByRole('button', { name: /Placing the order/ }));
    expect(services.placeOrder).toHaveBeenCalledOnce();
    answer(position());
    await vi.advanceTimersByTimeAsync(0);
  });
});
