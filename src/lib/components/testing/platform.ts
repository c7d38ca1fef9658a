import type { Overview, Reserves, UserRow } from '$lib/options/types';
import { MINUTE, NOW_NS, TRADER } from './exchange';

/* The operator's figures of a small exchange that adds up. */

export const overview: Overview = {
  asOfNs: NOW_NS,
  users: 2n,
  pending: 1n,
  open: 2n,
  settled: 3n,
  cancelled: 1n,
  voided: 0n,
  wins: 1n,
  ties: 0n,
  losses: 2n,
  tradersAvailableSats: 790_000_000n,
  tradersReservedSats: 10_000_000n,
  treasuryAvailableSats: 180_000_000n,
  treasuryReservedSats: 20_000_000n,
  migrationSats: 0n,
  premiumsSats: 5_000_000n,
  payoutsSats: 4_000_000n,
  openPremiumSats: 100_000n,
  depositsSats: 1_000_000_000n,
  withdrawalsSats: 0n,
  dueUnsettled: 0n,
  setAside: 0n,
  withdrawalsAwaitingApproval: 0n,
  transfersInReview: 0n,
  oracleNewestNs: MINUTE,
  oracleLastError: '',
  oracleCalls: 100n,
  oracleCycles: 2_000_000_000n,
  entry: { kind: 'open' },
  cycles: 9_000_000_000_000n,
  cyclesBurned24h: 45_000_000_000n,
  cyclesAlert: false,
  utilisationPpm: 100_000n,
  version: '0.1.0'
};

export const reserves: Reserves = {
  ledgerSats: 1_000_000_000n,
  ledgerCheckedNs: MINUTE,
  accountsSats: 800_000_000n,
  treasuryAvailableSats: 180_000_000n,
  treasuryReservedSats: 20_000_000n,
  migrationSats: 0n,
  withdrawalsInTransitSats: 0n,
  inFlightSats: 0n,
  unattributedSats: 0n
};

export function user(parts: Partial<UserRow> = {}): UserRow {
  return {
    owner: TRADER,
    availableSats: 1_000n,
    reservedSats: 20n,
    positions: 3n,
    volumePremiumSats: 400n,
    payoutsSats: 500n,
    createdNs: MINUTE,
    ...parts
  };
}
