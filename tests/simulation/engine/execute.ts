// Carries a command out: what the model expects, what the canister does, and everything compared.
import type { OrderRequest, QuoteRequest, Settings, Tenor } from '../../../src/lib/canisters/options/options.did.js';
import type { Command, Name } from './commands.ts';
import { nameOf, refusalText, text } from './compare.ts';
import { Refusal, type Position } from './model/Position.ts';
import { minute, second } from './model/terms.ts';
import type { Simulation } from './Simulation.ts';
import { Violation } from './Simulation.ts';
import { deposit, withdraw } from './transfers.ts';
import { people, traders } from './world.ts';

type Answer<T> = { ok: T } | { err: Parameters<typeof refusalText>[0] };

/** The answer must be the refusal the model expects, or no refusal. */
function agree<T>(what: string, answer: Answer<T>, expected: unknown): T | undefined {
  const found = 'err' in answer ? refusalText(answer.err) : 'ok';
  const due = expected instanceof Refusal ? expected.code : 'ok';
  if (found !== due) throw new Violation(`${what}: the canister answers ${found}, the model ${due}`);
  return 'ok' in answer ? answer.ok : undefined;
}

const pick = <T>(rows: T[], nth: number): T | undefined => (rows.length === 0 ? undefined : rows[nth % rows.length]);

/** The name of a request: its own, or one of those used before. */
export function nameFor(simulation: Simulation, name: Name, used: string[]): { id: string; changed: boolean } {
  const earlier = 'again' in name ? pick(used, name.again) : undefined;
  if (earlier !== undefined && 'again' in name) return { id: earlier, changed: name.changed };
  simulation.names += 1;
  return { id: `request ${simulation.names}`, changed: false };
}

type Terms = Pick<Extract<Command, { kind: 'order' }>, 'contract' | 'direction' | 'payout' | 'cap' | 'tenor' | 'strike'>;

function termsOf(simulation: Simulation, { contract, direction, payout, cap, tenor, strike }: Terms): QuoteRequest {
  const { model } = simulation;
  const left = model.settings.max_total_payout_sats - model.atRisk(model.positions);
  const sats = payout >= 0 ? BigInt(payout) : left > 0n && left < 2_000_000n ? left : 50_000n;
  const spot = model.book.at(model.book.newest() ?? 0n)?.price ?? 0n;
  const grid = model.tenors.get(tenor)?.strike_grid_e8 ?? 1n;
  const at = 'steps' in strike ? (spot / grid + BigInt(strike.steps)) * grid : spot + BigInt(strike.offsetE8);
  const way = direction === 'call' ? { call: null } : { put: null };
  const capE8 = ((at > 0n ? at : 1n) * BigInt(cap)) / 100_000n;
  // A notional that can pay about the payout.
  const exact = capE8 === 0n ? sats : (sats * at) / capE8;
  // More than a nat64 can't be asked for.
  const notional = exact < 0n ? 0n : exact < 2n ** 64n ? exact : 2n ** 64n - 1n;
  return {
    instrument:
      contract === 'digital'
        ? { digital: { direction: way, payout_sats: sats } }
        : { capped: { direction: way, notional_sats: notional, cap_e8: capE8 } },
    tenor,
    strike: 'steps' in strike ? { at: at < 0n ? 0n : at } : { offset: BigInt(strike.offsetE8) }
  };
}

async function order(simulation: Simulation, command: Extract<Command, { kind: 'order' }>): Promise<void> {
  const { model, world, now } = simulation;
  const owner = people[command.who].toText();
  const own = model.positions.filter((row) => row.owner === owner);
  const name = nameFor(
    simulation,
    command.name,
    own.map((row) => row.request.client_order_id)
  );
  const earlier = own.find((row) => row.request.client_order_id === name.id);
  const request = earlier === undefined ? newOrder(simulation, command, name.id) : { ...earlier.request };
  if (earlier !== undefined && name.changed) request.max_premium_sats += 1n;
  const answer = await world.options(people[command.who]).place_order(request);
  agree(`order ${text(request)}`, answer, model.place(owner, request, now));
}

function newOrder(simulation: Simulation, command: Extract<Command, { kind: 'order' }>, id: string): OrderRequest {
  const terms = termsOf(simulation, command);
  const found = simulation.model.price(terms, simulation.now);
  const premium = found instanceof Refusal ? 1_000n : found.cost.premium;
  const payout = found instanceof Refusal ? 50_000n : found.cost.largest;
  const ample = premium + (payout - premium) / 2n;
  const offers = { exact: premium, 'one less': premium - 1n, ample: ample < 0n ? 0n : ample, payout, 'too much': 3n * payout + 1n };
  const room = (payout * BigInt(command.room) + 99n) / 100n;
  const isNamed = command.contract === 'capped' && command.room > 0;
  return { ...terms, client_order_id: id, max_premium_sats: offers[command.premium], max_payout_sats: isNamed ? [room] : [] };
}

async function quote(simulation: Simulation, command: Extract<Command, { kind: 'quote' }>): Promise<void> {
  const request = termsOf(simulation, { ...command, strike: { steps: command.steps } });
  const expected = simulation.model.quote(request, simulation.now);
  const found = agree(`quote ${text(request)}`, await simulation.world.options(people.bob).quote(request), expected);
  if (found === undefined || expected instanceof Refusal) return;
  const { cost, strike, fillMinute, expiry } = expected;
  const due = [strike, cost.sigma, fillMinute, expiry, cost.fair, cost.spread, cost.skew, cost.premium, cost.largest];
  const shown = [
    found.strike_e8,
    found.sigma_ppm,
    found.fill_minute_ns,
    found.expiry_ns,
    found.fair_sats,
    found.spread_sats,
    found.skew_sats
  ];
  if (text([...shown, found.premium_sats, found.max_payout_sats]) !== text(due))
    throw new Violation(`quote: ${text(found)}, not ${text(due)}`);
}

async function settle(simulation: Simulation, { who, nth }: { who: keyof typeof people; nth: number }): Promise<void> {
  const { model, world, now } = simulation;
  const id = BigInt(nth);
  const expected = model.settle(id, now);
  const receipt = agree(`settle ${id}`, await world.options(people[who]).settle(id), expected);
  if (receipt === undefined || expected instanceof Refusal || expected.receipt === undefined) return;
  const { price, payout, at } = expected.receipt;
  if (receipt.price_e8 !== price || receipt.payout_sats !== payout || receipt.settled_ns !== at)
    throw new Violation(`receipt of ${id}: ${text(receipt)}`);
}

/** To shortly after an expiry, or, where a mean is needed, to its last minutes. */
async function toExpiry(simulation: Simulation, row: Position): Promise<void> {
  const { world } = simulation;
  const far = row.expiry - 10n * minute;
  if (row.state === 'open' && far > simulation.now) await simulation.stopped(() => world.ic.advanceTo(far));
  // A pending order first comes to its fill.
  const until = (row.state === 'open' ? row.expiry : row.fillMinute) + 32n * second;
  if (until > simulation.now) await simulation.advance(until - simulation.now);
}

const changes: (Partial<Settings> | ((settings: Settings) => Partial<Settings>))[] = [
  { max_trader_payout_sats: 700_000n },
  { max_trader_payout_sats: 50_000_000n },
  { max_expiry_payout_sats: 500_000n },
  { max_expiry_payout_sats: 200_000_000n },
  { max_total_payout_sats: 1_500_000n },
  { max_total_payout_sats: 1_000_000_000n },
  { max_position_payout_sats: 300_000n },
  { max_position_payout_sats: 10_000_000n },
  { max_skew_ppm: 900_000n },
  { spread_ppm: 0n, min_spread_sats: 0n },
  { spread_ppm: 150_000n },
  { min_premium_sats: 5_000n },
  { premium_floor_ppm: 300_000n },
  { min_share_ppm: 10_000n },
  { min_share_ppm: 300_000n },
  { volatility_lambda_ppm: 700_000n },
  { max_jump_ppm: 500n },
  { max_jump_ppm: 20_000n },
  { min_sources: 4n },
  { min_sources: 3n },
  { min_withdrawal_sats: 50_000n },
  { min_payout_sats: 20_000n },
  { max_jump_ppm: 0n },
  { premium_floor_ppm: 500_001n },
  // Exactly what somebody has at risk, and one satoshi less.
  { max_total_payout_sats: -1n },
  { max_total_payout_sats: -2n }
];

async function settings(simulation: Simulation, change: number): Promise<void> {
  const { model, world } = simulation;
  const chosen = { ...pick(changes, change) } as Partial<Settings>;
  const held = model.atRisk(model.positions);
  if (chosen.max_total_payout_sats === -1n) chosen.max_total_payout_sats = held;
  if (chosen.max_total_payout_sats === -2n) chosen.max_total_payout_sats = held > 0n ? held - 1n : 0n;
  const wanted = { ...model.settings, ...chosen };
  const field = wanted.max_jump_ppm < 1n ? 'max_jump_ppm' : wanted.premium_floor_ppm > 500_000n ? 'premium_floor_ppm' : undefined;
  const isMost = wanted.max_position_payout_sats < wanted.min_payout_sats;
  const expected = field !== undefined ? new Refusal(`invalid ${field}`) : isMost ? new Refusal('invalid max_position_payout_sats') : 'ok';
  agree(`settings ${text(chosen)}`, await world.options(people.operator).set_settings(wanted), expected);
  if (expected === 'ok') model.settings = wanted;
}

async function tenor(simulation: Simulation, change: number): Promise<void> {
  const { model, world } = simulation;
  const row = pick([...model.tenors.values()], change) as Tenor;
  const variants: Tenor[] = [
    { ...row, enabled: !row.enabled },
    { ...row, volatility: { fixed: { sigma_ppm: 1_500_000n } } },
    { ...row, band_ppm: 500_000n },
    { ...row, strike_grid_e8: 100_000_000n },
    { ...row, volatility: { measured: { scale_ppm: 800_000n, floor_ppm: 100_000n, ceiling_ppm: 400_000n } } }
  ];
  const wanted = pick(variants, Math.floor(change / 5)) as Tenor;
  agree(`tenor ${text(wanted)}`, await world.options(people.operator).set_tenor(wanted), 'ok');
  model.tenors.set(wanted.name, wanted);
}

async function pin(simulation: Simulation, { nth, byE8 }: { nth: number; byE8: number }): Promise<void> {
  const row = pick(simulation.model.open(), nth);
  if (row?.fill === undefined) return;
  const price = row.fill.strike + BigInt(byE8);
  // A price that is recorded already can't be changed any more.
  for (const at of simulation.model.minutesOf(row)) if (at > simulation.now) await simulation.surroundings.force(at, price);
}

async function act(simulation: Simulation, command: Command): Promise<void> {
  const { model, world, surroundings, now } = simulation;
  switch (command.kind) {
    case 'order':
      return order(simulation, command);
    case 'quote':
      return quote(simulation, command);
    case 'cancel': {
      const pending = command.nth % 2 === 0 ? pick(model.pending().reverse(), command.nth / 2) : undefined;
      const who = traders.find((name) => people[name].toText() === pending?.owner) ?? command.who;
      const id = pending?.id ?? BigInt(command.nth);
      agree(`cancel ${id}`, await world.options(people[who]).cancel_order(id), model.cancel(people[who].toText(), id, now));
      return;
    }
    case 'settle':
      return settle(simulation, command);
    case 'deposit':
      return deposit(simulation, command, 'account');
    case 'fund':
      return deposit(simulation, { ...command, who: 'operator', approved: true }, 'treasury');
    case 'withdraw':
      return withdraw(simulation, command, false);
    case 'drain':
      return withdraw(simulation, { ...command, who: 'owner', to: 'own' }, true);
    case 'wait':
      return simulation.advance(BigInt(command.seconds) * second);
    case 'until': {
      const target = (now / minute) * minute + BigInt(command.second) * second;
      return simulation.advance((target > now ? target : target + minute) - now);
    }
    case 'sleep':
      return simulation.stopped(() => world.ic.advance(BigInt(command.minutes) * minute));
    case 'expiry': {
      const row = pick([...model.open(), ...model.pending()], command.nth);
      return row === undefined ? simulation.advance(minute) : toExpiry(simulation, row);
    }
    case 'price': {
      const at = (now / minute + BigInt(command.minutes)) * minute;
      const base = surroundings.truths(at).at(-1) ?? 0n;
      return surroundings.force(at, (base * BigInt(1_000_000 + command.byPpm)) / 1_000_000n);
    }
    case 'pin':
      return pin(simulation, command);
    case 'oracle':
      return surroundings.setOracle(command.fault);
    case 'ledger':
      return surroundings.setLedger(command.fault);
    case 'pause':
      agree('pause', await world.options(people.operator).pause_entry('The simulation pauses entry.'), 'ok');
      return model.pause(now);
    case 'resume':
      agree('resume', await world.options(people.operator).resume_entry(), 'ok');
      model.paused = false;
      return;
    case 'settings':
      return settings(simulation, command.change);
    case 'tenor':
      return tenor(simulation, command.change);
    case 'upgrade':
      return simulation.stopped(() => world.upgrade());
    case 'midair':
      return midair(simulation, command);
  }
}

/** The transfer is on its way, the exchange is stopped and upgraded, and both come to their end. */
async function midair(simulation: Simulation, { who, what, sats }: Extract<Command, { kind: 'midair' }>): Promise<void> {
  const { surroundings, world } = simulation;
  const before = surroundings.ledger;
  await surroundings.setLedger('slow');
  const upgrade = (): Promise<void> => simulation.stopped(() => world.upgrade());
  if (what === 'deposit') await deposit(simulation, { who, name: { fresh: true }, sats, approved: true }, 'account', upgrade);
  else await withdraw(simulation, { who, name: { fresh: true }, sats, to: 'own' }, false, upgrade);
  await surroundings.setLedger(before);
}

/** @throws Violation when the canister and the model, or the books and the ledger, differ at any step */
export async function execute(simulation: Simulation, command: Command): Promise<void> {
  await act(simulation, command);
  await simulation.check();
}

/** Everything is put in order; what is due happens, no transfer stays open, and everybody gets what is theirs. */
export async function windDown(simulation: Simulation): Promise<void> {
  const { surroundings, model, world } = simulation;
  await surroundings.setOracle('none');
  await surroundings.setLedger('none');
  model.paused = false;
  await world.options(people.operator).resume_entry();
  await simulation.advance(13n * minute);
  const { deposits, withdrawals, positions } = simulation.seen;
  const open = [...deposits, ...withdrawals].filter((row) => nameOf(row.state) === 'in_transit');
  if (open.length > 0) throw new Violation(`still in transit after all faults are over: ${text(open)}`);
  const due = positions.filter((row) => 'pending' in row.state || ('open' in row.state && row.expiry_ns + 11n * minute < simulation.now));
  if (due.length > 0) throw new Violation(`still pending or open after all faults are over: ${text(due)}`);
  for (const who of ['alice', 'bob'] as const) {
    await withdraw(simulation, { who, name: { fresh: true }, sats: 'all', to: 'own' }, false);
    await simulation.check();
  }
}
