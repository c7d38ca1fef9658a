import { join } from 'node:path';
import { IDL } from '@dfinity/candid';
import type { Principal } from '@dfinity/principal';
import { compileMotoko, type LocalIc } from 'local-ic';
import { expect } from 'vitest';
import * as optionsBindings from '../../../src/lib/canisters/options/options.did.js';
import type {
  _SERVICE as Options,
  Deposit,
  ErrorCode,
  OrderRequest,
  Position,
  Settings,
  Tenor
} from '../../../src/lib/canisters/options/options.did.js';
import { ok, wrongFigures, wrongStatement } from './books.ts';
import {
  installExchangeRate,
  installLedger,
  installLegacy,
  minuteNs,
  person,
  secondNs,
  startNs,
  stillNetwork,
  type ExchangeRateStandin,
  type LedgerStandin,
  type LegacyStandin
} from './standins.ts';

export { ok } from './books.ts';

const root = join(import.meta.dirname, '../../..');
export const fee = 10n;
export const minter = person('minter');
export const owner = person('owner');
export const operator = person('operator');
export const alice = person('alice');
export const bob = person('bob');

/** The recorded price of every minute unless a test sets another: 28,000 USD. */
export const priceE8 = 2_800_000_000_000n;
const recordedMinutes = 3_000;

/** A tenor with a constant volatility of 60 % and no band, so that tests can foretell its premiums. */
export const tenorOf = (name: string, schedule: Tenor['schedule']): Tenor => ({
  name,
  schedule,
  volatility: { fixed: { sigma_ppm: 600_000n } },
  band_ppm: 0n,
  strike_grid_e8: 1_000_000_000n,
  enabled: true
});
export const minuteTenor: Tenor = tenorOf('1m', { minutes: 1n });
export const fiveMinutes: Tenor = tenorOf('5m', { minutes: 5n });
const fourHours: Tenor = tenorOf('4h', { minutes: 240n });

type Answer<T> = { ok: T } | { err: { message: string } };

/** An exchange with everything it needs, on a network whose clock only moves when a test says so. */
export interface Exchange {
  readonly ic: LocalIc;
  readonly id: Principal;
  readonly ledger: LedgerStandin;
  readonly exchangeRate: ExchangeRateStandin;
  readonly legacy: LegacyStandin;
  /** Satoshi on the ledger that the books don't know of (yet); tests that cause some say so here. */
  unattributed: bigint;
  /** Acts as `sender` (the controller when omitted); after every update all figures are recomputed and compared. */
  as(sender?: Principal): Options;
  /** The same without the check, for calls that overlap: half way through one of them the ledger and the books may differ. */
  unchecked(sender?: Principal): Options;
  /** Moves the clock, then recomputes everything. */
  advance(ns: bigint): Promise<void>;
  /** Lets time pass with the exchange stopped, as for a long maintenance: its timers don't run. */
  sleep(ns: bigint): Promise<void>;
  /** Moves the clock to a second of the running or, if it is past, the next minute. */
  toSecond(second: bigint): Promise<void>;
  /** Forces the price of a minute, USD x 10^8. */
  setPrice(minuteNs: bigint, e8: bigint): Promise<void>;
  /** Gives sats on the ledger and deposits them. */
  deposit(trader: Principal, sats: bigint): Promise<Deposit>;
  fund(sats: bigint): Promise<Deposit>;
  approve(trader: Principal, sats: bigint): Promise<void>;
  onLedger(who: Principal): Promise<bigint>;
  changeSettings(changes: Partial<Settings>): Promise<void>;
  /** Stops (which waits for open calls), upgrades to the same code, starts. */
  upgrade(): Promise<void>;
  /** Recomputes every figure from the raw lists. */
  checkBooks(): Promise<void>;
  close(): Promise<void>;
}

export interface ExchangeOptions {
  tenors?: Tenor[];
  /** Sats the treasury starts with. */
  treasury?: bigint;
  badlyBehavedLegacy?: boolean;
  withoutLegacy?: boolean;
  /** Another legacy platform than the stand-in. */
  legacy?: (ic: LocalIc) => Promise<Principal>;
  /** Sats that alice and bob have on the ledger. */
  pockets?: bigint;
  /** Another exchange rate canister than the replay. */
  exchangeRate?: (ic: LocalIc) => Promise<Principal>;
}

/** The compiled canister; from the cache after the first time. */
async function optionsWasm(): Promise<Uint8Array> {
  const { wasm } = await compileMotoko({ entry: join(root, 'canisters/options/main.mo'), cacheDir: join(root, '.cache/motoko') });
  return wasm;
}

export async function openExchange(options: ExchangeOptions = {}): Promise<Exchange> {
  const { tenors = [minuteTenor, fiveMinutes, fourHours], treasury = 100_000_000n, badlyBehavedLegacy = false } = options;
  const { pockets = 10_000_000n } = options;
  const ic = await stillNetwork();
  const pocket = (who: Principal, amount: bigint) => ({ to: { owner: who, subaccount: [] as [] }, amount });
  const ledger = await installLedger(ic, {
    minter,
    initial_mints: [pocket(operator, 1_000_000_000n), pocket(alice, pockets), pocket(bob, pockets)]
  });
  const exchangeRate = await installExchangeRate(ic, {
    anchor_minute_ns: startNs - 60n * minuteNs,
    first_recorded_ns: startNs - 60n * minuteNs,
    closes_cents: new Uint32Array(recordedMinutes).fill(Number(priceE8 / 1_000_000n)),
    source: 'a constant price for tests',
    sources: [],
    require_cycles: []
  });
  const prices = options.exchangeRate === undefined ? exchangeRate.id : await options.exchangeRate(ic);
  const id = await ic.createCanister();
  const legacy = await installLegacy(ic, { operators: [operator], options: [id], badly_behaved: badlyBehavedLegacy });
  const platform = options.legacy === undefined ? legacy.id : await options.legacy(ic);
  const init = {
    ledger: ledger.id,
    exchange_rate: prices,
    legacy: options.withoutLegacy === true ? [] : [platform],
    tenors
  };
  const arg = new Uint8Array(IDL.encode(optionsBindings.init({ IDL }), [init]));
  const wasm = await optionsWasm();
  await ic.installCode({ canisterId: id, wasm, arg, mode: 'install' });

  const plain = (sender?: Principal): Options => ic.actor<Options>(optionsBindings.idlFactory, id, sender);
  const people = new Map<string, Principal>([alice, bob].map((who) => [who.toText(), who]));
  const account = (who: Principal) => ({ owner: who, subaccount: [] as [] });
  let requests = 0;

  const exchange: Exchange = {
    ic,
    id,
    ledger,
    exchangeRate,
    legacy,
    unattributed: 0n,
    as(sender) {
      if (sender !== undefined && !sender.isAnonymous()) people.set(sender.toText(), sender);
      return checked(plain(sender), () => exchange.checkBooks());
    },
    unchecked: plain,
    async advance(ns) {
      await ic.advance(ns);
      await exchange.checkBooks();
    },
    async sleep(ns) {
      await ic.stopCanister(id);
      await ic.advance(ns);
      await ic.startCanister(id);
    },
    async toSecond(second) {
      const into = ic.now() % minuteNs;
      const target = second * secondNs;
      await exchange.advance(target > into ? target - into : target + minuteNs - into);
    },
    async setPrice(minute, e8) {
      await exchangeRate.as().set_rate(minute, [e8 * 10n]);
    },
    async deposit(trader, sats) {
      await exchange.approve(trader, sats);
      return ok(await exchange.as(trader).deposit({ request_id: `deposit ${(requests += 1)}`, amount_sats: sats }));
    },
    async fund(sats) {
      await exchange.approve(operator, sats);
      return ok(await exchange.as(operator).fund_treasury({ request_id: `fund ${(requests += 1)}`, amount_sats: sats }));
    },
    async approve(trader, sats) {
      const approval = await ledger.as(trader).icrc2_approve({
        from_subaccount: [],
        spender: account(id),
        amount: sats + fee,
        expected_allowance: [],
        expires_at: [],
        fee: [],
        memo: [],
        created_at_time: []
      });
      if ('Err' in approval) throw new Error(`the approval failed: ${Object.keys(approval.Err).join()}`);
    },
    onLedger: (who) => ledger.as().icrc1_balance_of(account(who)),
    async changeSettings(changes) {
      const { settings } = await plain().get_market();
      ok(await exchange.as(operator).set_settings({ ...settings, ...changes }));
    },
    async upgrade() {
      await ic.stopCanister(id);
      await ic.installCode({ canisterId: id, wasm, arg, mode: 'upgrade', keepMemory: true });
      await ic.startCanister(id);
      await exchange.checkBooks();
    },
    async checkBooks() {
      const wrongNow = async () => {
        // A stopped ledger can't say what it holds; the rest must be right all the same.
        const ledgerSats = await ledger
          .as()
          .icrc1_balance_of(account(id))
          .catch(() => undefined);
        const wrong = await wrongFigures(plain(), ledgerSats, exchange.unattributed);
        for (const who of people.values()) wrong.push(...(await wrongStatement(plain(who), who)));
        return wrong;
      };
      let wrong = await wrongNow();
      // The books are read in many queries, and a round may run between two of them (after an upgrade the timers are due at once). What is really
      // wrong is still wrong when nothing runs any more.
      if (wrong.length > 0) {
        await ic.idle();
        wrong = await wrongNow();
      }
      expect(wrong).toEqual([]);
    },
    close: () => ic.close()
  };
  ok(await plain().grant_role(operator, { operator: null }));
  ok(await plain().grant_role(owner, { owner: null }));
  await ic.advance(secondNs); // the first round: the price, the ledger's fee
  if (treasury > 0n) await exchange.fund(treasury);
  return exchange;
}

const queries = /^(get_|list_|quote$|my_roles$|http_request$|icrc10_)/;

/** The same actor, with `check` run after every update. */
function checked(actor: Options, check: () => Promise<void>): Options {
  return new Proxy(actor, {
    get(target, name, receiver) {
      const method: unknown = Reflect.get(target, name, receiver);
      if (typeof method !== 'function' || typeof name !== 'string' || queries.test(name)) return method;
      return async (...args: unknown[]): Promise<unknown> => {
        const answer: unknown = await method.apply(target, args);
        await check();
        return answer;
      };
    }
  });
}

/** An order for a digital call at the 1-minute tenor, at the money, with a generous maximum premium. */
export function order(id: string, changes: Partial<OrderRequest> = {}): OrderRequest {
  return {
    client_order_id: id,
    instrument: { digital: { direction: { call: null }, payout_sats: 100_000n } },
    tenor: '1m',
    strike: { at: priceE8 },
    max_premium_sats: 60_000n,
    max_payout_sats: [],
    ...changes
  };
}

export const digital = (direction: 'call' | 'put', payoutSats: bigint): OrderRequest['instrument'] => ({
  digital: { direction: direction === 'call' ? { call: null } : { put: null }, payout_sats: payoutSats }
});

/** Kind and code of an answer that must be an error, with a message that says something. */
export function refusal<T>(answer: Answer<T>): { kind: string; code: ErrorCode | undefined } {
  if (!('err' in answer)) throw new Error('expected an error');
  const { kind, code, message } = answer.err as { kind: object; code: [] | [ErrorCode]; message: string };
  expect(message).toMatch(/^[A-Z].{10,}[.?!]?$/su);
  return { kind: Object.keys(kind)[0] ?? '', code: code[0] };
}

/** The name of a position's state. */
export const stateOf = (position: Position): string => Object.keys(position.state)[0] ?? '';
export const reasonOf = (position: Position): string | undefined =>
  'cancelled' in position.state ? Object.keys(position.state.cancelled.reason[0] ?? {})[0] : undefined;
