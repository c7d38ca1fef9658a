// The exchange as the specification describes it, as plainly as possible: lists, and sums over them. Nothing is kept up to date, every figure is added up
// whenever somebody asks.
import type { OrderRequest, QuoteRequest, Settings, Tenor } from '../../../../src/lib/canisters/options/options.did.js';
import { MeasuredVariance, type Contract } from './exact.ts';
import { cost, isTooFar, utilisation, type Cost } from './premium.ts';
import { contractOf, Refusal, sameContent, type Position } from './Position.ts';
import { PriceBook } from './PriceBook.ts';
import { expiryOf, largest, minute, minuteAfter, result, second, settlesAtMean, strikeAt } from './terms.ts';

/** All the bitcoin there will be, and the highest price that is accepted. */
const maxSats = 2_100_000_000_000_000n;
const maxPriceE8 = 10_000_000_000_000_000n;
const maxPending = 20;
const noPriceAfter = 180n * second;

/** One satoshi amount that left one account for another. Accounts are named by text: a trader's by its owner, `treasury`, `transit ID`, `outside`. */
export interface Entry {
  from: string;
  to: string;
  sats: bigint;
}

/** A line of a trader's statement, without the balance: that follows from the lines before it. */
export interface Line {
  owner: string;
  kind: string;
  sats: bigint;
  reference: bigint;
  at: bigint;
}

const sum = (amounts: bigint[]): bigint => amounts.reduce((a, b) => a + b, 0n);

export class Model {
  settings: Settings;
  readonly tenors = new Map<string, Tenor>();
  paused: boolean;
  book = new PriceBook();
  positions: Position[] = [];
  entries: Entry[] = [];
  lines: Line[] = [];
  /** Which of two volatilities a canister came to where both are right; by the price's minute and the tenor. */
  sigmaShown: (minute: bigint, tenor: string) => bigint | undefined = () => undefined;

  constructor(settings: Settings, tenors: Tenor[], paused = false) {
    this.settings = settings;
    this.paused = paused;
    for (const tenor of tenors) this.tenors.set(tenor.name, tenor);
  }

  /** The same exchange once more, to try what would happen. */
  clone(): Model {
    const copy = new Model(this.settings, [...this.tenors.values()], this.paused);
    copy.book = this.book.clone();
    copy.positions = this.positions.map((row) => ({ ...row }));
    copy.entries = [...this.entries];
    copy.lines = [...this.lines];
    return copy;
  }

  // ---- Money.

  move(from: string, to: string, sats: bigint): void {
    this.entries.push({ from, to, sats });
  }

  holds(account: string): bigint {
    return sum(this.entries.map(({ from, to, sats }) => (to === account ? sats : 0n) - (from === account ? sats : 0n)));
  }

  pending(owner?: string): Position[] {
    return this.positions.filter((row) => row.state === 'pending' && (owner === undefined || row.owner === owner));
  }

  open(owner?: string): Position[] {
    return this.positions.filter((row) => row.state === 'open' && (owner === undefined || row.owner === owner));
  }

  reserved(owner: string): bigint {
    return sum(this.pending(owner).map((row) => row.request.max_premium_sats));
  }

  available(owner: string): bigint {
    return this.holds(owner) - this.reserved(owner);
  }

  /** What the treasury can have to pay for a position. */
  worstCase(row: Position): bigint {
    if (row.state === 'pending') return row.maxPayout;
    return row.state === 'open' && row.fill !== undefined ? largest(row.contract, row.fill.strike) : 0n;
  }

  atRisk(rows: Position[]): bigint {
    return sum(rows.map((row) => this.worstCase(row)));
  }

  treasuryFree(): bigint {
    return this.holds('treasury') - this.atRisk(this.positions);
  }

  utilisation(): bigint {
    return utilisation(this.atRisk(this.open()), this.holds('treasury'));
  }

  isEntryOpen(now: bigint): boolean {
    return !this.paused && this.book.fresh(now) !== undefined;
  }

  /** The volatilities a tenor may be priced with at a minute's price: mostly one. */
  sigmas(tenor: Tenor, at: bigint): bigint[] {
    if ('fixed' in tenor.volatility) return [tenor.volatility.fixed.sigma_ppm];
    return MeasuredVariance.sigmas(this.book.at(at)?.variance ?? 0n, tenor.volatility.measured);
  }

  #sigma(tenor: Tenor, at: bigint): bigint {
    const possible = this.sigmas(tenor, at);
    const shown = this.sigmaShown(at, tenor.name);
    return possible.find((sigma) => sigma === shown) ?? possible[0] ?? 0n;
  }

  // ---- Orders.

  #cost(contract: Contract, tenor: Tenor, at: bigint, spot: bigint, strike: bigint, seconds: bigint): Cost {
    const most = largest(contract, strike);
    const after = utilisation(this.atRisk(this.open()) + most, this.holds('treasury'));
    return cost({ contract, largest: most, tenor, sigma: this.#sigma(tenor, at), spot, strike, seconds }, this.settings, after);
  }

  /** What an order or a quote comes to at the newest price. */
  price(
    request: QuoteRequest,
    now: bigint
  ): Refusal | { contract: Contract; strike: bigint; cost: Cost; fillMinute: bigint; expiry: bigint } {
    const { settings } = this;
    if (this.paused) return new Refusal('entry_closed');
    const at = this.book.fresh(now);
    const spot = at === undefined ? undefined : this.book.at(at)?.price;
    if (at === undefined || spot === undefined) return new Refusal('price_stale');
    const tenor = this.tenors.get(request.tenor);
    if (tenor?.enabled !== true) return new Refusal('unknown_tenor');
    const contract = contractOf(request);
    if (contract.kind === 'capped' && contract.size < 1n) return new Refusal('below_minimum 1');
    if (contract.size > maxSats) {
      return new Refusal(`above_maximum ${contract.kind === 'capped' ? maxSats : settings.max_position_payout_sats}`);
    }
    if (contract.kind === 'capped' && (contract.cap < 1n || contract.cap > maxPriceE8)) return new Refusal('invalid cap_e8');
    const [kind, ordered]: ['at' | 'offset', bigint] =
      'at' in request.strike ? ['at', request.strike.at] : ['offset', request.strike.offset];
    const strike = strikeAt(kind, ordered, spot);
    if (strike === undefined) return new Refusal('strike_out_of_range');
    if (kind === 'at' && strike % tenor.strike_grid_e8 !== 0n) return new Refusal(`strike_off_grid ${tenor.strike_grid_e8}`);
    if (contract.kind === 'capped' && contract.cap >= strike) return new Refusal('invalid cap_e8');
    const most = largest(contract, strike);
    if (most < settings.min_payout_sats) return new Refusal(`below_minimum ${settings.min_payout_sats}`);
    if (most > settings.max_position_payout_sats) return new Refusal(`above_maximum ${settings.max_position_payout_sats}`);
    const fillMinute = minuteAfter(now);
    const expiry = expiryOf(tenor, fillMinute);
    const found = this.#cost(contract, tenor, at, spot, strike, (expiry - fillMinute) / second);
    if (isTooFar(found, settings) || found.premium >= most) return new Refusal('strike_out_of_range');
    return { contract, strike, cost: found, fillMinute, expiry };
  }

  quote(request: QuoteRequest, now: bigint): Refusal | { strike: bigint; cost: Cost; fillMinute: bigint; expiry: bigint } {
    const found = this.price(request, now);
    if (found instanceof Refusal) return found;
    return this.treasuryFree() < found.cost.largest ? new Refusal(`treasury_cannot_cover ${this.treasuryFree()}`) : found;
  }

  place(owner: string, request: OrderRequest, now: bigint): Refusal | Position {
    const length = [...request.client_order_id].length;
    if (length < 1 || length > 64) return new Refusal('invalid client_order_id');
    const earlier = this.positions.find((row) => row.owner === owner && row.request.client_order_id === request.client_order_id);
    if (earlier !== undefined) return sameContent(earlier, request) ? earlier : new Refusal('id_reused');
    const found = this.price(request, now);
    if (found instanceof Refusal) return found;
    const { contract, cost: priced, fillMinute, expiry } = found;
    const { premium, largest: least } = priced;
    const [named] = request.max_payout_sats;
    if (contract.kind === 'digital' ? named !== undefined && named !== least : named === undefined) {
      return new Refusal('invalid max_payout_sats');
    }
    const maxPayout = named ?? least;
    if (maxPayout < least) return new Refusal(`below_minimum ${least}`);
    const most =
      contract.kind === 'digital' || 2n * least < this.settings.max_position_payout_sats
        ? 2n * least
        : this.settings.max_position_payout_sats;
    if (maxPayout > most) return new Refusal(`above_maximum ${most}`);
    if (request.max_premium_sats < premium) return new Refusal(`below_minimum ${premium}`);
    if (request.max_premium_sats > maxPayout) return new Refusal(`above_maximum ${maxPayout}`);
    const available = this.available(owner);
    if (available < request.max_premium_sats) return new Refusal(`insufficient_balance ${available} ${request.max_premium_sats}`);
    if (this.pending(owner).length >= maxPending) return new Refusal(`limit_reached pending orders ${maxPending}`);
    const half = this.holds('treasury') / 2n;
    if (this.atRisk(this.pending()) + maxPayout > half) return new Refusal(`limit_reached pending orders together ${half}`);
    const limit = this.#limit(owner, expiry, maxPayout);
    if (limit !== undefined) return limit;
    if (this.treasuryFree() < maxPayout) return new Refusal(`treasury_cannot_cover ${this.treasuryFree()}`);
    const atMean = settlesAtMean(this.tenors.get(request.tenor) as Tenor);
    const id = BigInt(this.positions.length);
    const position: Position = { id, owner, request, contract, maxPayout, placed: now, fillMinute, expiry, atMean, state: 'pending' };
    this.positions.push(position);
    return position;
  }

  /** The limit that `more` sats of payout at an expiry would pass. */
  #limit(owner: string, expiry: bigint, more: bigint): Refusal | undefined {
    const { max_trader_payout_sats: trader, max_expiry_payout_sats: ofExpiry, max_total_payout_sats: total } = this.settings;
    const passed = (rows: Position[], maximum: bigint): boolean => this.atRisk(rows) + more > maximum;
    if (
      passed(
        this.positions.filter((row) => row.owner === owner),
        trader
      )
    )
      return new Refusal(`limit_reached trader ${trader}`);
    if (
      passed(
        this.positions.filter((row) => row.expiry === expiry),
        ofExpiry
      )
    )
      return new Refusal(`limit_reached expiry ${ofExpiry}`);
    return passed(this.positions, total) ? new Refusal(`limit_reached total ${total}`) : undefined;
  }

  cancel(owner: string, id: bigint, now: bigint): Refusal | Position {
    const row = this.positions.find((position) => position.id === id && position.owner === owner);
    if (row === undefined) return new Refusal('not_found');
    if (row.state === 'cancelled' || row.state === 'settled') return new Refusal('already_final');
    if (row.state === 'open' || now >= row.fillMinute) return new Refusal('too_late');
    this.end(row, 'by_trader', now);
    return row;
  }

  end(row: Position, reason: string, at: bigint): void {
    row.state = 'cancelled';
    row.reason = reason;
    row.cancelled = at;
  }

  pause(now: bigint): void {
    this.paused = true;
    for (const row of this.pending()) this.end(row, 'entry_paused', now);
  }

  // ---- What happens by itself.

  /** Everything that can be decided at a moment: fills in order of id, then settlements. */
  work(now: bigint): void {
    for (const row of this.pending()) {
      const at = this.book.at(row.fillMinute);
      if (at !== undefined) this.#fill(row, at.price, now);
      else if (now >= row.fillMinute + noPriceAfter) this.end(row, 'no_price', now);
    }
    for (const row of this.open()) {
      if (now >= row.expiry) this.settle(row.id, now);
    }
  }

  #fill(row: Position, price: bigint, now: bigint): void {
    const { contract, maxPayout, request } = row;
    const [kind, ordered]: ['at' | 'offset', bigint] =
      'at' in request.strike ? ['at', request.strike.at] : ['offset', request.strike.offset];
    const strike = strikeAt(kind, ordered, price);
    const tenor = this.tenors.get(request.tenor);
    if (strike === undefined || tenor === undefined || (contract.kind === 'capped' && contract.cap >= strike)) {
      return this.end(row, 'limit_reached', now);
    }
    const most = largest(contract, strike);
    if (most > maxPayout) return this.end(row, 'payout_above_reserve', now);
    const found = this.#cost(contract, tenor, row.fillMinute, price, strike, (row.expiry - row.fillMinute) / second);
    if (isTooFar(found, this.settings)) return this.end(row, 'limit_reached', now);
    if (found.premium > request.max_premium_sats || found.premium >= most) return this.end(row, 'premium_above_maximum', now);
    const tooMuch = most > this.settings.max_position_payout_sats || this.#limit(row.owner, row.expiry, 0n) !== undefined;
    if (tooMuch) return this.end(row, 'limit_reached', now);
    row.state = 'open';
    row.fill = { price, strike, cost: found, at: now };
    this.move(row.owner, 'treasury', found.premium);
    this.lines.push({ owner: row.owner, kind: 'premium', sats: -found.premium, reference: row.id, at: now });
  }

  /** The minutes whose prices settle a position. */
  minutesOf(row: Position): bigint[] {
    return row.atMean ? Array.from({ length: 10 }, (_, index) => row.expiry - BigInt(9 - index) * minute) : [row.expiry];
  }

  settle(id: bigint, now: bigint): Refusal | Position {
    const row = this.positions.find((position) => position.id === id);
    if (row === undefined) return new Refusal('not_found');
    if (row.state === 'settled') return row;
    if (row.state === 'cancelled') return new Refusal('already_final');
    if (row.state === 'pending' || row.fill === undefined || now < row.expiry) return new Refusal(`not_due ${row.expiry}`);
    const minutes = this.minutesOf(row);
    const missing = minutes.find((at) => this.book.at(at) === undefined);
    if (missing !== undefined) return new Refusal(`no_price_yet ${missing}`);
    const price = sum(minutes.map((at) => this.book.at(at)?.price ?? 0n)) / BigInt(minutes.length);
    const { outcome, payout } = result(row.contract, row.fill.strike, row.fill.cost.premium, price);
    row.state = 'settled';
    row.receipt = { price, outcome, payout, at: now };
    this.move('treasury', row.owner, payout);
    if (payout > 0n) this.lines.push({ owner: row.owner, kind: 'payout', sats: payout, reference: id, at: now });
    return row;
  }
}
