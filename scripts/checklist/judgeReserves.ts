import type { Reserves } from '../../src/lib/options/types';

const DAY_NS = 86_400_000_000_000n;

/**
 * Whether the ledger holds what the books owe, and how much that is. `heldSats`: the ledger's own answer now. What left since the proof may be missing
 * there only as far as the books had it on its way out.
 */
export function judgeReserves(proof: Reserves, heldSats: bigint, nowNs: bigint): { owedSats: bigint; faults: string[] } {
  const { accountsSats, treasuryAvailableSats, treasuryReservedSats, migrationSats, withdrawalsInTransitSats, inFlightSats } = proof;
  const owedSats = accountsSats + treasuryAvailableSats + treasuryReservedSats + migrationSats + withdrawalsInTransitSats;
  const faults: string[] = [];
  if (proof.ledgerSats + inFlightSats < owedSats)
    faults.push(`the ledger holds ${owedSats - proof.ledgerSats} sats less than is owed, and only ${inFlightSats} are in flight`);
  if (proof.unattributedSats !== proof.ledgerSats - owedSats)
    faults.push(`the proof says ${proof.unattributedSats} sats are unattributed, its own figures say ${proof.ledgerSats - owedSats}`);
  if (nowNs - proof.ledgerCheckedNs > DAY_NS)
    faults.push(`the ledger was last asked ${(nowNs - proof.ledgerCheckedNs) / 3_600_000_000_000n} hours ago`);
  if (heldSats === 0n && owedSats > 0n) faults.push('the ledger itself says that the exchange holds nothing');
  return { owedSats, faults };
}
