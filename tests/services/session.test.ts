import { DelegationChain, DelegationIdentity } from '@dfinity/identity';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { MINUTE, SECOND, startNetwork, type Network } from './support/network.ts';
import { identityOf, person, watch, type Person } from './support/people.ts';

let network: Network;
let people: Person[] = [];

function open(name: string | undefined): Person {
  const opened = person(network.config, name);
  people.push(opened);
  return opened;
}

beforeAll(async () => {
  network = await startNetwork();
  await network.pass(2 * MINUTE);
}, 300_000);
afterEach(() => {
  for (const { services } of people) services.cleanup();
  people = [];
});
afterAll(() => network.close());

describe('who is here', () => {
  it('decides whose figures are shown; the market is everybody’s', async () => {
    const page = open('alice');
    await page.services.getTestBitcoin(1_000n);
    const [balance, market] = [watch(page.services.balance), watch(page.services.market)];
    await network.until(() => balance.shown.phase === 'live' && market.shown.phase === 'live', 'the figures');
    expect(balance.value.walletSats).toBe(1_000n);

    await page.services.logout();
    expect(balance.shown).toMatchObject({ phase: 'loading', value: undefined, updatedAt: undefined });
    expect(market.shown).toMatchObject({ phase: 'live' });
    await network.pass(60 * SECOND);
    expect(balance.shown).toMatchObject({ phase: 'loading', value: undefined });

    page.session.become(identityOf('bob'));
    await network.until(() => balance.shown.phase === 'live', 'the other’s balance');
    expect(balance.value).toMatchObject({ walletSats: 0n, account: { owner: identityOf('bob').getPrincipal().toText() } });
  });

  it('may be nobody: the market is shown, the rest asks to log in', async () => {
    const { services } = open(undefined);
    const [market, balance, positions] = [watch(services.market), watch(services.balance), watch(services.positions)];
    await network.until(() => market.shown.phase === 'live', 'the market');
    expect(market.value.price?.priceE8).toBeGreaterThan(0n);
    expect([balance.shown.phase, positions.shown.phase]).toEqual(['loading', 'loading']);
    await expect(services.settle(1n)).rejects.toMatchObject({ kind: 'session', code: 'anonymous' });
  });
});

describe('a delegation that has run out', () => {
  it('is refused by the network, and the person is asked to log in again', async () => {
    const page = open(undefined);
    const [root, key] = [identityOf('erin'), identityOf('erin, this browser')];
    const chain = await DelegationChain.create(root, key.getPublicKey(), new Date(Date.now() + MINUTE));
    page.session.become(DelegationIdentity.fromDelegation(key, chain));
    await page.services.getTestBitcoin(700n);
    const balance = watch(page.services.balance);
    await network.until(() => balance.shown.phase === 'live', 'the balance');
    await network.pass(2 * MINUTE);
    const refused = page.services.getTestBitcoin(1n).catch((error: unknown) => error);
    await network.pass(30 * SECOND);
    expect(await refused).toMatchObject({ kind: 'session', code: 'session_ended' });
    await network.until(() => balance.shown.error?.kind === 'session', 'the refusal');
    expect(balance.shown).toMatchObject({ phase: 'stale', value: { walletSats: 700n }, error: { kind: 'session', code: 'session_ended' } });
  });
});

describe('a clock that is wrong', () => {
  it.each([-15 * MINUTE, 15 * MINUTE])('by %d ms does not matter, also when it is set right later', async (skew) => {
    // The agent says on the console that the network refused its first question.
    const said = (['warn', 'group', 'groupEnd'] as const).map((name) => vi.spyOn(console, name).mockReturnValue(undefined));
    vi.setSystemTime(Date.now() + skew);
    try {
      const { services } = open('alice');
      const balance = watch(services.balance);
      await network.until(() => balance.shown.phase === 'live', 'the balance');
      await services.getTestBitcoin(500n);
      vi.setSystemTime(Date.now() - skew);
      await services.getTestBitcoin(500n);
      await services.balance.refresh();
      expect(balance.shown).toMatchObject({ phase: 'live', error: undefined });
    } finally {
      await network.setClock();
      for (const spy of said) spy.mockRestore();
    }
  });
});

describe('cleanup', () => {
  it('leaves nothing running, may be repeated, and may come before anything was read', async () => {
    const page = open('alice');
    const { services } = page;
    watch(services.balance);
    watch(services.legacyPositions);
    services.cleanup();
    services.cleanup();
    const { requests } = page.wire;
    await network.pass(5 * MINUTE);
    expect(page.wire.requests).toBe(requests);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does so with everything open', async () => {
    const page = open('carol');
    const { services } = page;
    const { market, balance, legacyAccount, legacyPositions, positions, movements, withdrawals, roles } = services;
    const views = [market, balance, legacyAccount, legacyPositions, positions, movements, withdrawals, roles].map((store) =>
      watch<unknown>(store)
    );
    await network.until(() => views.every(({ shown }) => shown.phase === 'live'), 'everything');
    services.cleanup();
    const { requests } = page.wire;
    await network.pass(10 * MINUTE);
    expect(page.wire.requests).toBe(requests);
    expect(vi.getTimerCount()).toBe(0);
  });
});
