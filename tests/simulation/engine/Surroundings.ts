// What the ledger and the price source do in a history: how they fail, since when they are well again, and which prices are true.
import { IDL } from '@dfinity/candid';
import type { FaultHandle, FaultRule } from 'local-ic';
import { idlFactory } from '../../../src/lib/canisters/exchange_rate/exchange_rate.did.js';
import type { PriceEntry, Settings } from '../../../src/lib/canisters/options/options.did.js';
import type { Model } from './model/Model.ts';
import { minute, second } from './model/terms.ts';
import { ledgerFee, recordedPrice, type World } from './world.ts';

export const oracleFaults = [
  'none',
  'Pending',
  'RateLimited',
  'InconsistentRatesReceived',
  'sources',
  'dispersion',
  'unavailable',
  'slow',
  'too slow',
  'wrong once',
  'wrong second'
] as const;
export type OracleFault = (typeof oracleFaults)[number];
export const ledgerFaults = ['none', 'busy', 'generic', 'bad fee', 'trap before', 'trap after', 'lost', 'slow', 'too slow'] as const;
export type LedgerFault = (typeof ledgerFaults)[number];

/** A fee the ledger names when it is to name a wrong one. */
const wrongFee = 12n;
const slowMs = 3_700;
const tooSlowMs = 73_300;

const near = (price: bigint, reference: bigint, ppm: bigint): boolean => {
  const difference = price > reference ? price - reference : reference - price;
  return difference * 1_000_000n <= reference * ppm;
};

export class Surroundings {
  readonly #world: World;
  readonly #forced = new Map<bigint, bigint[]>();
  readonly #lies: { minute: bigint; price: bigint }[] = [];
  #rules: Record<'oracle' | 'ledger', FaultHandle[]> = { oracle: [], ledger: [] };
  #oracle: OracleFault = 'none';
  ledger: LedgerFault = 'none';
  /** The fees the exchange may believe in: what the ledger last named. */
  fees = [ledgerFee];
  /** Whether any answer of the ledger may have got lost. */
  ledgerUnclear = false;
  /** Whether an answer of the price source came late: it may tell what was true earlier. */
  #wasSlow = false;
  /** Since when the price source answers at once and well. */
  wellSince: bigint;

  constructor(world: World) {
    this.#world = world;
    this.wellSince = world.ic.now();
  }

  /** What the price source says of a minute; before others, what it said earlier. */
  truths(at: bigint): bigint[] {
    return [...(this.#forced.get(at) ?? []), recordedPrice(at)];
  }

  async force(at: bigint, price: bigint): Promise<void> {
    this.#forced.set(at, [price, ...(this.#forced.get(at) ?? [])]);
    await this.#world.oracle().set_rate(at, [price * 10n]);
  }

  #rule(whose: 'oracle' | 'ledger', rule: FaultRule): void {
    this.#rules[whose].push(this.#world.ic.faults.add(rule));
  }

  #forget(whose: 'oracle' | 'ledger'): void {
    for (const rule of this.#rules[whose]) rule.remove();
    this.#rules[whose] = [];
  }

  /** Whether the price source is in trouble right now. */
  get isOracleWell(): boolean {
    return this.#oracle === 'none';
  }

  async setOracle(fault: OracleFault): Promise<void> {
    this.#oracle = fault;
    this.#forget('oracle');
    const oracle = this.#world.oracle();
    const match = { canisterId: this.#world.oracleId.toText(), method: 'get_exchange_rate', from: 'canister' as const };
    const errors = {
      Pending: { Pending: null },
      RateLimited: { RateLimited: null },
      InconsistentRatesReceived: { InconsistentRatesReceived: null }
    };
    await oracle.set_fault(fault in errors ? [errors[fault as keyof typeof errors]] : []);
    const qualities = { sources: { sources: 1n, standard_deviation: 0n }, dispersion: { sources: 5n, standard_deviation: 10n ** 13n } };
    await oracle.set_quality(fault in qualities ? [qualities[fault as keyof typeof qualities]] : []);
    if (fault === 'unavailable') this.#rule('oracle', { kind: 'canister-reject', code: 2, match });
    if (fault === 'slow') this.#rule('oracle', { kind: 'slow-callee', ms: slowMs, on: 'response', match });
    if (fault === 'too slow') this.#rule('oracle', { kind: 'slow-callee', ms: tooSlowMs, on: 'response', match });
    if (fault === 'slow' || fault === 'too slow') this.#wasSlow = true;
    if (fault === 'wrong once' || fault === 'wrong second') {
      // The next minute that is asked for, or the one now: a fifth off, so that it is a jump whatever is allowed.
      const at = ((this.#world.ic.now() - 31n * second) / minute + 1n) * minute;
      const price = ((this.truths(at)[0] ?? 0n) * 6n) / 5n;
      this.#lies.push({ minute: at, price });
      this.#rule('oracle', {
        kind: 'canister-reply',
        reply: rateReply(at, price),
        match,
        count: 1,
        after: fault === 'wrong second' ? 1 : 0
      });
    }
  }

  async setLedger(fault: LedgerFault): Promise<void> {
    this.ledger = fault;
    this.#forget('ledger');
    const faults = {
      busy: { temporarily_unavailable: null },
      generic: { generic: 'no' },
      'bad fee': { bad_fee: wrongFee },
      'trap before': { trap_before: null },
      'trap after': { trap_after: null }
    };
    await this.#world.ledger().set_fault(fault in faults ? [faults[fault as keyof typeof faults]] : []);
    if (fault === 'lost' || fault === 'slow' || fault === 'too slow') {
      for (const method of ['icrc1_transfer', 'icrc2_transfer_from']) this.#slowOrLost(fault, method);
    }
    if (fault === 'bad fee') this.fees = [ledgerFee, wrongFee];
    if (fault.startsWith('trap') || fault === 'lost' || fault === 'too slow') this.ledgerUnclear = true;
  }

  #slowOrLost(fault: 'lost' | 'slow' | 'too slow', method: string): void {
    const match = { canisterId: this.#world.ledgerId.toText(), method, from: 'canister' as const };
    if (fault === 'lost') this.#rule('ledger', { kind: 'canister-reject', executed: true, match });
    else this.#rule('ledger', { kind: 'slow-callee', ms: fault === 'slow' ? slowMs : tooSlowMs, on: 'response', match });
  }

  /** To be called after every step: trouble lasts until it is over, and a little longer for questions that are out. */
  note(settings: Settings): void {
    if (!this.isOracleWell || settings.min_sources > 3n) this.wellSince = this.#world.ic.now();
  }

  /** What is wrong with a new entry of the price book. */
  wrongEntry(entry: PriceEntry, model: Model): string[] {
    const { minute_ns: at, price_e8: price, sources, recorded_ns: recorded } = entry;
    const wrong: string[] = [];
    const what = `price of minute ${at}, recorded ${(recorded - at) / second} s later`;
    // A round out of turn, after a start, may ask for the minute before and get this one: the newest there is, 30 s after it began.
    if (at % minute !== 0n || recorded < at + 30n * second) wrong.push(`${what}: too early, or no whole minute`);
    if (sources < model.settings.min_sources && !this.#wasSlow) wrong.push(`${what}: from ${sources} sources only`);
    const mute: OracleFault[] = ['Pending', 'RateLimited', 'InconsistentRatesReceived', 'sources', 'dispersion', 'unavailable'];
    if (mute.includes(this.#oracle) && !this.#wasSlow) wrong.push(`${what}: nobody gave it, the price source is ${this.#oracle}`);
    const truths = this.#wasSlow ? this.truths(at) : this.truths(at).slice(0, 1);
    const before = model.book.before(at);
    const lie = this.#lies.some((row) => row.minute === at && row.price === price);
    const believable = lie && (before === undefined || near(price, before, model.settings.max_jump_ppm));
    if (!truths.includes(price) && !believable)
      wrong.push(`${what}: ${price} instead of ${truths.join(' or ')}${lie ? ', an answer that nothing confirmed' : ''}`);
    return wrong;
  }
}

/** The bytes of an answer of the price source. */
function rateReply(at: bigint, price: bigint): Uint8Array {
  const service = idlFactory({ IDL }) as IDL.ServiceClass;
  const method = service._fields.find(([name]) => name === 'get_exchange_rate');
  const asset = (symbol: string, kind: 'Cryptocurrency' | 'FiatCurrency') => ({ symbol, class: { [kind]: null } });
  const metadata = {
    decimals: 9,
    base_asset_num_received_rates: 3n,
    base_asset_num_queried_sources: 3n,
    quote_asset_num_received_rates: 0n,
    quote_asset_num_queried_sources: 0n,
    standard_deviation: 0n,
    forex_timestamp: []
  };
  const rate = {
    base_asset: asset('BTC', 'Cryptocurrency'),
    quote_asset: asset('USD', 'FiatCurrency'),
    timestamp: at / second,
    rate: price * 10n,
    metadata
  };
  return new Uint8Array(IDL.encode(method?.[1].retTypes ?? [], [{ Ok: rate }]));
}
