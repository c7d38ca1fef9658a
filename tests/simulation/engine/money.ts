// Transfers: what the journal says, held against what the ledger recorded. Neither the model nor the canister is believed here, the blocks are.
import type { Deposit, Withdrawal } from '../../../src/lib/canisters/options/options.did.js';
import { isHeld, nameOf, text } from './compare.ts';
import type { Observed, Transfer } from './observe.ts';

/** Which states may follow one; a row that is new may be in the first. */
const depositSteps: Record<string, string[]> = {
  new: ['in_transit', 'credited'],
  in_transit: ['in_transit', 'credited', 'failed', 'needs_review']
};
const withdrawalSteps: Record<string, string[]> = {
  new: ['in_transit', 'paid', 'refunded'],
  in_transit: ['in_transit', 'paid', 'refunded', 'needs_review']
};

/** What is wrong with the step from one state of a journal entry to the next; a final state keeps every figure. */
export function wrongStep(before: Deposit | Withdrawal | undefined, row: Deposit | Withdrawal): string[] {
  const [what, steps] = 'to' in row ? ['withdrawal', withdrawalSteps] : ['deposit', depositSteps];
  const from = before === undefined ? 'new' : nameOf(before.state);
  const allowed = steps[from];
  const name = `${what} ${row.id}`;
  if (allowed === undefined)
    return text(before) === text(row) ? [] : [`${name} changed after its end: ${text(before)} became ${text(row)}`];
  if (!allowed.includes(nameOf(row.state))) return [`${name} went from ${from} to ${nameOf(row.state)}`];
  const kept = ({ state: _, ...rest }: Deposit | Withdrawal): string => text(rest);
  return before !== undefined && kept(before) !== kept(row) ? [`${name} became another: ${kept(before)}, then ${kept(row)}`] : [];
}

/** What of the journal the ledger's blocks contradict, and what it holds beyond the books. */
export function wrongTransfers({ deposits, withdrawals, transfers, ledgerSats, overview }: Observed): string[] {
  const wrong: string[] = [];
  let unbooked = 0n;
  const of = (direction: Transfer['direction'], id: bigint): Transfer[] =>
    transfers.filter((row) => row.direction === direction && row.id === id);
  for (const row of deposits) {
    const blocks = of('in', row.id);
    const [block] = blocks;
    const state = nameOf(row.state);
    const fits = block !== undefined && block.sats === row.amount_sats && block.owner === row.owner.toText();
    if (blocks.length > 1) wrong.push(`deposit ${row.id} was taken ${blocks.length} times`);
    if (block !== undefined && !fits) wrong.push(`deposit ${row.id} is not what the ledger took: ${text(block)}`);
    if ('credited' in row.state && row.state.credited.block !== block?.block)
      wrong.push(`deposit ${row.id} is credited, but not by its block`);
    if (state === 'failed' && block !== undefined) wrong.push(`deposit ${row.id} failed although the ledger took it`);
    if (state !== 'credited') unbooked += block?.sats ?? 0n;
  }
  for (const row of withdrawals) {
    const blocks = of('out', row.id);
    const [block] = blocks;
    const state = nameOf(row.state);
    if (blocks.length > 1) wrong.push(`withdrawal ${row.id} was sent ${blocks.length} times`);
    if (
      block !== undefined &&
      (block.sats + block.fee !== row.amount_sats || block.fee !== row.fee_sats || block.owner !== row.to.owner.toText())
    ) {
      wrong.push(`withdrawal ${row.id} is not what the ledger sent: ${text(block)}`);
    }
    if ('paid' in row.state && row.state.paid.block !== block?.block) wrong.push(`withdrawal ${row.id} is paid, but not by its block`);
    if (state === 'refunded' && block !== undefined) wrong.push(`withdrawal ${row.id} was refunded and sent`);
    if (state !== 'paid' && block !== undefined) unbooked -= row.amount_sats;
  }
  for (const { direction, id, block } of transfers) {
    const known = direction === 'in' ? deposits.some((row) => row.id === id) : withdrawals.some((row) => row.id === id);
    if (!known) wrong.push(`block ${block} moved money that no journal entry knows of`);
  }
  const held = withdrawals.reduce((sum, row) => sum + (isHeld(row.state) ? row.amount_sats : 0n), 0n);
  const traders = overview.money.traders_available_sats + overview.money.traders_reserved_sats;
  const booked =
    traders + overview.money.treasury_available_sats + overview.money.treasury_reserved_sats + overview.money.migration_sats + held;
  if (booked + unbooked !== ledgerSats)
    wrong.push(`conservation: the books hold ${booked} and ${unbooked} are on the way, the ledger holds ${ledgerSats}`);
  return wrong;
}
