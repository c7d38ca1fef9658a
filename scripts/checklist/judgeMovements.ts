import type { AccountView, Movement } from '../../src/lib/options/types';

/** Whether an account is the sum of its movements, newest first, and each of them follows from the one before it. */
export function judgeMovements(
  account: Pick<AccountView, 'availableSats' | 'reservedSats'>,
  movements: readonly Movement[]
): { sumSats: bigint; faults: string[] } {
  const heldSats = account.availableSats + account.reservedSats;
  const faults: string[] = [];
  let sumSats = 0n;
  for (const { id, amountSats, balanceAfterSats } of movements.toReversed()) {
    sumSats += amountSats;
    if (balanceAfterSats !== sumSats) faults.push(`movement ${id} leaves ${balanceAfterSats} sats, the sum up to it is ${sumSats}`);
  }
  if (sumSats !== heldSats) faults.push(`the account holds ${heldSats} sats, its movements add up to ${sumSats}`);
  return { sumSats, faults: faults.slice(0, 3) };
}
