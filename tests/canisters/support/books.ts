import type { Principal } from '@dfinity/principal';
import type { _SERVICE as Options, Deposit, Page, Position, UserRow, Withdrawal } from '../../../src/lib/canisters/options/options.did.js';

type Answer<T> = { ok: T } | { err: { message: string } };
type Rows<T> = { rows: T[]; next: [] | [bigint] };

/** The value of an answer that must be one. */
export function ok<T>(answer: Answer<T>): T {
  if ('err' in answer) throw new Error(`expected ok, not: ${answer.err.message}`);
  return answer.ok;
}

/** Every row of a paged list. */
export async function allRows<T>(list: (page: Page) => Promise<Answer<Rows<T>>>): Promise<T[]> {
  const rows: T[] = [];
  let after: [] | [bigint] = [];
  for (;;) {
    const page: Rows<T> = ok(await list({ after, limit: 200n }));
    rows.push(...page.rows);
    if (page.next.length === 0) return rows;
    after = page.next;
  }
}

const sum = <T>(rows: T[], amount: (row: T) => bigint): bigint => rows.reduce((total, row) => total + amount(row), 0n);
const maxPremium = (row: Position): bigint => ('pending' in row.state ? row.max_premium_sats : 0n);
const openPremium = (row: Position): bigint => ('open' in row.state ? row.state.open.premium_sats : 0n);
const inReview = (rows: { state: object }[]): bigint => BigInt(rows.filter((row) => 'needs_review' in row.state).length);
const held = (row: Withdrawal): bigint =>
  'in_transit' in row.state || 'needs_review' in row.state || 'awaiting_approval' in row.state ? row.amount_sats : 0n;

interface Wrong {
  what: string;
  expected: bigint;
  found: bigint;
}

/**
 * Recomputes the whole exchange from its raw lists and compares with the figures it maintains: the satoshi that is missing anywhere, or is in two
 * places, is found here.
 *
 * @param ledgerSats what the ledger holds for the exchange; undefined when it can't be asked
 * @param unattributed how much more than the books the ledger is expected to hold
 */
export async function wrongFigures(auditor: Options, ledgerSats: bigint | undefined, unattributed: bigint): Promise<Wrong[]> {
  const overview = ok(await auditor.get_overview());
  const users: UserRow[] = await allRows((page) => auditor.list_users(page));
  const positions: Position[] = await allRows((page) => auditor.list_positions({ filter: { all: null }, page }));
  const deposits: Deposit[] = await allRows((page) => auditor.list_deposits(page));
  const withdrawals: Withdrawal[] = await allRows((page) => auditor.list_withdrawals(page));
  const credited = deposits.filter((row) => 'credited' in row.state);
  const paid = withdrawals.filter((row) => 'paid' in row.state);
  const settled = positions.flatMap((row) => ('settled' in row.state ? [row.state.settled] : []));
  const open = positions.flatMap((row) => ('open' in row.state ? [row.state.open] : []));
  const voided = positions.flatMap((row) => ('voided' in row.state ? [row.state.voided] : []));
  const filled = [...settled.map((row) => row.fill), ...voided.map((row) => row.fill), ...open];
  const inTransit = sum(withdrawals, held);
  const booked =
    overview.money.traders_available_sats +
    overview.money.traders_reserved_sats +
    overview.money.treasury_available_sats +
    overview.money.treasury_reserved_sats +
    overview.money.migration_sats +
    inTransit;
  const treasury = overview.money.treasury_available_sats + overview.money.treasury_reserved_sats;
  const backing = sum(positions, (row) => ('open' in row.state ? row.reserved_payout_sats : 0n));
  const count = (state: string): bigint => BigInt(positions.filter((row) => state in row.state).length);
  const outcomes = (outcome: string): bigint => BigInt(settled.filter((row) => outcome in row.receipt.outcome).length);

  const figures: [what: string, expected: bigint, found: bigint][] = [
    ['traders available', sum(users, (row) => row.available_sats), overview.money.traders_available_sats],
    ['traders reserved', sum(users, (row) => row.reserved_sats), overview.money.traders_reserved_sats],
    ['maximum premiums of pending orders', sum(positions, maxPremium), overview.money.traders_reserved_sats],
    ['payouts held back', sum(positions, (row) => row.reserved_payout_sats), overview.money.treasury_reserved_sats],
    ['in review', inReview(deposits) + inReview(withdrawals), overview.waiting.transfers_in_review],
    ['awaiting approval', BigInt(withdrawals.filter((row) => 'awaiting_approval' in row.state).length), overview.waiting.large_withdrawals],
    ['premiums', sum(filled, (row) => row.premium_sats), overview.money.premiums_sats],
    ['open premiums', sum(positions, openPremium), overview.money.open_premium_sats],
    ['payouts', sum(settled, (row) => row.receipt.payout_sats), overview.money.payouts_sats],
    ['utilisation', treasury === 0n ? 0n : (backing * 1_000_000n + treasury - 1n) / treasury, overview.utilisation_ppm],
    ['users', BigInt(users.length), overview.users],
    ['pending', count('pending'), overview.positions.pending],
    ['open', count('open'), overview.positions.open],
    ['settled', count('settled'), overview.positions.settled],
    ['cancelled', count('cancelled'), overview.positions.cancelled],
    ['voided', count('voided'), overview.positions.voided],
    ['wins', outcomes('win'), overview.positions.wins],
    ['ties', outcomes('tie'), overview.positions.ties],
    ['losses', outcomes('loss'), overview.positions.losses],
    [
      'deposits',
      sum(
        credited.filter((row) => 'account' in row.target),
        (row) => row.amount_sats
      ),
      overview.money.deposits_sats
    ],
    [
      'withdrawals',
      sum(
        paid.filter((row) => !row.from_treasury),
        (row) => row.amount_sats
      ),
      overview.money.withdrawals_sats
    ],
    ['credited minus paid', sum(credited, (row) => row.amount_sats) - sum(paid, (row) => row.amount_sats), booked]
  ];
  for (const row of positions) {
    const reserve = 'pending' in row.state || 'open' in row.state ? worstCase(row) : 0n;
    figures.push([`payout held back for position ${row.id}`, reserve, row.reserved_payout_sats]);
  }
  if (ledgerSats !== undefined) figures.push(['the ledger', booked + unattributed, ledgerSats]);
  return figures.filter(([, expected, found]) => expected !== found).map(([what, expected, found]) => ({ what, expected, found }));
}

/** What a position can cost the treasury at most: before the fill what the order named, then what the contract can pay at its strike. */
function worstCase(row: Position): bigint {
  if ('digital' in row.instrument) return row.instrument.digital.payout_sats;
  if (!('open' in row.state)) return row.max_payout_sats;
  const { direction, notional_sats: notional, cap_e8: cap } = row.instrument.capped;
  const strike = row.state.open.strike_e8;
  return (notional * cap) / ('call' in direction ? strike + cap : strike - cap);
}

/** A trader's statement must end at the balance of the account, every line continuing the one before. */
export async function wrongStatement(trader: Options, owner: Principal): Promise<Wrong[]> {
  const movements = (await allRows((page) => trader.get_movements(page))).reverse();
  const account = ok(await trader.get_account());
  const wrong: Wrong[] = [];
  let balance = 0n;
  for (const row of movements) {
    balance += row.amount_sats;
    if (row.balance_after_sats !== balance) {
      wrong.push({ what: `movement ${row.id} of ${owner.toText()}`, expected: balance, found: row.balance_after_sats });
    }
  }
  const found = account.available_sats + account.reserved_sats;
  if (found !== balance) wrong.push({ what: `statement of ${owner.toText()}`, expected: balance, found });
  return wrong;
}
