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

export function toOverview(overview: candid.Overview): Overview {
  return {
    asOfNs: overview.as_of_ns,
    users: overview.users,
    pending: overview.pending,
    open: overview.open,
    settled: overview.settled,
    cancelled: overview.cancelled,
    voided: overview.voided,
    wins: overview.wins,
    ties: overview.ties,
    losses: overview.losses,
    tradersAvailableSats: overview.traders_available_sats,
    tradersReservedSats: overview.traders_reserved_sats,
    treasuryAvailableSats: overview.treasury_available_sats,
    treasuryReservedSats: overview.treasury_reserved_sats,
    migrationSats: overview.migration_sats,
    premiumsSats: overview.premiums_sats,
    payoutsSats: overview.payouts_sats,
    openPremiumSats: overview.open_premium_sats,
    depositsSats: overview.deposits_sats,
    withdrawalsSats: overview.withdrawals_sats,
    dueUnsettled: overview.due_unsettled,
    setAside: overview.set_aside,
    withdrawalsAwaitingApproval: overview.withdrawals_awaiting_approval,
    transfersInReview: overview.transfers_in_review,
    oracleNewestNs: overview.oracle_newest_ns,
    oracleLastError: overview.oracle_last_error,
    oracleCalls: overview.oracle_calls,
    oracleCycles: overview.oracle_cycles,
    entry: toEntry(overview.entry),
    cycles: overview.cycles,
    cyclesBurned24h: overview.cycles_burned_24h,
    cyclesAlert: overview.cycles_alert,
    utilisationPpm: overview.utilisation_ppm,
    version: overview.version
  };
}
