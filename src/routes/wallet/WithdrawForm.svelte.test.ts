import { appWith, MINUTE, testServices, TRADER, type TestServices } from '$lib/components/testing/exchange';
import { AppError } from '$lib/errors/AppError';
import type { TransferState, Withdrawal } from '$lib/options/types';
import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import WithdrawForm from './WithdrawForm.svelte';

const lost = new AppError({ kind: 'temporary', code: 'unreachable', message: 'No answer came.', unclear: true });

let services: TestServices;

beforeEach(() => {
  services = testServices();
});

function withdrawal(state: TransferState): Withdrawal {
  return {
    id: 1n,
    owner: TRADER,
    requestId: 'r',
    amountSats: 100_000n,
    feeSats: 10n,
    to: TRADER,
    createdNs: MINUTE,
    state,
    fromTreasury: false
  };
}

const show = () => render(WithdrawForm, { context: appWith(services).context });
const amount = () => screen.getByLabelText('Amount to withdraw');
const submit = () => screen.getByRole('button', { name: /^Withdraw/ });
const ids = () => services.withdraw.mock.calls.map(([id]) => id);

async function fillIn(): Promise<void> {
  await userEvent.type(amount(), '0.001');
  await userEvent.click(screen.getByRole('button', { name: 'My own wallet' }));
}

describe('a withdrawal', () => {
  it('is sent once and says what became of it', async () => {
    services.withdraw.mockResolvedValueOnce(withdrawal({ kind: 'done', block: 17n }));
    show();
    await fillIn();
    await userEvent.click(submit());
    expect(services.withdraw).toHaveBeenCalledExactlyOnceWith(expect.any(String), 100_000n, TRADER);
    expect(screen.getByRole('status')).toHaveTextContent('Withdrawal of 0.00100000 BTC');
    expect(screen.getByRole('status')).toHaveTextContent('Paid in block 17');
    expect(amount(), 'a second press is a second decision').toHaveValue('');
  });

  it.each([
    ['', 'Enter an amount'],
    ['0.00009999', 'smallest withdrawal is 0.00010000'],
    ['0.01000001', 'more than there is in your balance: 0.01000000'],
    ['1e3', 'without an exponent']
  ])('of "%s" is refused at the field', async (text, words) => {
    show();
    if (text) await userEvent.type(amount(), text);
    await userEvent.click(submit());
    expect(amount()).toBeInvalid();
    expect(amount()).toHaveAccessibleDescription(expect.stringContaining(words));
    expect(screen.getByLabelText('Destination')).toHaveAccessibleDescription(/This is not an account/);
    expect(services.withdraw).not.toHaveBeenCalled();
  });

  it('keeps the input when it is refused, and starts afresh', async () => {
    services.withdraw.mockRejectedValueOnce(new AppError({ kind: 'request', code: 'invalid', message: 'The exchange refused it.' }));
    services.withdraw.mockResolvedValueOnce(withdrawal({ kind: 'in_transit' }));
    show();
    await fillIn();
    await userEvent.click(submit());
    expect(screen.getByRole('alert')).toHaveTextContent('The exchange refused it.');
    expect(amount()).toHaveValue('0.001');
    await userEvent.click(submit());
    expect(new Set(ids()).size).toBe(2);
    expect(screen.getByRole('status')).toHaveTextContent('On its way');
  });

  it('goes out again under the same id after an unclear failure', async () => {
    services.withdraw.mockRejectedValueOnce(lost).mockResolvedValueOnce(withdrawal({ kind: 'returned', error: 'the ledger refused it' }));
    show();
    await fillIn();
    await userEvent.click(submit());
    expect(screen.getByText(/It isn’t known whether this withdrawal of 0.00100000 BTC was made/)).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: /^Withdraw/ })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Send the same withdrawal again' }));
    expect(services.withdraw.mock.calls[1]).toEqual(services.withdraw.mock.calls[0]);
    expect(screen.getByRole('alert')).toHaveTextContent('Returned: the ledger refused it');
  });

  it('that is large waits for an operator, and says what happens next', async () => {
    services.withdraw.mockResolvedValueOnce(withdrawal({ kind: 'awaiting_approval' }));
    show();
    await fillIn();
    await userEvent.click(submit());
    expect(screen.getByRole('status')).toHaveTextContent(/Waits for approval.*Once approved it is sent; if refused, the amount is back/);
  });

  it('fills in everything there is', async () => {
    show();
    await userEvent.click(await screen.findByRole('button', { name: 'Everything' }));
    expect(amount()).toHaveValue('0.01000000');
  });
});
