import { overview, reserves } from '$lib/components/testing/platform';
import type { LegacyPlatform } from '$lib/options/legacy';
import { describe, expect, it } from 'vitest';
import { market, tenor } from '$lib/components/testing/exchange';
import {
  cyclesFacts,
  legacyFacts,
  oracleFacts,
  owedSats,
  reservesFacts,
  settingsFacts,
  tenorFacts,
  tradingFacts,
  treasuryFacts
} from './figures';

const value = (facts: { label: string; value: string }[], label: string) => facts.find((fact) => fact.label === label)?.value;
describe('the operator’s figures', () => {
  it('the treasury is what is free plus what is reserved', () => {
    expect(value(treasuryFacts(overview), 'Treasury')).toBe('2.00000000 BTC');
  });

  it('what is owed leaves out what belongs to nobody', () => {
    expect(owedSats({ ...reserves, withdrawalsInTransitSats: 7n, unattributedSats: 5n })).toBe(1_000_000_007n);
    expect(owedSats({ ...reserves, migrationSats: 11n })).toBe(1_000_000_011n);
  });

  it('what is missing on the ledger stands out unless a transfer in flight explains it', () => {
    const tone = (unattributedSats: bigint, inFlightSats: bigint) =>
      reservesFacts({ ...reserves, unattributedSats, inFlightSats }).find(({ label }) => label === 'Not attributed')?.tone;
    expect([tone(0n, 0n), tone(-7n, 7n), tone(-8n, 7n)]).toEqual([undefined, undefined, 'down']);
  });

  it('the result of trading has a sign', () => {
    expect(value(tradingFacts(overview), 'Premiums less payouts')).toBe('+0.01000000 BTC');
    expect(value(tradingFacts({ ...overview, payoutsSats: 6_000_000n }), 'Premiums less payouts')).toBe('-0.01000000 BTC');
  });

  it('what waits for a person stands out', () => {
    const calm = treasuryFacts(overview).find(({ label }) => label === 'Transfers in review');
    expect(calm).toMatchObject({ value: '0', tone: undefined });
    const busy = treasuryFacts({ ...overview, withdrawalsAwaitingApproval: 2n, transfersInReview: 1n });
    expect(busy.filter(({ tone }) => tone === 'down').map(({ label }) => label)).toEqual([
      'Withdrawals that wait for approval',
      'Transfers in review'
    ]);
    expect(value(tradingFacts({ ...overview, voided: 4n }), 'Settled / cancelled / voided')).toBe('3 / 1 / 4');
  });

  it('cycles say how long they last, and what the oracle costs', () => {
    const facts = cyclesFacts(overview, market.settings);
    expect(facts).toMatchObject([
      { value: '9.00 T', tone: undefined },
      { value: '45.00 B', note: 'enough for 200 days like the last' },
      { value: '3.00 T' },
      { value: '1.00 T' },
      { value: '100' },
      { value: '2.00 B', note: '20.00 M each' }
    ]);
    expect(cyclesFacts({ ...overview, cyclesBurned24h: 1_000_000n }, undefined)[1]).toMatchObject({ value: '1.00 M', note: undefined });
    expect(cyclesFacts({ ...overview, cyclesAlert: true, cyclesBurned24h: 0n }, undefined)[0]).toMatchObject({
      tone: 'down',
      note: 'low: top the canister up'
    });
  });

  it('a tenor says its volatility in force and where it comes from', () => {
    const volatility = { kind: 'measured', scalePpm: 1_150_000n, floorPpm: 300_000n, ceilingPpm: 2_000_000n } as const;
    const facts = tenorFacts({
      ...market,
      tenors: [tenor(), tenor({ name: '1w', schedule: { kind: 'weekly' }, volatility, enabled: false })]
    });
    expect(facts).toMatchObject([
      { label: '1 min', value: '60.0% a year', note: 'fixed, band 0.0%, strikes every $50.00, settles at one minute' },
      { label: 'Weekly, closed', note: expect.stringContaining('measured x 1.15, 30.0% to 200.0%') as string }
    ]);
    expect(value(settingsFacts(market), 'Withdrawals wait for approval above')).toBe('1.00000000 BTC');
  });

  it('an oracle without a price doesn’t pretend to have one from 1970', () => {
    expect(value(oracleFacts({ ...overview, oracleNewestNs: 0n }, 0), 'Newest price')).toBe('none yet');
  });

  it('legacy wins and losses are named from the traders’ side', () => {
    const legacy: LegacyPlatform = {
      walletBalanceSats: 1n,
      walletDepositsSats: 2n,
      walletWithdrawalsSats: 1n,
      traderWinsCents: 12_345n,
      traderLossesCents: 20_000n,
      platformNetPnlCents: 7_655n,
      totalTrades: 4n,
      activeTrades: 1n,
      settledTrades: 3n,
      users: 2n
    };
    expect(value(legacyFacts(legacy), 'Won by traders')).toBe('$123.45');
    expect(value(legacyFacts(legacy), 'Lost by traders')).toBe('$200.00');
    expect(value(legacyFacts(legacy), 'Net result of the platform')).toBe('+$76.55');
  });
});
