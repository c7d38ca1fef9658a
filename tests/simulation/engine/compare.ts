// The canister's answers beside the model's, in the same words. What differs is a failure.
import type { Error as CanisterError, Movement, Position } from '../../../src/lib/canisters/options/options.did.js';
import type { Line, Model } from './model/Model.ts';
import type { Position as ModelPosition } from './model/Position.ts';
import { expiryOf, minuteAfter, settlesAtMean } from './model/terms.ts';
import type { Observed } from './observe.ts';
import { people, traders, type Person } from './world.ts';

/** JSON with amounts, for comparing and for reading. */
export const text = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}` : part)) ?? 'undefined';

/** The name of a variant's case. */
export const nameOf = (variant: object): string => Object.keys(variant)[0] ?? '';

/** An error as the model says it: the code and its figures. Texts are for people, so they are left out. */
export function refusalText({ kind, code: [code] }: CanisterError): string {
  if (code === undefined) return `no code, ${nameOf(kind)}`;
  const name = nameOf(code);
  if (name === 'ledger') return `ledger ${nameOf(kind)}`;
  const details = Object.values(code)[0] as Record<string, unknown> | null;
  if (details === null || name === 'entry_closed') return name;
  const figures = Object.keys(details)
    .sort()
    .map((key) => `${details[key]}`);
  return [name, ...figures].join(' ');
}

const total = <T>(rows: T[], amount: (row: T) => bigint): bigint => rows.reduce((sum, row) => sum + amount(row), 0n);

/** A position as both can say it. */
function shown(row: Position): unknown {
  const common = [row.id, row.owner.toText(), row.client_order_id, row.instrument, row.tenor, row.strike, row.max_premium_sats];
  const times = [row.max_payout_sats, row.reserved_payout_sats, row.placed_ns, row.fill_minute_ns, row.expiry_ns];
  const { state } = row;
  const fill = (value: Extract<Position['state'], { open: unknown }>['open']): unknown => [
    [value.price_e8, value.strike_e8, value.sigma_ppm, value.filled_ns],
    { fair: value.fair_sats, spread: value.spread_sats, skew: value.skew_sats, premium: value.premium_sats }
  ];
  if ('pending' in state) return [common, times, 'pending'];
  if ('cancelled' in state) return [common, times, 'cancelled', nameOf(state.cancelled.reason[0] ?? {}), state.cancelled.cancelled_ns];
  if ('open' in state) return [common, times, 'open', fill(state.open)];
  if (!('settled' in state)) return [common, times, nameOf(state)];
  const { receipt } = state.settled;
  const ends = [receipt.price_e8, receipt.price_minute_ns, nameOf(receipt.outcome), receipt.premium_sats, receipt.payout_sats];
  return [common, times, 'settled', fill(state.settled.fill), [...ends, receipt.profit_sats, receipt.settled_ns, receipt.position_id]];
}

function expected(model: Model, row: ModelPosition): unknown {
  const { request, fill, receipt } = row;
  const common = [row.id, row.owner, request.client_order_id, request.instrument, request.tenor, request.strike, request.max_premium_sats];
  const times = [row.maxPayout, model.worstCase(row), row.placed, row.fillMinute, row.expiry];
  if (row.state === 'pending') return [common, times, 'pending'];
  if (row.state === 'cancelled') return [common, times, 'cancelled', row.reason, row.cancelled];
  if (fill === undefined) return 'an open position without a fill';
  const { sigma, fair, spread, skew, premium } = fill.cost;
  const filled = [[fill.price, fill.strike, sigma, fill.at], { fair, spread, skew, premium }];
  if (receipt === undefined) return [common, times, 'open', filled];
  const { price, outcome, payout, at } = receipt;
  return [common, times, 'settled', filled, [price, row.expiry, outcome, premium, payout, payout - premium, at, row.id]];
}

const lineText = (kind: string, sats: bigint, reference: bigint | undefined, at: bigint): string =>
  `${kind} ${sats} of ${reference} at ${at}`;

function wrongStatement(who: Person, rows: Movement[], lines: Line[]): string[] {
  const wrong: string[] = [];
  let balance = 0n;
  for (const row of rows) {
    balance += row.amount_sats;
    if (row.balance_after_sats !== balance) wrong.push(`line ${row.id} of ${who}: balance ${row.balance_after_sats}, not ${balance}`);
  }
  const found = rows.map((row) => lineText(nameOf(row.kind[0] ?? {}), row.amount_sats, row.reference[0], row.at_ns)).sort();
  const due = lines.map(({ kind, sats, reference, at }) => lineText(kind, sats, reference, at)).sort();
  if (text(found) !== text(due)) wrong.push(`statement of ${who}: ${text(found)}, not ${text(due)}`);
  return wrong;
}

/** Two texts without most of what they begin with alike. */
function fromWhereTheyDiffer(a: string, b: string): [string, string] {
  let alike = 0;
  while (alike < a.length && alike < b.length && a[alike] === b[alike]) alike += 1;
  const start = alike > 60 ? alike - 40 : 0;
  const cut = (whole: string): string => (start > 0 ? `... ${whole.slice(start)}` : whole);
  return a === b ? [a, b] : [cut(a), cut(b)];
}

/** Every figure that differs between the model and what was seen, in words. */
export function differences(model: Model, seen: Observed): string[] {
  const wrong: string[] = [];
  const same = (what: string, found: unknown, due: unknown): void => {
    const [theirs, own] = fromWhereTheyDiffer(text(found), text(due));
    if (theirs !== own) wrong.push(`${what}: the canister says ${theirs}, the model ${own}`);
  };
  same('number of positions', seen.positions.length, model.positions.length);
  for (const row of seen.positions) {
    const due = model.positions[Number(row.id)];
    same(`position ${row.id}`, shown(row), due === undefined ? 'no such position' : expected(model, due));
  }
  const { overview, market, now } = seen;
  const filled = model.positions.flatMap((row) => (row.fill === undefined ? [] : [row]));
  const premiumOf = (row: ModelPosition): bigint => row.fill?.cost.premium ?? 0n;
  const payoutOf = (row: ModelPosition): bigint => row.receipt?.payout ?? 0n;
  const count = (rows: unknown[]): bigint => BigInt(rows.length);
  const outcomes = (outcome: string): bigint => count(model.positions.filter((row) => row.receipt?.outcome === outcome));
  const owners = traders.map((who) => ({ who, owner: people[who].toText() }));
  const due = {
    users: count(traders),
    pending: count(model.pending()),
    open: count(model.open()),
    settled: count(model.positions.filter((row) => row.state === 'settled')),
    cancelled: count(model.positions.filter((row) => row.state === 'cancelled')),
    voided: 0n,
    wins: outcomes('win'),
    ties: outcomes('tie'),
    losses: outcomes('loss'),
    traders_available_sats: total(owners, ({ owner }) => model.available(owner)),
    traders_reserved_sats: total(owners, ({ owner }) => model.reserved(owner)),
    treasury_available_sats: model.treasuryFree(),
    treasury_reserved_sats: model.atRisk(model.positions),
    premiums_sats: total(filled, premiumOf),
    payouts_sats: total(filled, payoutOf),
    open_premium_sats: total(model.open(), premiumOf),
    deposits_sats: total(model.lines, ({ kind, sats }) => (kind === 'deposit' ? sats : 0n)),
    withdrawals_sats: total(seen.withdrawals, (row) => ('paid' in row.state && !row.from_treasury ? row.amount_sats : 0n)),
    due_unsettled: count(model.open().filter((row) => row.expiry <= now)),
    newest_ns: model.book.newest() ?? 0n,
    utilisation_ppm: model.utilisation()
  };
  // Fields of the groups have names of their own.
  const { users, utilisation_ppm, positions, money, oracle } = overview;
  const figures: Record<keyof typeof due, bigint> = { users, utilisation_ppm, ...positions, ...money, newest_ns: oracle.newest_ns };
  for (const [field, value] of Object.entries(due)) same(`overview, ${field}`, figures[field as keyof typeof due], value);
  for (const { who, owner } of owners) {
    const account = seen.accounts.get(who);
    const open = model.open(owner);
    same(`account of ${who}`, account && [account.available_sats, account.reserved_sats, account.withdrawing_sats], [
      model.available(owner),
      model.reserved(owner),
      total(seen.withdrawals, (row) => (isHeld(row.state) && !row.from_treasury && row.owner.toText() === owner ? row.amount_sats : 0n))
    ]);
    same(`open figures of ${who}`, account && [account.open_premium_sats, account.open_max_payout_sats], [
      total(open, premiumOf),
      model.atRisk(open)
    ]);
    const row = seen.users.find((user) => user.owner.toText() === owner);
    const own = model.positions.filter((position) => position.owner === owner);
    same(`user row of ${who}`, row && [row.available_sats, row.reserved_sats, row.positions, row.volume_premium_sats, row.payouts_sats], [
      model.available(owner),
      model.reserved(owner),
      count(own),
      total(own, premiumOf),
      total(own, payoutOf)
    ]);
    if (model.available(owner) < 0n) wrong.push(`${who} has less than nothing: ${model.available(owner)}`);
    wrong.push(
      ...wrongStatement(
        who,
        seen.statements.get(who) ?? [],
        model.lines.filter((line) => line.owner === owner)
      )
    );
  }
  if (model.treasuryFree() < 0n) wrong.push(`the treasury has promised more than it has: ${model.treasuryFree()}`);
  const newest = model.book.newest();
  same(
    'newest price',
    market.price[0] && [market.price[0].minute_ns, market.price[0].price_e8],
    newest && [newest, model.book.at(newest)?.price]
  );
  same('entry', nameOf(market.entry), model.isEntryOpen(now) ? 'open' : 'closed');
  same('settings', market.settings, model.settings);
  same('treasury of the market', [market.treasury_available_sats, market.utilisation_ppm], [model.treasuryFree(), model.utilisation()]);
  same('number of tenors', market.tenors.length, model.tenors.size);
  for (const { tenor, sigma_ppm: sigma, expiry_ns: expiry, settles_at_mean: atMean } of market.tenors) {
    const own = model.tenors.get(tenor.name);
    if (own === undefined) continue;
    same(`tenor ${tenor.name}`, [tenor, expiry, atMean], [own, expiryOf(own, minuteAfter(now)), settlesAtMean(own)]);
    const possible = newest === undefined ? [] : model.sigmas(own, newest);
    if (!possible.includes(sigma)) wrong.push(`volatility of ${tenor.name}: the canister says ${sigma}, the model ${text(possible)}`);
  }
  return wrong;
}

/** Whether a withdrawal in this state still holds its amount. */
export const isHeld = (state: object): boolean => 'in_transit' in state || 'needs_review' in state || 'awaiting_approval' in state;
