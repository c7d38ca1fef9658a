import type { Fact } from '$lib/components/facts';
import { toMs } from '$lib/components/clock';
import { formatDateTime, formatDuration, formatMinute } from '$lib/components/time';
import { formatBtc } from '$lib/money/formatBtc';
import { formatPpm } from '$lib/money/formatPpm';
import { formatSats } from '$lib/money/formatSats';
import { formatCents } from '$lib/money/formatUsd';
import type { LegacyPlatform } from '$lib/options/legacy';
import type { Overview, Reserves } from '$lib/options/types';
import type { SettlementCounts } from '$lib/settlement/metrics';

const btc = (sats: bigint) => `${formatBtc(sats)} BTC`;
const count = (value: bigint) => formatSats(value);

export function treasuryFacts(overview: Overview): Fact[] {
  return [
    { label: 'Treasury', value: btc(overview.treasuryAvailableSats + overview.treasuryReservedSats), strong: true },
    { label: 'Free', value: btc(overview.treasuryAvailableSats) },
    { label: 'Reserved for payouts', value: btc(overview.treasuryReservedSats) },
    { label: 'Utilisation', value: formatPpm(overview.utilisationPpm) },
    { label: 'Deposits, all time', value: btc(overview.depositsSats) },
    { label: 'Withdrawals, all time', value: btc(overview.withdrawalsSats) },
    { label: 'Cycles', value: count(overview.cycles) }
  ];
}

export function reservesFacts(reserves: Reserves): Fact[] {
  return [
    {
      label: 'ckBTC on the ledger',
      value: btc(reserves.ledgerSats),
      strong: true,
      note: `read ${formatDateTime(reserves.ledgerCheckedNs)}`
    },
    { label: 'Traders’ accounts', value: btc(reserves.accountsSats) },
    { label: 'Treasury, free', value: btc(reserves.treasuryAvailableSats) },
    { label: 'Treasury, reserved', value: btc(reserves.treasuryReservedSats) },
    { label: 'Withdrawals on their way', value: btc(reserves.withdrawalsInTransitSats) },
    { label: 'Not attributed', value: btc(reserves.unattributedSats), tone: reserves.unattributedSats < 0n ? 'down' : undefined }
  ];
}

/** What the canister owes, to be held against what the ledger says it has. */
export function owedSats(reserves: Reserves): bigint {
  return reserves.accountsSats + reserves.treasuryAvailableSats + reserves.treasuryReservedSats + reserves.withdrawalsInTransitSats;
}

export function tradingFacts(overview: Overview): Fact[] {
  const result = overview.premiumsSats - overview.payoutsSats;
  return [
    { label: 'Traders', value: count(overview.users) },
    { label: 'Pending / open', value: `${count(overview.pending)} / ${count(overview.open)}` },
    { label: 'Settled / cancelled', value: `${count(overview.settled)} / ${count(overview.cancelled)}` },
    { label: 'Traders won / tied / lost', value: `${count(overview.wins)} / ${count(overview.ties)} / ${count(overview.losses)}` },
    { label: 'Premiums taken', value: btc(overview.premiumsSats) },
    { label: 'Payouts made', value: btc(overview.payoutsSats) },
    {
      label: 'Premiums less payouts',
      value: `${formatBtc(result, 'always')} BTC`,
      strong: true,
      tone: result > 0n ? 'up' : result < 0n ? 'down' : undefined,
      note: overview.openPremiumSats > 0n ? `${btc(overview.openPremiumSats)} of the premiums belong to open positions` : undefined
    },
    { label: 'Traders’ balances, free', value: btc(overview.tradersAvailableSats) },
    { label: 'Traders’ balances, reserved', value: btc(overview.tradersReservedSats) }
  ];
}

/** @param nowMs network time @param here what this page has settled itself */
export function oracleFacts(overview: Overview, here: SettlementCounts, nowMs: number): Fact[] {
  const known = overview.oracleNewestNs > 0n;
  return [
    {
      label: 'Newest price',
      value: known ? formatMinute(overview.oracleNewestNs) : 'none yet',
      note: known ? `${formatDuration(nowMs - toMs(overview.oracleNewestNs))} old` : undefined,
      strong: true
    },
    { label: 'Last error', value: overview.oracleLastError === '' ? 'none' : overview.oracleLastError },
    { label: 'Due, not settled yet', value: count(overview.dueUnsettled), tone: overview.dueUnsettled > 0n ? 'down' : undefined },
    { label: 'Set aside for an operator', value: count(overview.setAside), tone: overview.setAside > 0n ? 'down' : undefined },
    {
      label: 'Settlements asked for by this page',
      value: here.attempts.toString(),
      note: here.attempts === 0 ? undefined : `${here.failures} failed, ${here.mismatches} of them by a mismatch`,
      tone: here.mismatches > 0 ? 'down' : undefined
    },
    { label: 'Canister version', value: overview.version }
  ];
}

/** Named from the traders' side: the legacy canister's own names say "winning" where the platform won. */
export function legacyFacts(legacy: LegacyPlatform): Fact[] {
  const net = legacy.platformNetPnlCents;
  return [
    { label: 'Legacy platform wallet', value: btc(legacy.walletBalanceSats), strong: true },
    { label: 'Deposits / withdrawals', value: `${btc(legacy.walletDepositsSats)} / ${btc(legacy.walletWithdrawalsSats)}` },
    { label: 'Won by traders', value: formatCents(legacy.traderWinsCents) },
    { label: 'Lost by traders', value: formatCents(legacy.traderLossesCents) },
    { label: 'Net result of the platform', value: formatCents(net, 'always'), tone: net > 0n ? 'up' : net < 0n ? 'down' : undefined },
    {
      label: 'Trades, active / settled / all',
      value: `${count(legacy.activeTrades)} / ${count(legacy.settledTrades)} / ${count(legacy.totalTrades)}`
    },
    { label: 'Users', value: count(legacy.users) }
  ];
}
