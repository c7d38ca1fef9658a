import { appWith, reading, signedOut, testServices, TRADER, type TestServices } from '$lib/components/testing/exchange';
import { overview, reserves } from '$lib/components/testing/platform';
import { AppError } from '$lib/errors/AppError';
import type { Role } from '$lib/options/types';
import type { AdminFigures } from '$lib/services/types';
import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import Page from './+page.svelte';

vi.mock('$app/state', () => ({ page: { url: new URL('http://localhost/admin') } }));

let services: TestServices;
let adminSubscribed: ReturnType<typeof vi.spyOn>;

beforeEach(() => {
  services = testServices();
  adminSubscribed = vi.spyOn(services.admin, 'subscribe');
});

const show = () => render(Page, { context: appWith(services).context });

function nothingWasAsked(): void {
  expect(adminSubscribed).not.toHaveBeenCalled();
  for (const call of Object.values(services.adminPages)) expect(call).not.toHaveBeenCalled();
}

describe('the console’s door', () => {
  it('refuses a trader in words and asks for nothing', () => {
    show();
    expect(screen.getByRole('alert')).toHaveTextContent('You have no access to the console');
    expect(screen.getByRole('alert')).toHaveTextContent(TRADER);
    nothingWasAsked();
  });

  it('asks people to log in first', () => {
    services.session.set(signedOut);
    show();
    expect(screen.getByRole('button', { name: 'Log in' })).toBeInTheDocument();
    nothingWasAsked();
  });

  it('waits for the role', () => {
    services.roles.set(reading<Role[]>(undefined));
    show();
    expect(screen.getByText('Asking the exchange for your role')).toBeInTheDocument();
    nothingWasAsked();
  });

  it('says when the role can’t be read', () => {
    const error = new AppError({ kind: 'temporary', code: 'unreachable', message: 'The exchange cannot be reached.' });
    services.roles.set(reading<Role[]>(undefined, { phase: 'error', error }));
    show();
    expect(screen.getByRole('status')).toHaveTextContent('The exchange cannot be reached.');
    nothingWasAsked();
  });
});

describe('the console of an operator', () => {
  beforeEach(() => {
    services.roles.set(reading<Role[]>(['operator']));
    services.admin.set(reading<AdminFigures>({ overview, reserves }));
  });

  it('shows the platform’s figures and only the table that is looked at', async () => {
    show();
    expect(within(screen.getByRole('region', { name: 'Platform wallet' })).getByText('2.00000000 BTC')).toBeInTheDocument();
    expect(screen.getByText('The ledger holds everything that is owed: 10.00000000 BTC.')).toBeInTheDocument();
    expect(await screen.findByText('Nobody has an account yet.')).toBeInTheDocument();
    expect(services.adminPages.users).toHaveBeenCalledOnce();
    expect(services.adminPages.audit).not.toHaveBeenCalled();
  });

  it('warns when the exchange runs low on cycles, and has the parameters in force at hand', async () => {
    services.admin.set(reading<AdminFigures>({ overview: { ...overview, cyclesAlert: true }, reserves }));
    show();
    expect(screen.getByText('The exchange runs low on cycles')).toBeInTheDocument();
    await userEvent.click(screen.getByText('Tenors and settings in force'));
    expect(screen.getByRole('region', { name: 'Settings' })).toHaveTextContent('Withdrawals wait for approval above');
    expect(screen.getByRole('region', { name: 'Tenors' })).toHaveTextContent('Daily');
  });

  it('says loudly when the ledger holds less than is owed', () => {
    services.admin.set(reading<AdminFigures>({ overview, reserves: { ...reserves, ledgerSats: 999_999_999n } }));
    show();
    expect(screen.getByText('0.00000001 BTC are missing.')).toBeInTheDocument();
  });

  it('keeps the last figures when newer ones fail', () => {
    const error = new AppError({ kind: 'temporary', code: 'unreachable', message: 'The exchange cannot be reached.' });
    services.admin.set(reading<AdminFigures>({ overview, reserves }, { phase: 'stale', error }));
    show();
    expect(screen.getByText(/may be out of date/)).toBeInTheDocument();
    expect(screen.getByRole('region', { name: 'Platform wallet' })).toHaveTextContent('2.00000000 BTC');
  });

  it('pauses new orders only with a reason and a confirmation', async () => {
    show();
    await userEvent.click(screen.getByRole('button', { name: 'Pause new orders' }));
    const dialog = screen.getByRole('dialog', { name: 'Pause new orders?' });
    const confirm = within(dialog).getByRole('button', { name: 'Pause new orders' });
    await userEvent.click(confirm);
    expect(services.pauseEntry).not.toHaveBeenCalled();
    const reason = within(dialog).getByLabelText('Reason, as traders will read it');
    expect(reason).toHaveAccessibleDescription('Write the reason: traders read it.');
    await userEvent.type(reason, ' Ledger upgrade ');
    await userEvent.click(confirm);
    expect(services.pauseEntry).toHaveBeenCalledExactlyOnceWith('Ledger upgrade');
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(services.admin.refresh).toHaveBeenCalled();
  });

  it('keeps the reason when pausing fails', async () => {
    services.pauseEntry.mockRejectedValueOnce(new AppError({ kind: 'temporary', code: 'busy', message: 'Busy.' }));
    show();
    await userEvent.click(screen.getByRole('button', { name: 'Pause new orders' }));
    const dialog = screen.getByRole('dialog');
    await userEvent.type(within(dialog).getByRole('textbox'), 'Upgrade');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Pause new orders' }));
    expect(within(dialog).getByRole('alert')).toHaveTextContent('Busy.');
    expect(within(dialog).getByRole('textbox')).toHaveValue('Upgrade');
  });

  it('lets an auditor look but not act', () => {
    services.roles.set(reading<Role[]>(['auditor']));
    show();
    expect(screen.getByRole('region', { name: /New orders/ })).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Pause new orders' })).toBeNull();
  });
});
