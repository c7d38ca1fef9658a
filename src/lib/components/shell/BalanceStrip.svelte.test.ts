import { AppError } from '$lib/errors/AppError';
import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { appWith, balance, NOW_MS, reading, testServices, type TestServices } from '../testing/exchange';
import BalanceStrip from './BalanceStrip.svelte';

const legacy = { balanceSats: 2_100_000n, totalWinsCents: 0n, totalLossesCents: 0n, netPnlCents: 0n };
const stopped = new AppError({ kind: 'temporary', code: 'canister_stopped', message: 'The exchange is stopped for maintenance.' });

let services: TestServices;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW_MS + 12_000, toFake: ['Date', 'setInterval', 'clearInterval'] });
  services = testServices();
});

function show(operator = false): void {
  render(BalanceStrip, { props: { services, operator }, context: appWith(services).context });
}

const figure = (id: string) => document.querySelector<HTMLElement>(`[data-figure="${id}"]`);

describe('the balance on every page', () => {
  it('live: value, state and age', () => {
    show();
    expect(figure('satstrike')).toHaveTextContent('Satstrike balance, available');
    expect(figure('satstrike')).toHaveTextContent('0.01000000 BTC');
    expect(figure('satstrike')).toHaveTextContent('Live');
    expect(figure('satstrike')).toHaveTextContent('updated 12 s ago');
    expect(figure('satstrike')).toHaveTextContent('own wallet 0.00250000 ckBTC');
  });

  it('ages by the second', async () => {
    show();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(figure('satstrike')).toHaveTextContent('updated 15 s ago');
  });

  it('loading: no zero pretends to be a balance', () => {
    services.balance.set(reading<typeof balance>(undefined));
    show();
    expect(figure('satstrike')).toHaveTextContent('Reading…');
    expect(figure('satstrike')).not.toHaveTextContent('0.0');
  });

  it('stale: the last value stays, named as out of date, with the reason', () => {
    services.balance.set(reading(balance, { phase: 'stale', error: stopped, updatedAt: NOW_MS - 180_000 }));
    show();
    expect(figure('satstrike')).toHaveTextContent('0.01000000 BTC');
    expect(figure('satstrike')).toHaveTextContent('Out of date');
    expect(figure('satstrike')).toHaveTextContent('last read 3 min ago');
    expect(figure('satstrike')).toHaveTextContent(stopped.message);
  });

  it('offline: says that it is this device', () => {
    services.balance.set(reading(balance, { phase: 'offline' }));
    show();
    expect(figure('satstrike')).toHaveTextContent('You are offline');
    expect(figure('satstrike')).toHaveTextContent('0.01000000 BTC');
  });

  it('fallback: the legacy account first and as what it is, the last known value beside it', () => {
    services.balance.set(reading(balance, { phase: 'fallback', error: stopped, updatedAt: NOW_MS - 60_000 }));
    services.legacyAccount.set(reading<typeof legacy | null>(legacy));
    show();
    const figures = [...document.querySelectorAll('[data-figure]')].map((element) => element.getAttribute('data-figure'));
    expect(figures).toEqual(['legacy', 'satstrike']);
    expect(figure('legacy')).toHaveTextContent('Legacy platform account');
    expect(figure('legacy')).toHaveTextContent('0.02100000 BTC');
    expect(figure('satstrike')).toHaveTextContent('Satstrike balance, last known');
    expect(figure('satstrike')).toHaveTextContent('Options canister unreachable');
    expect(figure('satstrike')).toHaveTextContent('last read 1 min ago');
  });

  it('error: no value and the reason', () => {
    services.balance.set(reading<typeof balance>(undefined, { phase: 'error', error: stopped }));
    show();
    expect(figure('satstrike')).toHaveTextContent('Not known');
    expect(figure('satstrike')).toHaveTextContent(stopped.message);
  });

  it('never adds the two platforms up', () => {
    services.legacyAccount.set(reading<typeof legacy | null>(legacy));
    show();
    expect(document.body).not.toHaveTextContent('0.03100000');
    expect(figure('satstrike')).toHaveTextContent('0.01000000 BTC');
    expect(figure('legacy')).toHaveTextContent('0.02100000 BTC');
  });

  it('shows no legacy account to those who never had one', () => {
    show();
    expect(figure('legacy')).toBeNull();
  });

  it('refreshes by hand', async () => {
    vi.useRealTimers();
    show();
    await userEvent.click(screen.getByRole('button', { name: 'Refresh balance' }));
    expect(services.balance.refresh).toHaveBeenCalledOnce();
  });

  it('names the phase in a live region, so that a change is read out', () => {
    show();
    expect(within(figure('satstrike') as HTMLElement).getByRole('status')).toHaveTextContent('Live (balance)');
  });
});

describe('the platform balance', () => {
  it('is for operators only', () => {
    show(false);
    expect(figure('platform')).toBeNull();
  });

  it('is not asked for until an operator looks', () => {
    const subscribe = vi.spyOn(services.admin, 'subscribe');
    show(false);
    expect(subscribe).not.toHaveBeenCalled();
  });

  it('shows operators that it is being read', () => {
    show(true);
    expect(figure('platform')).toHaveTextContent('Platform balance (treasury)');
    expect(figure('platform')).toHaveTextContent('Reading…');
  });
});
