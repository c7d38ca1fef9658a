// One history: the exchange on its network, the model beside it, and what was ever seen of both. After every step all that can be seen is compared.
import type { Deposit, PriceEntry, Withdrawal } from '../../../src/lib/canisters/options/options.did.js';
import { differences, nameOf, text } from './compare.ts';
import { Model, type Line } from './model/Model.ts';
import { minute, second } from './model/terms.ts';
import { wrongStep, wrongTransfers } from './money.ts';
import { Blocks, observe, type Observed } from './observe.ts';
import { Surroundings } from './Surroundings.ts';
import { people, traders, type World } from './world.ts';

/** An invariant that does not hold. */
export class Violation extends Error {}

/** What is due is done within this long after it became so: one round of the exchange's clockwork, and a second. */
const tolerance = 11n * second;

export class Simulation {
  readonly world: World;
  readonly surroundings: Surroundings;
  model: Model;
  seen: Observed;
  /** Counts what is to have an id of its own. */
  names = 0;
  runningSince: bigint;
  readonly #blocks: Blocks;
  readonly #deposits = new Map<bigint, Deposit>();
  readonly #withdrawals = new Map<bigint, Withdrawal>();
  readonly #prices = new Map<bigint, string>();
  /** Final positions and receipts as they were seen first. */
  readonly #final = new Map<bigint, string>();

  private constructor(world: World, blocks: Blocks, seen: Observed) {
    this.world = world;
    this.#blocks = blocks;
    this.seen = seen;
    this.surroundings = new Surroundings(world);
    this.runningSince = world.ic.now();
    this.model = new Model(
      seen.market.settings,
      seen.market.tenors.map(({ tenor }) => tenor)
    );
  }

  /** On a network that was prepared: what it began with is taken over, and compared from then on. */
  static async begin(world: World): Promise<Simulation> {
    const blocks = new Blocks();
    const simulation = new Simulation(world, blocks, await observe(world, blocks));
    simulation.#take(simulation.seen, simulation.#newPrices(simulation.seen), 'before');
    simulation.#compare(differences(simulation.model, simulation.seen));
    return simulation;
  }

  #wasStopped = false;

  get now(): bigint {
    return this.world.ic.now();
  }

  /** Lets time pass. While money of the treasury is on its way it is watched round by round: when it arrives decides about later premiums. */
  async advance(ns: bigint): Promise<void> {
    const until = this.now + ns;
    const isWatched = (): boolean => [...this.#deposits.values(), ...this.#withdrawals.values()].some(isTreasuryInTransit);
    while (this.now < until) {
      const step = isWatched() && until - this.now > 10n * second ? 10n * second : until - this.now;
      await this.world.ic.advance(step);
      await this.check();
    }
  }

  /** Whatever a call needs to be answered, time included. */
  async waitFor<T>(answer: Promise<T>): Promise<T> {
    let settled = false;
    const done = (): void => {
      settled = true;
    };
    answer.then(done, done);
    await this.world.ic.idle();
    for (let seconds = 0; !settled && seconds < 200; seconds += 1) {
      await this.world.ic.advance(second);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return answer;
  }

  /** Stops the exchange, which waits for its open calls, does something and starts it again. */
  async stopped(between: () => Promise<unknown>): Promise<void> {
    this.#wasStopped = true;
    await this.waitFor(this.world.ic.stopCanister(this.world.id));
    await between();
    await this.world.ic.startCanister(this.world.id);
    this.runningSince = this.now;
    await this.world.ic.idle();
    await this.check();
  }

  /**
   * Looks at everything and compares.
   *
   * @throws Violation that names every difference
   */
  async check(): Promise<void> {
    this.surroundings.note(this.model.settings);
    const seen = await observe(this.world, this.#blocks);
    const wrong: string[] = [];
    const prices = this.#newPrices(seen);
    for (const row of [...prices].sort((a, b) => Number(a.minute_ns - b.minute_ns))) {
      wrong.push(...this.surroundings.wrongEntry(row, this.model));
    }
    const base = this.model;
    const moved = this.#treasuryMoved(seen);
    let found: string[] = [];
    for (const order of moved ? (['before', 'after'] as const) : (['before'] as const)) {
      this.model = base.clone();
      this.#take(seen, prices, order);
      found = differences(this.model, seen);
      if (found.length === 0) break;
    }
    this.seen = seen;
    this.#wasStopped = false;
    this.#compare([...wrong, ...found]);
  }

  /** Entries of the price book that were not there before; those that were must be the same. */
  #newPrices({ prices }: Observed): PriceEntry[] {
    const changed = prices.filter((row) => (this.#prices.get(row.minute_ns) ?? text(row)) !== text(row));
    if (changed.length > 0 || prices.length < this.#prices.size) throw new Violation(`the price book changed: ${text(changed)}`);
    const fresh = prices.filter((row) => !this.#prices.has(row.minute_ns));
    for (const row of fresh) this.#prices.set(row.minute_ns, text(row));
    return fresh;
  }

  #treasuryMoved({ deposits, withdrawals }: Observed): boolean {
    const changed = <T extends Deposit | Withdrawal>(rows: T[], known: Map<bigint, T>): T[] =>
      rows.filter((row) => known.has(row.id) && nameOf((known.get(row.id) as T).state) !== nameOf(row.state));
    return (
      changed(deposits, this.#deposits).some((row) => 'treasury' in row.target) ||
      changed(withdrawals, this.#withdrawals).some((row) => row.from_treasury)
    );
  }

  /** Brings the model to the moment that was seen. `order`: whether money that came or went did so before what was decided meanwhile. */
  #take(seen: Observed, prices: PriceEntry[], order: 'before' | 'after'): void {
    const { model } = this;
    this.#lendSigmas(seen);
    if (order === 'before') this.#takeTransfers(seen);
    const ended = seen.positions.flatMap((row): bigint[] => {
      const { state } = row;
      if (model.positions[Number(row.id)]?.state === nameOf(state)) return [];
      if ('open' in state) return [state.open.filled_ns];
      if ('cancelled' in state) return [state.cancelled.cancelled_ns];
      return 'settled' in state ? [state.settled.fill.filled_ns, state.settled.receipt.settled_ns] : [];
    });
    const since = this.seen === seen ? 0n : this.seen.now;
    // Also at the moment of the last look: an answer that a fault held back is let go the moment the fault ends.
    const moments = new Set([...ended, ...prices.map((row) => row.recorded_ns)].filter((at) => at >= since));
    for (const at of [...moments].sort((a, b) => (a < b ? -1 : 1))) {
      const recorded = prices.filter((row) => row.recorded_ns === at).sort((a, b) => (a.minute_ns < b.minute_ns ? -1 : 1));
      // A stop cuts a round in two: the answer that was awaited is written down, and what follows from it is done after the start.
      const works = !this.#wasStopped || ended.includes(at);
      if (works) model.work(at);
      const last = recorded.at(-1);
      const newest = model.book.newest();
      // A round asks for the newest minute first, then for what is missing.
      const [first, rest] =
        last !== undefined && (newest === undefined || last.minute_ns > newest) ? [[last], recorded.slice(0, -1)] : [[], recorded];
      for (const row of first) model.book.record(row.minute_ns, row.price_e8, at, model.settings.volatility_lambda_ppm);
      if (works) model.work(at);
      for (const row of rest) model.book.record(row.minute_ns, row.price_e8, at, model.settings.volatility_lambda_ppm);
      if (works) model.work(at);
    }
    if (order === 'after') this.#takeTransfers(seen);
  }

  /** A volatility at a whole ppm may be rounded either way: the model follows the canister there. */
  #lendSigmas({ positions, market }: Observed): void {
    const shown = new Map<string, bigint>();
    for (const { tenor, sigma_ppm: sigma } of market.tenors) shown.set(`${market.price[0]?.minute_ns} ${tenor.name}`, sigma);
    for (const { state, fill_minute_ns: at, tenor } of positions) {
      const fill = 'open' in state ? state.open : 'settled' in state ? state.settled.fill : undefined;
      if (fill !== undefined) shown.set(`${at} ${tenor}`, fill.sigma_ppm);
    }
    this.model.sigmaShown = (at, tenor) => shown.get(`${at} ${tenor}`);
  }

  #takeTransfers({ deposits, withdrawals, statements }: Observed): void {
    const { model } = this;
    const lineOf = (owner: string, kind: string, id: bigint): bigint | undefined => {
      const who = traders.find((name) => people[name].toText() === owner);
      const lines = who === undefined ? [] : (statements.get(who) ?? []);
      return lines.find((row) => nameOf(row.kind[0] ?? {}) === kind && row.reference[0] === id)?.at_ns;
    };
    const line = (owner: string, kind: string, sats: bigint, reference: bigint): void => {
      const at = lineOf(owner, kind, reference) ?? 0n;
      const due: Line = { owner, kind, sats, reference, at };
      model.lines.push(due);
    };
    for (const row of deposits) {
      const owner = row.owner.toText();
      if (!('credited' in row.state) || 'credited' in (this.#deposits.get(row.id)?.state ?? {})) continue;
      model.move('outside', 'account' in row.target ? owner : 'treasury', row.amount_sats);
      if ('account' in row.target) line(owner, 'deposit', row.amount_sats, row.id);
    }
    for (const row of withdrawals) {
      const owner = row.owner.toText();
      const account = row.from_treasury ? 'treasury' : owner;
      const transit = `transit ${row.id}`;
      const before = this.#withdrawals.get(row.id)?.state ?? {};
      if (!this.#withdrawals.has(row.id)) {
        model.move(account, transit, row.amount_sats);
        if (!row.from_treasury)
          model.lines.push({ owner, kind: 'withdrawal', sats: -row.amount_sats, reference: row.id, at: row.created_ns });
      }
      if ('paid' in row.state && !('paid' in before)) model.move(transit, 'outside', row.amount_sats);
      if ('refunded' in row.state && !('refunded' in before)) {
        model.move(transit, account, row.amount_sats);
        if (!row.from_treasury) line(owner, 'withdrawal_refund', row.amount_sats, row.id);
      }
    }
  }

  #compare(found: string[]): void {
    const { seen } = this;
    const wrong = [...found, ...wrongTransfers(seen), ...this.#wrongJournal(), ...this.#wrongHistory(), ...this.#late()];
    if (wrong.length > 0) throw new Violation(wrong.join('\n'));
  }

  #wrongJournal(): string[] {
    const wrong: string[] = [];
    const { deposits, withdrawals } = this.seen;
    for (const row of deposits) wrong.push(...wrongStep(this.#deposits.get(row.id), row));
    for (const row of withdrawals) wrong.push(...wrongStep(this.#withdrawals.get(row.id), row));
    for (const id of this.#deposits.keys()) if (!deposits.some((row) => row.id === id)) wrong.push(`deposit ${id} is gone`);
    const reviewed = [...deposits, ...withdrawals].filter((row) => 'needs_review' in row.state);
    if (reviewed.length > 0 && !this.surroundings.ledgerUnclear) wrong.push(`needs review without any unclear answer: ${text(reviewed)}`);
    for (const row of deposits) this.#deposits.set(row.id, row);
    for (const row of withdrawals) this.#withdrawals.set(row.id, row);
    return wrong;
  }

  /** What is final stays as it is. */
  #wrongHistory(): string[] {
    return this.seen.positions.flatMap((row) => {
      if ('pending' in row.state || 'open' in row.state) return [];
      const last = text(row);
      const first = this.#final.get(row.id);
      this.#final.set(row.id, first ?? last);
      return first === undefined || first === last ? [] : [`position ${row.id} changed after its end: ${first} became ${last}`];
    });
  }

  /** What should have happened by now, with the exchange running and the price source well for long enough. */
  #late(): string[] {
    const { model, now, runningSince } = this;
    const wrong: string[] = [];
    const deadline = (...times: bigint[]): bigint => [runningSince, ...times].reduce((a, b) => (a > b ? a : b)) + tolerance;
    for (const row of model.pending()) {
      const price = model.book.at(row.fillMinute);
      const since = price === undefined ? row.fillMinute + 180n * second : price.recorded;
      if (now >= deadline(since)) wrong.push(`order ${row.id} should have been decided at ${since}, it is ${now}`);
    }
    for (const row of model.open()) {
      const prices = model.minutesOf(row).map((at) => model.book.at(at)?.recorded);
      if (prices.some((at) => at === undefined)) continue;
      if (now >= deadline(row.expiry, ...(prices as bigint[]))) wrong.push(`position ${row.id} should have been settled, it is ${now}`);
    }
    const well = this.surroundings.wellSince > runningSince ? this.surroundings.wellSince : runningSince;
    const due = ((now - 32n * second) / minute) * minute;
    if (now - well > 110n * second && model.book.at(due) === undefined) wrong.push(`no price of minute ${due}, it is ${now}`);
    return wrong;
  }
}

const isTreasuryInTransit = (row: Deposit | Withdrawal): boolean =>
  'in_transit' in row.state && ('to' in row ? row.from_treasury : 'treasury' in row.target);
