import type { EnhancedServices } from '../../src/lib/services/types';
import { sats } from './words.ts';

/** Enough for some hundred runs. */
const TEST_DEPOSIT_SATS = 100_000n;
const LEDGER_FEES_SATS = 1_000n;

/**
 * Sees to it that the canary's account can pay for its order: with test bitcoin where a network gives it away; elsewhere somebody must have deposited
 * enough. Answers what was done, in words; empty when nothing had to be.
 *
 * @throws Error that says how much is missing
 */
export async function fundCanary(page: EnhancedServices, testBitcoin: boolean, neededSats: bigint): Promise<string> {
  const { owner, availableSats } = await page.certifyBalance();
  if (availableSats >= neededSats) return '';
  if (!testBitcoin)
    throw new Error(`the canary's account ${owner} has ${sats(availableSats)} available and needs ${sats(neededSats)}: deposit them first`);
  await page.getTestBitcoin(TEST_DEPOSIT_SATS + LEDGER_FEES_SATS);
  const { amountSats } = await page.deposit(`checklist-${Date.now()}`, TEST_DEPOSIT_SATS);
  return `deposited ${sats(amountSats)} of test bitcoin; `;
}
