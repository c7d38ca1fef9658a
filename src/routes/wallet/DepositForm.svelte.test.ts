import { appWith, MINUTE, testServices, TRADER, type TestServices } from '$lib/components/testing/exchange';
import { AppError } from '$lib/errors/AppError';
import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import DepositForm from './DepositForm.svelte';

let services: TestServices;

beforeEach(() => {
  services = testServices();
});

const show = () => render(DepositForm, { context: appWith(services).context });
const amount = () => screen.getByLabelText('Amount to deposit');

describe('a deposit', () => {
  it('names its amount on the button and is credited', async () => {
    services.deposit.mockImplementation((requestId, amountSats) =>
      Promise.resolve({
        id: 1n,
        owner: TRADER,
        requestId,
        amountSats,
        createdNs: MINUTE,
        state: { kind: 'done', block: 88n },
        target: 'account',
        fromSubaccount: false
      })
    );
    show();
    expect(amount()).toHaveAccessibleDescription('0.00250000 ckBTC in your wallet, at least 0.00010000');
    await userEvent.type(amount(), '0.002');
    await userEvent.click(screen.getByRole('button', { name: 'Deposit 0.00200000 BTC' }));
    expect(services.deposit).toHaveBeenCalledExactlyOnceWith(expect.any(String), 200_000n);
    expect(screen.getByRole('status')).toHaveTextContent('Credited to your balance in block 88');
  });

  it('is refused at the field when the wallet holds less', async () => {
    show();
    await userEvent.type(amount(), '5');
    await userEvent.tab();
    expect(amount()).toHaveAccessibleDescription(/more than there is in your wallet: 0.00250000 BTC/);
  });

  it('survives the session’s end with its input', async () => {
    services.deposit.mockRejectedValueOnce(
      new AppError({ kind: 'session', code: 'session_ended', message: 'Your session has ended. Log in again.' })
    );
    show();
    await userEvent.type(amount(), '0.002');
    await userEvent.click(screen.getByRole('button', { name: /^Deposit/ }));
    expect(screen.getByRole('alert')).toHaveTextContent('Log in again.');
    expect(amount()).toHaveValue('0.002');
  });
});
