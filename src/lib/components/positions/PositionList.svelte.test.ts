import { AppError } from '$lib/errors/AppError';
import type { Position } from '$lib/options/types';
import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { appWith, fill, MINUTE, MINUTE_NS, NOW_MS, position, receiptOf, testServices, type TestServices } from '../testing/exchange';
import PositionList from './PositionList.svelte';

let services: TestServices;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW_MS, toFake: ['Date', 'setInterval', 'clearInterval'] });
  services = testServices();
});

function show(...positions: Position[]): void {
  render(PositionList, { props: { positions, label: 'Positions' }, context: appWith(services).context });
}
const row = (id: number) => screen.getByRole('article', { name: `Position ${id}` });
const open = (parts: Partial<Position> = {}) => position({ fillMinuteNs: MINUTE, state: { kind: 'open', fill }, ...parts });

describe('a pending order', () => {
  it('counts down to its fill and can be cancelled until then', async () => {
    show(position());
    expect(row(1)).toHaveTextContent('Fills at 12:01 UTC, in 0:30');
    expect(row(1)).toHaveTextContent('at most 0.00053760');
    expect(screen.getByRole('button', { name: 'Cancel order 1' })).toBeEnabled();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(row(1)).toHaveTextContent('in 0:20');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(row(1)).toHaveTextContent('waiting for that price');
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('says why it could not be cancelled, in its own row', async () => {
    vi.useRealTimers();
    vi.setSystemTime(NOW_MS);
    services.cancelOrder.mockRejectedValueOnce(new AppError({ kind: 'request', code: 'too_late', message: 'The fill minute has begun.' }));
    show(position());
    await userEvent.click(screen.getByRole('button', { name: 'Cancel order 1' }));
    expect(services.cancelOrder).toHaveBeenCalledExactlyOnceWith(1n);
    expect(await screen.findByRole('alert')).toHaveTextContent('The fill minute has begun.');
    expect(row(1)).toContainElement(screen.getByRole('alert'));
  });

  it('names its strike as chosen while it has none', () => {
    show(
      position({ strike: { kind: 'offset', offsetE8: -2_000_000_000n } }),
      position({ id: 2n, strike: { kind: 'at', priceE8: 2_345_000_000_000n } })
    );
    expect(row(1)).toHaveTextContent('-$20.00 from fill');
    expect(row(2)).toHaveTextContent('$23,450.00');
  });
});

describe('an open position', () => {
  it('that expires on another day says which', () => {
    show(open({ tenor: '1w', expiryNs: MINUTE + 7n * 1_440n * MINUTE_NS }));
    expect(row(1)).toHaveTextContent('1 week');
    expect(row(1)).toHaveTextContent('Expires at 8 Mar 2024, 12:00 UTC');
  });

  it('counts down to its expiry and says where it stands', () => {
    show(open(), open({ id: 2n, instrument: { kind: 'digital', direction: 'put', payoutSats: 100_000n } }));
    expect(row(1)).toHaveTextContent('Expires at 12:06 UTC, in 5:30');
    expect(row(1)).toHaveTextContent('at $23,421.17 it would pay');
    expect(row(2)).toHaveTextContent('at $23,421.17 it would not pay');
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('can be settled by hand once it is due, and shows the receipt', async () => {
    vi.useRealTimers();
    vi.setSystemTime(NOW_MS);
    const due = open({ expiryNs: MINUTE });
    services.settle.mockResolvedValueOnce(receiptOf(due));
    show(due);
    await userEvent.click(screen.getByRole('button', { name: 'Settle now position 1' }));
    expect(services.settle).toHaveBeenCalledExactlyOnceWith(1n);
    const dialog = await screen.findByRole('dialog', { name: 'Receipt of position 1' });
    expect(dialog).toHaveTextContent('Won');
    expect(dialog).toHaveTextContent('+0.00048800 BTC');
    expect(dialog).toHaveTextContent('gives the same');
  });
});

const capped = { kind: 'capped', direction: 'call', notionalSats: 10_000_000n, capE8: 10_000_000_000n } as const;

describe('a capped option', () => {
  it('has its notional, its cap and the most it can pay', () => {
    show(position({ instrument: capped, maxPayoutSats: 44_641n }), open({ id: 2n, instrument: capped }));
    for (const id of [1, 2]) expect(row(id)).toHaveTextContent('Capped call');
    expect(row(1)).toHaveTextContent('0.10000000 BTC, cap $100.00');
    expect(row(1)).toHaveTextContent('Largest payout 0.00044641');
    // 0.1 BTC * 100 / 23,520
    expect(row(2)).toHaveTextContent('Largest payout 0.00042517');
    // 0.1 BTC * 1.17 / 23,421.17
    expect(row(2)).toHaveTextContent('at $23,421.17 it would pay 0.00000499 BTC');
  });

  it('has a receipt that this page recomputes to the satoshi', async () => {
    vi.useRealTimers();
    const settled = open({ instrument: capped, expiryNs: MINUTE - MINUTE_NS });
    // 0.1 BTC * 10 / 23,430
    const receipt = receiptOf(settled, { payoutSats: 4_268n, profitSats: 4_268n - 51_200n });
    services.checkPrice.mockResolvedValueOnce('mean');
    show({ ...settled, state: { kind: 'settled', fill, receipt } });
    expect(row(1)).toHaveTextContent('Won');
    await userEvent.click(screen.getByRole('button', { name: 'Receipt of position 1' }));
    const dialog = screen.getByRole('dialog');
    for (const text of ['0.10000000 BTC, cap $100.00', 'Largest payout', '0.00042517 BTC', '0.00004268 BTC', 'gives the same']) {
      expect(dialog).toHaveTextContent(text);
    }
    expect(dialog).toHaveTextContent('the mean of the price book’s ten minutes');
    expect(screen.queryByRole('alert')).toBeNull();
  });
});

describe('a finished position', () => {
  it('that was voided says that the premium came back, and why', () => {
    show(open({ state: { kind: 'voided', fill, voidedNs: MINUTE } }));
    expect(row(1)).toHaveTextContent('Voided, premium returned');
    expect(row(1)).toHaveTextContent('there was no price for its expiry');
    expect(row(1)).toHaveTextContent('0.00051200');
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('in a state of a newer exchange is shown as what it is', () => {
    show(open({ state: { kind: 'unknown' } }));
    expect(row(1)).toHaveTextContent('In a state this page doesn’t know');
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('says loudly when its price is not the price book’s', async () => {
    vi.useRealTimers();
    const settled = open({ expiryNs: MINUTE - MINUTE_NS });
    services.checkPrice.mockResolvedValueOnce('neither');
    show({ ...settled, state: { kind: 'settled', fill, receipt: receiptOf(settled) } });
    await userEvent.click(screen.getByRole('button', { name: 'Receipt of position 1' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('not what the price book says');
  });

  it('has a receipt with price, minute, outcome, premium, payout and profit', async () => {
    vi.useRealTimers();
    const settled = open({ expiryNs: MINUTE - MINUTE_NS });
    show({ ...settled, state: { kind: 'settled', fill, receipt: receiptOf(settled) } });
    await userEvent.click(screen.getByRole('button', { name: 'Receipt of position 1' }));
    const dialog = screen.getByRole('dialog');
    for (const text of ['$23,430.00', '1 Mar 2024, 11:59 UTC', 'Won', '0.00051200 BTC', '0.00100000 BTC', '+0.00048800 BTC']) {
      expect(dialog).toHaveTextContent(text);
    }
    await userEvent.click(screen.getByRole('button', { name: 'Close' }));
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('says loudly when the receipt isn’t what this page computes', async () => {
    vi.useRealTimers();
    const settled = open({ expiryNs: MINUTE - MINUTE_NS });
    show({ ...settled, state: { kind: 'settled', fill, receipt: receiptOf(settled, { payoutSats: 90_000n }) } });
    await userEvent.click(screen.getByRole('button', { name: 'Receipt of position 1' }));
    expect(screen.getByRole('alert')).toHaveTextContent('Different: payout.');
  });

  it('says why an order was cancelled', () => {
    show(position({ state: { kind: 'cancelled', reason: 'no_price', cancelledNs: MINUTE } }));
    expect(row(1)).toHaveTextContent('there was no price for the fill minute');
    expect(row(1)).toHaveTextContent('nothing was charged');
  });
});
