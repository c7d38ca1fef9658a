import {
  appWith,
  balance,
  market,
  NOW_MS,
  position,
  quote,
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
    expect(button()).toHaveTextContent('Place order: up to 0.00053760 BTC');
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
      maxPremiumSats: 53_760n,
      maxPayoutSats: undefined
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

describe('a capped option', () => {
  const instrument = { kind: 'capped', direction: 'call', notionalSats: 10_000_000n, capE8: 10_000_000_000n } as const;
  /** 0.1 BTC, $100 at most: 0.1 * 100 / 23,521.17 BTC. */
  const capped = { ...quote, fairSats: 14_000n, spreadSats: 380n, skewSats: 20n, premiumSats: 14_400n, maxPayoutSats: 42_514n };

  async function chooseCapped(): Promise<void> {
    services.quote.mockResolvedValue(capped);
    show();
    await user.click(screen.getByRole('radio', { name: /^Capped/ }));
    await user.type(screen.getByLabelText('Notional'), '0.1');
    await vi.advanceTimersByTimeAsync(400);
  }

  it('has a notional and a cap instead of a payout, the cap suggested by the tenor', async () => {
    await chooseCapped();
    expect(screen.queryByLabelText('Payout')).toBeNull();
    expect(screen.getByLabelText('Cap')).toHaveValue('100.00');
    expect(services.quote.mock.calls.at(-1)?.[0]).toEqual({ instrument, tenor: '1m', strike: { kind: 'offset', offsetE8: 0n } });
    await user.click(screen.getByRole('radio', { name: '5 min' }));
    expect(screen.getByLabelText('Cap')).toHaveValue('500.00');
    await user.clear(screen.getByLabelText('Cap'));
    await user.type(screen.getByLabelText('Cap'), '77');
    await user.click(screen.getByRole('radio', { name: '1 min' }));
    expect(screen.getByLabelText('Cap'), 'what was typed stays').toHaveValue('77');
  });

  it('shows break-even, the most to lose and to gain, and their picture in words', async () => {
    await chooseCapped();
    const panel = screen.getByRole('group', { name: 'Quote' });
    for (const text of ['above $23,454.95', 'cap at $23,521.17', '0.00015120 BTC', '+0.00028114 BTC', '0.00042514 BTC']) {
      expect(panel).toHaveTextContent(text);
    }
    const chart = screen.getByRole('img', { name: 'Profit and loss by settlement price' });
    expect(chart).toHaveAccessibleDescription(
      /-0.00014400 BTC at and below the strike of \$23,421.17; rising to \+0.00028114 BTC at \$23,521.17.*; zero at \$23,454.95/
    );
    expect(panel.innerHTML).not.toContain('style=');
  });

  it('names the most it may pay: what the quote says plus the room that was chosen', async () => {
    await chooseCapped();
    await user.click(button());
    expect(services.placeOrder).toHaveBeenLastCalledWith({
      clientOrderId: expect.any(String) as string,
      instrument,
      tenor: '1m',
      strike: { kind: 'offset', offsetE8: 0n },
      maxPremiumSats: 15_120n,
      maxPayoutSats: 44_640n
    });
    await user.selectOptions(screen.getByLabelText('Largest payout reserved for you'), 'Twice what the quote says');
    await user.click(button());
    expect(services.placeOrder.mock.lastCall?.[0].maxPayoutSats).toBe(85_028n);
    // With an exact strike it can't change.
    await user.click(screen.getByRole('radio', { name: 'Exact price' }));
    await vi.advanceTimersByTimeAsync(400);
    expect(screen.queryByLabelText('Largest payout reserved for you')).toBeNull();
  });

  it('is complained about at its own fields', async () => {
    await chooseCapped();
    await user.clear(screen.getByLabelText('Notional'));
    await user.clear(screen.getByLabelText('Cap'));
    await user.type(screen.getByLabelText('Cap'), '30000');
    await user.click(button());
    expect(screen.getByLabelText('Notional')).toBeInvalid();
    expect(screen.getByLabelText('Notional')).toHaveAccessibleDescription(/Enter an amount in bitcoin/);
    await user.type(screen.getByLabelText('Notional'), '0.1');
    expect(screen.getByLabelText('Cap')).toHaveAccessibleDescription(/The cap must be below the strike/);
  });
});

it('says in satoshis how the value moves', async () => {
  show();
  await fillIn();
  const panel = screen.getByRole('group', { name: 'Quote' });
  for (const text of ['Price 0.01% higher (delta) +1.235 sats', '(gamma) -0.003 sats', '(vega) +0.040 sats', '(theta) -1,000.500 sats']) {
    expect(panel).toHaveTextContent(text);
  }
});

it('says when a tenor that ends at a time of the calendar ends, and at what price', async () => {
  services.quote.mockResolvedValue({ ...quote, expiryNs: market.tenors.at(-1)?.expiryNs ?? 0n });
  show();
  const daily = screen.getByRole('radio', { name: /Daily/ });
  expect(daily).toHaveAccessibleName('Daily 2 Mar 2024, 08:00 UTC');
  await user.click(daily);
  await fillIn();
  expect(screen.getByRole('group', { name: 'Quote' })).toHaveTextContent(
    'expires 2 Mar 2024, 08:00 UTC, settles at the mean price of the ten minutes up to then.'
  );
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
    expect(button()).toHaveTextContent('up to');
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
    expect(button()).toHaveTextContent('Place order: up to');
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
