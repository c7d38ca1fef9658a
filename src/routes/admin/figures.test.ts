import { overview, reserves } from '$lib/components/testing/platform';
import type { LegacyPlatform } from '$lib/options/legacy';
import { describe, expect, it } from 'vitest';
import { legacyFacts, oracleFacts, owedSats, tradingFacts, treasuryFacts } from './figures';

const value = (facts: { label: string; value: string }[], label: string) => facts.find((fact) => fact.label === label)?.value;
const none = {
  attempts: 0,
  failures: 0,
  mismatches: 0,
  settled: { options: { win: 0, tie: 0, loss: 0 }, legacy: { win: 0, tie: 0, loss: 0 } }
};

describe('the operator’s figures', () => {
  it('the treasury is what is free plus what is reserved', () => {
    expect(value(treasuryFacts(overview), 'Treasury')).toBe('2.00000000 BTC');
  });

  it('what is owed leaves out what belongs to nobody', () => {
    expect(owedSats({ ...reserves, withdrawalsInTransitSats: 7n, unattributedSats: 5n })).toBe(1_000_000_007n);
  });

  it('the result of trading has a sign', () => {
    expect(value(tradingFacts(overview), 'Premiums less payouts')).toBe('+0.01000000 BTC');
    expect(value(tradingFacts({ ...overview, payoutsSats: 6_000_000n }), 'Premiums less payouts')).toBe('-0.01000000 BTC');
  });

  it('an oracle without a price doesn’t pretend to have one from 1970', () => {
    expect(value(oracleFacts({ ...overview, oracleNewestNs: 0n }, none, 0), 'Newest price')).toBe('none yet');
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
