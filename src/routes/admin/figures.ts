import type { Fact } from '$lib/components/facts';
import { toMs } from '$lib/components/clock';
import { formatDateTime, formatDuration, formatMinute } from '$lib/components/time';
import { tenorLabel } from '$lib/components/words';
import { formatBtc } from '$lib/money/formatBtc';
import { formatPpm } from '$lib/money/formatPpm';
import { formatSats } from '$lib/money/formatSats';
import { divideHalfUp, formatDecimal } from '$lib/money/formatDecimal';
import { formatCents, formatUsd } from '$lib/money/formatUsd';
import type { LegacyPlatform } from '$lib/options/legacy';
import type { Flags, Market, Overview, Reserves, Settings, TenorNow } from '$lib/options/types';

const btc = (sats: bigint) => `${formatBtc(sats)} BTC`;
const count = (value: bigint) => formatSats(value);

/** What waits for a person. */
const warnAbove = (waiting: bigint): Fact['tone'] => (waiting > 0n ? 'down' : undefined);

export function treasuryFacts(overview: Overview): Fact[] {
  return [
    { label: 'Treasury', value: btc(overview.treasuryAvailableSats + overview.treasuryReservedSats), strong: true },
    { label: 'Free', value: btc(overview.treasuryAvailableSats) },
    { label: 'Reserved for payouts', value: btc(overview.treasuryReservedSats) },
    { label: 'Utilisation', value: formatPpm(overview.utilisationPpm) },
    { label: 'Deposits, all time', value: btc(overview.depositsSats) },
    { label: 'Withdrawals, all time', value: btc(overview.withdrawalsSats) },
    {
      label: 'Withdrawals that wait for approval',
      value: count(overview.withdrawalsAwaitingApproval),
      tone: warnAbove(overview.withdrawalsAwaitingApproval)
    },
    { label: 'Transfers in review', value: count(overview.transfersInReview), tone: warnAbove(overview.transfersInReview) },
    { label: 'Migration account', value: btc(overview.migrationSats) }
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
    { label: 'Migration account', value: btc(reserves.migrationSats) },
    { label: 'Withdrawals on their way', value: btc(reserves.withdrawalsInTransitSats) },
    {
      label: 'Not attributed',
      value: btc(reserves.unattributedSats),
      tone: reserves.unattributedSats + reserves.inFlightSats < 0n ? 'down' : undefined
    }
  ];
}

/** What the canister owes, to be held against what the ledger says it has. */
export function owedSats(reserves: Reserves): bigint {
  const { accountsSats, treasuryAvailableSats, treasuryReservedSats, migrationSats, withdrawalsInTransitSats } = reserves;
  return accountsSats + treasuryAvailableSats + treasuryReservedSats + migrationSats + withdrawalsInTransitSats;
}

export function tradingFacts(overview: Overview): Fact[] {
  const result = overview.premiumsSats - overview.payoutsSats;
  return [
    { label: 'Traders', value: count(overview.users) },
    { label: 'Pending / open', value: `${count(overview.pending)} / ${count(overview.open)}` },
    {
      label: 'Settled / cancelled / voided',
      value: `${count(overview.settled)} / ${count(overview.cancelled)} / ${count(overview.voided)}`
    },
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

/** @param nowMs network time */
export function oracleFacts(overview: Overview, nowMs: number): Fact[] {
  const known = overview.oracleNewestNs > 0n;
  return [
    {
      label: 'Newest price',
      value: known ? formatMinute(overview.oracleNewestNs) : 'none yet',
      note: known ? `${formatDuration(nowMs - toMs(overview.oracleNewestNs))} old` : undefined,
      strong: true
    },
    { label: 'Last error', value: overview.oracleLastError === '' ? 'none' : overview.oracleLastError },
    { label: 'Due, not settled yet', value: count(overview.dueUnsettled), tone: warnAbove(overview.dueUnsettled) },
    { label: 'Set aside for an operator', value: count(overview.setAside), tone: warnAbove(overview.setAside) },
    { label: 'Canister version', value: overview.version }
  ];
}

/** What the exchange runs on. @param settings the canister's, if they are known */
export function cyclesFacts(overview: Overview, settings: Settings | undefined): Fact[] {
  const calls = overview.oracleCalls;
  return [
    {
      label: 'Cycles',
      value: cycles(overview.cycles),
      strong: true,
      tone: overview.cyclesAlert ? 'down' : undefined,
      note: overview.cyclesAlert ? 'low: top the canister up' : undefined
    },
    { label: 'Burned in 24 hours', value: cycles(overview.cyclesBurned24h), note: lastsFor(overview) },
    ...(settings
      ? [
          { label: 'Warned below', value: cycles(settings.alertCycles) },
          { label: 'No new orders below', value: cycles(settings.minCycles) }
        ]
      : []),
    { label: 'Questions to the oracle', value: count(calls) },
    {
      label: 'Cycles paid for them',
      value: cycles(overview.oracleCycles),
      note: calls > 0n ? `${cycles(overview.oracleCycles / calls)} each` : undefined
    }
  ];
}

/** Cycles in trillions, billions or millions, as prices are given. */
function cycles(value: bigint): string {
  if (value < 1_000_000n) return count(value);
  const [unit, size] = value >= 1_000_000_000_000n ? ['T', 12n] : value >= 1_000_000_000n ? ['B', 9n] : (['M', 6n] as const);
  return `${formatDecimal(divideHalfUp(value, 10n ** (BigInt(size) - 2n)), 2)} ${unit}`;
}

/** More than ten years means that the canister hasn't run for a day yet: no basis for an estimate. */
const MOST_DAYS = 3_650n;

function lastsFor({ cycles: left, cyclesBurned24h: burned }: Overview): string | undefined {
  const days = burned > 0n ? left / burned : undefined;
  return days !== undefined && days <= MOST_DAYS ? `enough for ${count(days)} days like the last` : undefined;
}

/** The parameters in force. */
export function settingsFacts({ settings, flags }: Market): Fact[] {
  const onOff = (name: keyof Flags): string => (flags[name] ? 'on' : 'off');
  return [
    { label: 'Spread', value: formatPpm(settings.spreadPpm), note: `at least ${count(settings.minSpreadSats)} sats` },
    { label: 'Highest skew', value: formatPpm(settings.maxSkewPpm) },
    {
      label: 'Least premium',
      value: formatPpm(settings.premiumFloorPpm),
      note: `of the payout, at least ${count(settings.minPremiumSats)} sats`
    },
    { label: 'Least fair value', value: formatPpm(settings.minSharePpm), note: 'of the payout' },
    { label: 'Payout of a position', value: btc(settings.maxPositionPayoutSats), note: `at least ${btc(settings.minPayoutSats)}` },
    { label: 'Payouts of a trader', value: btc(settings.maxTraderPayoutSats) },
    { label: 'Payouts of an expiry', value: btc(settings.maxExpiryPayoutSats) },
    { label: 'Payouts together', value: btc(settings.maxTotalPayoutSats) },
    { label: 'Least deposit / withdrawal', value: `${count(settings.minDepositSats)} / ${count(settings.minWithdrawalSats)} sats` },
    { label: 'Withdrawals wait for approval above', value: btc(settings.largeWithdrawalSats) },
    { label: 'Sources of a price', value: count(settings.minSources), note: `within ${formatPpm(settings.maxDispersionPpm)}` },
    { label: 'A jump is confirmed above', value: formatPpm(settings.maxJumpPpm) },
    { label: 'Volatility: weight of the past', value: formatPpm(settings.volatilityLambdaPpm, 4), note: 'a minute' },
    { label: 'Services: balances / admin / settlement', value: `${onOff('balances')} / ${onOff('admin')} / ${onOff('settlement')}` }
  ];
}

/** The table of tenors: volatility in force, its rule and band, grid, expiry of an order placed now. */
export function tenorFacts({ tenors }: Market): Fact[] {
  return tenors.map((tenor) => ({
    label: `${tenorLabel(tenor)}${tenor.enabled ? '' : ', closed'}`,
    value: `${formatPpm(tenor.sigmaPpm)} a year`,
    note: [
      volatilityWords(tenor),
      `band ${formatPpm(tenor.bandPpm)}`,
      `strikes every ${formatUsd(tenor.strikeGridE8)}`,
      tenor.settlesAtMean ? 'settles at the mean of ten minutes' : 'settles at one minute'
    ].join(', ')
  }));
}

function volatilityWords({ volatility }: TenorNow): string {
  switch (volatility.kind) {
    case 'fixed':
      return 'fixed';
    case 'measured':
      return `measured x ${formatDecimal(volatility.scalePpm / 10_000n, 2)}, ${formatPpm(volatility.floorPpm)} to ${formatPpm(volatility.ceilingPpm)}`;
    case 'unknown':
      return 'a rule this page doesn’t know';
  }
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
