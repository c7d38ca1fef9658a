import type * as candid from '../canisters/options/options.did';
import type { AuditEntry, Overview, Reserves, UserRow } from '../options/types';
import { toEntry } from './optionsMapping';

// What only operators and auditors read, from Candid to the domain.

export function toUserRow(row: candid.UserRow): UserRow {
  return {
    owner: row.owner.toText(),
    availableSats: row.available_sats,
    reservedSats: row.reserved_sats,
    positions: row.positions,
    volumePremiumSats: row.volume_premium_sats,
    payoutsSats: row.payouts_sats,
    createdNs: row.created_ns
  };
}

export function toAuditEntry(entry: candid.AuditEntry): AuditEntry {
  return {
    id: entry.id,
    atNs: entry.at_ns,
    who: entry.who.toText(),
    action: entry.action,
    before: entry.before,
    after: entry.after,
    hash: Array.from(entry.hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
  };
}

export function toReserves(reserves: candid.Reserves): Reserves {
  return {
    ledgerSats: reserves.ledger_sats,
    ledgerCheckedNs: reserves.ledger_checked_ns,
    accountsSats: reserves.accounts_sats,
    treasuryAvailableSats: reserves.treasury_available_sats,
    treasuryReservedSats: reserves.treasury_reserved_sats,
    migrationSats: reserves.migration_sats,
    withdrawalsInTransitSats: reserves.withdrawals_in_transit_sats,
    inFlightSats: reserves.in_flight_sats,
    unattributedSats: reserves.unattributed_sats
  };
}

export function toOverview({ positions, money, waiting, oracle, cycles, ...overview }: candid.Overview): Overview {
  return {
    asOfNs: overview.as_of_ns,
    users: overview.users,
    pending: positions.pending,
    open: positions.open,
    settled: positions.settled,
    cancelled: positions.cancelled,
    voided: positions.voided,
    wins: positions.wins,
    ties: positions.ties,
    losses: positions.losses,
    tradersAvailableSats: money.traders_available_sats,
    tradersReservedSats: money.traders_reserved_sats,
    treasuryAvailableSats: money.treasury_available_sats,
    treasuryReservedSats: money.treasury_reserved_sats,
    migrationSats: money.migration_sats,
    premiumsSats: money.premiums_sats,
    payoutsSats: money.payouts_sats,
    openPremiumSats: money.open_premium_sats,
    depositsSats: money.deposits_sats,
    withdrawalsSats: money.withdrawals_sats,
    dueUnsettled: positions.due_unsettled,
    setAside: waiting.set_aside,
    withdrawalsAwaitingApproval: waiting.large_withdrawals,
    transfersInReview: waiting.transfers_in_review,
    oracleNewestNs: oracle.newest_ns,
    oracleLastError: oracle.last_error,
    oracleCalls: oracle.calls,
    oracleCycles: oracle.cycles,
    entry: toEntry(overview.entry),
    cycles: cycles.balance,
    cyclesBurned24h: cycles.burned_24h,
    cyclesAlert: cycles.alert,
    utilisationPpm: overview.utilisation_ppm,
    version: overview.version
  };
}
