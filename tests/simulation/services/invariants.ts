import { get } from 'svelte/store';
import { legacySettlementAt } from '../../../src/lib/options/legacyPayout';
import type { Visitor } from './Visitor.ts';

/** Everything that must hold of a visitor once the faults have ended and the page had time; one sentence for each that doesn't. */
export async function broken(visitor: Visitor, legacySatsBefore: bigint): Promise<string[]> {
  const faults: string[] = [];
  const claim = (holds: boolean, otherwise: string): void => {
    if (!holds) faults.push(`${visitor.name}: ${otherwise}`);
  };
  const { services } = visitor;
  claim(visitor.surprises.length === 0, `errors nobody planned: ${visitor.surprises.map(told).join('; ')}`);

  // The journal: every entry has ended.
  const open = (await services.settlementHistory()).filter(({ state }) => state === 'pending');
  claim(open.length === 0, `settlements still open: ${open.map(({ key, lastError }) => `${key} (${lastError ?? ''})`).join(', ')}`);

  // What the page shows is what the canister has.
  const shown = get(services.balance).value?.account;
  const phase = get(services.balance).phase;
  const account = await services.certifyBalance();
  claim(phase === 'live', `the balance is ${phase}, not live`);
  claim(shown?.availableSats === account.availableSats, `shown ${shown?.availableSats}, held ${account.availableSats}`);

  // On the exchange: each order once, each position settled once, every satoshi accounted for.
  for (const store of [services.positions, services.movements]) await store.refresh();
  const positions = get(services.positions).value ?? [];
  const movements = get(services.movements).value ?? [];
  claim(new Set(positions.map(({ clientOrderId }) => clientOrderId)).size === positions.length, 'an order was placed twice');
  for (const [clientId, id] of visitor.orders) {
    claim(
      positions.some((row) => row.id === id && row.clientOrderId === clientId),
      `order ${id} was confirmed and is lost`
    );
  }
  for (const { id, state } of positions) {
    const paid = movements.filter(({ kind, reference }) => kind === 'payout' && reference === id);
    const payout = state.kind === 'settled' ? state.receipt.payoutSats : 0n;
    claim(state.kind === 'settled' || state.kind === 'cancelled', `position ${id} is still ${state.kind}`);
    claim(paid.length === (payout > 0n ? 1 : 0), `position ${id} was paid ${paid.length} times`);
    claim(
      paid.every(({ amountSats }) => amountSats === payout),
      `position ${id} was paid something else than its receipt says`
    );
    for (const receipt of visitor.receipts.filter(({ positionId }) => positionId === id)) {
      claim(state.kind === 'settled' && same(receipt, state.receipt), `the receipt of position ${id} has changed`);
    }
  }
  const booked = movements.reduce((sum, { amountSats }) => sum + amountSats, 0n);
  claim(
    booked === account.availableSats + account.reservedSats,
    `the movements come to ${booked}, the account holds ${account.availableSats + account.reservedSats}`
  );

  // On the legacy platform, which pays as often as it is asked: once.
  await services.legacyPositions.refresh();
  for (const { id, state } of get(services.legacyPositions).value ?? []) if (state.kind !== 'settled') await services.settleLegacy(id);
  for (const store of [services.legacyPositions, services.legacyAccount]) await store.refresh();
  const legacyPositions = get(services.legacyPositions).value ?? [];
  let owedSats = 0n;
  for (const position of legacyPositions) {
    const { state } = position;
    claim(state.kind === 'settled', `legacy position ${position.id} is not settled`);
    if (state.kind !== 'settled' || state.priceCents === undefined) continue;
    const result = legacySettlementAt(position, state.priceCents * 1_000_000n);
    owedSats += ((result?.payoutCents ?? 0n) * 100_000_000n) / state.priceCents;
    for (const receipt of visitor.legacyReceipts.filter(({ positionId }) => positionId === position.id)) {
      claim(receipt.payoutCents === result?.payoutCents, `the receipt of legacy position ${position.id} differs from what was recorded`);
    }
  }
  const legacySats = get(services.legacyAccount).value?.balanceSats ?? 0n;
  claim(legacySats - legacySatsBefore === owedSats, `the legacy platform paid ${legacySats - legacySatsBefore}, owed were ${owedSats}`);
  return faults;
}

/** An error with what it was made from. */
function told(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? String(error)) : String(error);
  return error instanceof Error && error.cause !== undefined ? `${text}, because ${told(error.cause)}` : text;
}

function same(one: object, other: object): boolean {
  const text = (value: object): string => JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}` : part));
  return text(one) === text(other);
}
