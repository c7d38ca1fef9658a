import { render, screen } from '@testing-library/svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { NOW_MS, testServices, type TestServices } from '../testing/exchange';
import ConnectionBar from './ConnectionBar.svelte';

let services: TestServices;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW_MS, toFake: ['Date', 'setInterval', 'clearInterval'] });
  services = testServices();
  render(ConnectionBar, { props: { services } });
});

describe('the connection', () => {
  it('says nothing while all is well', () => {
    expect(screen.getByRole('status')).toBeEmptyDOMElement();
  });

  it('names what can’t be reached, and for how long', async () => {
    services.connection.set({ status: 'unreachable', canisters: ['ledger', 'options'], since: NOW_MS - 120_000 });
    await vi.waitFor(() =>
      expect(screen.getByRole('status')).toHaveTextContent('Can’t be reached: the ckBTC ledger, the exchange, for 2 min.')
    );
  });

  it('tells that it is this device', async () => {
    services.connection.set({ status: 'offline' });
    await vi.waitFor(() => expect(screen.getByRole('status')).toHaveTextContent('You are offline.'));
  });
});
